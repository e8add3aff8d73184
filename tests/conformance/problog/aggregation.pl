% Aggregates in heads, in groups.
:- use_module(library(aggregate)).
person(a). person(b). person(c).
salary(a, 10). 0.5::salary(b, 20). 0.4::salary(c, 30).
dept(a, x). dept(b, x). dept(c, y).
total(D, sum<S>) :- dept(P, D), salary(P, S).
mean(D, avg<S>) :- dept(P, D), salary(P, S).
least(min<S>) :- salary(_, S).
most(max<S>) :- salary(_, S).
query(total(_,_)). query(mean(_,_)). query(least(_)). query(most(_)).

% expect: total(x,10) = 0.5
% expect: total(x,30) = 0.5
% expect: total(y,30) = 0.4
% expect: mean(x,10.0) = 0.5
% expect: mean(x,15.0) = 0.5
% expect: mean(y,30.0) = 0.4
% expect: least(10) = 1
% expect: most(10) = 0.3
% expect: most(20) = 0.3
% expect: most(30) = 0.4
