% A negative head takes away: the atom holds if some clause gives it and none takes it away.
0.5::a. 0.5::b.
flies(X) :- bird(X).
\+flies(X) :- penguin(X).
bird(tweety). bird(tux).
0.9::penguin(tux). 0.1::penguin(tweety).
0.6::d :- a.
0.3::\+d :- b.
query(flies(_)).
query(d).

% expect: flies(tux) = 0.1
% expect: flies(tweety) = 0.9
% expect: d = 0.255
