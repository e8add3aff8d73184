% A body variable that is not in the head still makes a choice of its own.
e(1, a).
e(1, b).
e(1, c).
e(2, a).
0.5::h(X) :- e(X, _).
0.5::k(X) :- e(X, Y), member(Y, [a, b]).
:- use_module(library(lists)).
query(h(1)).
query(h(2)).
query(k(1)).

% expect: k(1) = 0.75
% expect: h(1) = 0.875
% expect: h(2) = 0.5
