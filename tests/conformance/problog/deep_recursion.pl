% A count of a thousand steps, with a choice at the bottom and one on the way.
0.5::bottom.
0.9::gate.
count(0) :- bottom.
count(N) :- N > 0, M is N-1, pass(N), count(M).
pass(N) :- N =\= 500.
pass(500) :- gate.
query(count(1000)).
query(count(499)).

% expect: count(499) = 0.5
% expect: count(1000) = 0.45
