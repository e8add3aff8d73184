% Items chosen at random: equal calls choose the same, another name chooses anew.
:- use_module(library(lists)).
one(X, R) :- select_weighted(k, [1, 2, 1], [a, b, c], X, R).
two(X, Y) :- select_uniform(k, [a, b, c], X, R), select_uniform(k, R, Y, _).
again(X) :- select_uniform(i, [a, b], X, _), select_uniform(i, [a, b], X, _).
apart(X) :- select_uniform(i, [a, b], X, _), select_uniform(j, [a, b], X, _).
half(X) :- sample_uniform1(s, [a, b, a, c], X).
pairs(X) :- select_weighted(k, [(1, a), (2, b)], X, _).
query(one(_, _)).
query(two(_, _)).
query(again(_)).
query(apart(_)).
query(half(_)).
query(pairs(_)).

% expect: again(a) = 0.5
% expect: again(b) = 0.5
% expect: apart(a) = 0.25
% expect: apart(b) = 0.25
% expect: half(a) = 0.5
% expect: half(b) = 0.25
% expect: half(c) = 0.25
% expect: one(a,[b,c]) = 0.25
% expect: one(b,[a,c]) = 0.5
% expect: one(c,[a,b]) = 0.25
% expect: pairs(a) = 0.333333333333
% expect: pairs(b) = 0.666666666667
% expect: two(a,b) = 0.166666666667
% expect: two(a,c) = 0.166666666667
% expect: two(b,a) = 0.166666666667
% expect: two(b,c) = 0.166666666667
% expect: two(c,a) = 0.166666666667
% expect: two(c,b) = 0.166666666667
