% library(string): joining atoms and cutting them.
:- use_module(library(string)).
0.5::w(abc).
joined(X) :- w(abc), concat([a,b,c], X).
with(X) :- w(abc), join('-', [a,b,c], X).
letters(L) :- w(X), str2lst(X, L).
query(joined(_)). query(with(_)). query(letters(_)).

% expect: joined(abc) = 0.5
% expect: with('a-b-c') = 0.5
% expect: letters([a,b,c]) = 0.5
