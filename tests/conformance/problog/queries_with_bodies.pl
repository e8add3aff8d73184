% What is asked and what was seen may have bodies.
:- use_module(library(lists)).
0.3::p(1). 0.4::p(2). 0.5::p(3).
q :- p(1) ; p(2).
query(p(X)) :- member(X, [1,3]).
query(q).
evidence(p(X), true) :- X = 2.

% expect: p(1) = 0.3
% expect: p(3) = 0.5
% expect: q = 1
