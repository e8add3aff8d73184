% Lambdas, with parameters and with what they share with the clause.
% problog: UnknownClause
:- use_module(library(lists)).
:- use_module(library(apply)).
0.3::ok(1). 0.4::ok(2).
each :- maplist([X]>>ok(X), [1,2]).
doubled(L) :- maplist([X,Y]>>(Y is 2*X), [1,2,3], L).
shifted(N,L) :- member(N,[1]), maplist([X,Y]>>(Y is N+X), [1,2], L).
query(each). query(doubled(_)). query(shifted(_,_)).

% expect: each = 0.12
% expect: doubled([2,4,6]) = 1
% expect: shifted(1,[2,3]) = 1
