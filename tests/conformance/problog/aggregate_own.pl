% An aggregate of the program's own: a predicate of the list of values.
:- use_module(library(aggregate)).
0.2::p(2, a).  0.3::p(3, a).  0.5::p(2, b).  0.5::s.
product([], 1).
product([X|T], P) :- product(T, Q), P is Q * X.
t(G, product<X>) :- p(X, G), s.
query(t(_, _)).
evidence(s).

% expect: t(a,2) = 0.14
% expect: t(a,3) = 0.24
% expect: t(a,6) = 0.06
% expect: t(b,2) = 0.5
