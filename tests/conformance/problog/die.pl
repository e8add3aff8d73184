% One die as an annotated disjunction, and events of its result.
1/6::die(1); 1/6::die(2); 1/6::die(3); 1/6::die(4); 1/6::die(5); 1/6::die(6).
even :- die(X), 0 is X mod 2.
prime :- die(X), member(X, [2,3,5]).
large :- die(X), X > 4.
:- use_module(library(lists)).
query(die(1)).
query(even).
query(prime).
query(large).

% expect: die(1) = 0.166666666667
% expect: prime = 0.5
% expect: large = 0.333333333333
% expect: even = 0.5
