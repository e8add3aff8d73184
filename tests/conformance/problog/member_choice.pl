% Choosing from a list, and from what is left of it.
:- use_module(library(lists)).
0.5::pick(X) :- member(X, [red, green, blue]).
pair(X, Y) :- pick(X), pick(Y), member(X-Y, [red-green, green-blue]).
nothing :- \+something.
something :- pick(_).
query(pick(red)).
query(pair(_, _)).
query(nothing).

% expect: pair(green,blue) = 0.25
% expect: pair(red,green) = 0.25
% expect: pick(red) = 0.5
% expect: nothing = 0.125
