% append backwards: every way to cut a list in two.
:- use_module(library(lists)).
0.5::keep([a]).
0.4::keep([b,c]).
0.3::keep([a,b]).
0.2::keep([c]).
cut(Front, Back) :- append(Front, Back, [a,b,c]), keep(Front), keep(Back).
some_cut :- cut(_, _).
joined(L) :- keep(X), keep(Y), append(X, Y, L).
query(cut(_, _)).
query(some_cut).
query(joined([a,b,c])).

% expect: cut([a, b],[c]) = 0.06
% expect: some_cut = 0.248
% expect: joined([a, b, c]) = 0.248
% expect: cut([a],[b, c]) = 0.2
