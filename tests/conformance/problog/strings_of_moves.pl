% Lists built in the head, and their parts taken back.
0.5::step(a, b).
0.6::step(b, c).
0.7::step(a, c).
route(X, X, [X]).
route(X, Z, [X|R]) :- step(X, Y), route(Y, Z, R).
length2([_,_]).
direct :- route(a, c, R), length2(R).
query(route(a, c, _)).
query(direct).

% expect: route(a,c,[a, b, c]) = 0.3
% expect: route(a,c,[a, c]) = 0.7
% expect: direct = 0.7
