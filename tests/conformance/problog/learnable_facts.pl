% Probabilities to learn count with their first values.
% problog: ArithmeticError
:- use_module(library(lists)).
t(0.3)::a.
t(0.2)::b(X) :- member(X, [1,2]).
t(0.6)::c; t(0.4)::d.
query(a). query(b(_)). query(c). query(d).

% expect: a = 0.3
% expect: b(1) = 0.2
% expect: b(2) = 0.2
% expect: c = 0.6
% expect: d = 0.4
