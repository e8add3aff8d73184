% Aggregates in heads: one answer for each group that has a solution.
:- use_module(library(aggregate)).
person(a). person(b). person(c).
salary(a, 100).  0.5::salary(b, 200).  salary(c, 100).
dept(a, x).  dept(b, x).  0.3::dept(c, x).  0.7::dept(c, y).
total(D, sum<S>) :- person(X), salary(X, S), dept(X, D).
mean(D, avg<S>) :- person(X), salary(X, S), dept(X, D).
least(D, min<S>) :- person(X), salary(X, S), dept(X, D).
most(max<S>) :- person(X), salary(X, S).
query(total(_, _)).
query(mean(_, _)).
query(least(x, _)).
query(most(_)).

% expect: least(x,100) = 1
% expect: mean(x,100.0) = 0.5
% expect: mean(x,133.33333333333334) = 0.15
% expect: mean(x,150.0) = 0.35
% expect: mean(y,100.0) = 0.7
% expect: most(100) = 0.5
% expect: most(200) = 0.5
% expect: total(x,100) = 0.35
% expect: total(x,200) = 0.15
% expect: total(x,300) = 0.35
% expect: total(x,400) = 0.15
% expect: total(y,100) = 0.7
