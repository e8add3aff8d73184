% use_module/1 and use_module/2.
:- use_module(library(lists)).
:- use_module(library(apply), [maplist/3]).
0.5::p.
q(X) :- p, member(X, [a,b]).
query(q(_)).

% expect: q(a) = 0.5
% expect: q(b) = 0.5
