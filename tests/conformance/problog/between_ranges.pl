% between/3 gives every number, and tests one.
0.1::hit(N) :- between(1, 5, N).
some_hit :- between(2, 4, N), hit(N).
inside :- hit(N), between(3, 3, N).
empty :- between(5, 1, _).
query(some_hit).
query(inside).
query(empty).
query(hit(5)).

% expect: some_hit = 0.271
% expect: inside = 0.1
% expect: hit(5) = 0.1
% expect: empty = 0
