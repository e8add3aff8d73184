% Probabilistic facts and rules that hold for every argument they are asked with.
:- use_module(library(lists)).
0.3::lucky(X).
0.5::pair(X, Y); 0.2::odd(X, Y).
0.4::knows(X, X).
wins(X) :- member(X, [ann, bob]), lucky(X).
any :- wins(_).
both :- lucky(ann), lucky(bob).
one :- lucky(ann), lucky(ann).
query(wins(_)). query(any). query(both). query(one).
query(pair(a,b)). query(odd(a,b)). query(knows(c,c)).

% expect: wins(ann) = 0.3
% expect: wins(bob) = 0.3
% expect: any = 0.51
% expect: both = 0.09
% expect: one = 0.3
% expect: pair(a,b) = 0.5
% expect: odd(a,b) = 0.2
% expect: knows(c,c) = 0.4
