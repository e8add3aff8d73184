% select_uniform/4 and select_weighted/5: one item of a list, by chance.
:- use_module(library(lists)).
pick(X) :- select_uniform(1, [a,b,c,d], X, _).
weigh(X,R) :- select_weighted(2, [0.2,0.3,0.5], [x,y,z], X, R).
again :- select_uniform(1, [a,b,c,d], a, _), select_uniform(3, [a,b], a, _).
query(pick(_)). query(weigh(_,_)). query(again).

% expect: pick(a) = 0.25
% expect: pick(b) = 0.25
% expect: pick(c) = 0.25
% expect: pick(d) = 0.25
% expect: weigh(x,[y,z]) = 0.2
% expect: weigh(y,[x,z]) = 0.3
% expect: weigh(z,[x,y]) = 0.5
% expect: again = 0.125
