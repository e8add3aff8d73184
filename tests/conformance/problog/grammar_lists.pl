% A probabilistic grammar on lists: which strings over a and b the walker accepts.
:- use_module(library(lists)).
0.4::likes(a).
0.7::likes(b).
sentence([]).
sentence([X|Rest]) :- letter(X), likes(X), sentence(Rest).
letter(a).
letter(b).
palindrome(L) :- reversed(L, [], L).
reversed([], Acc, Acc).
reversed([X|Xs], Acc, R) :- reversed(Xs, [X|Acc], R).
good(L) :- sentence(L), palindrome(L).
query(sentence([])).
query(sentence([a,b,a])).
query(good([a,b,b,a])).
query(good([a,b])).
query(good([b])).

% expect: good([b]) = 0.7
% expect: sentence([a, b, a]) = 0.28
% expect: good([a, b, b, a]) = 0.28
% expect: sentence([]) = 1
% expect: good([a, b]) = 0
