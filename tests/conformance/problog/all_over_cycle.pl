% Solutions of recursive rules, each once, over a cyclic graph.
0.5::e(a, b).  0.5::e(b, c).  0.4::e(c, a).  0.3::e(a, c).
path(X, Y) :- e(X, Y).
path(X, Y) :- e(X, Z), path(Z, Y).
reached(N) :- all_or_none(Y, path(a, Y), L), length(L, N).
query(reached(_)).

% expect: reached(0) = 0.35
% expect: reached(1) = 0.265
% expect: reached(2) = 0.255
% expect: reached(3) = 0.13
