% Not reachable: negation on top of positive recursion.
0.5::edge(1,2).
0.5::edge(2,1).
0.5::edge(2,3).
0.5::edge(3,1).
node(1).
node(2).
node(3).
path(X,Y) :- edge(X,Y).
path(X,Y) :- edge(X,Z), path(Z,Y).
cut_off(X) :- node(X), X =\= 1, \+path(1,X).
none_cut_off :- \+some_cut_off.
some_cut_off :- cut_off(_).
query(cut_off(_)).
query(none_cut_off).

% expect: cut_off(3) = 0.75
% expect: cut_off(2) = 0.5
% expect: none_cut_off = 0.25
