% A network of links, conditioned on one route that works and one that does not.
0.9::link(a,b).
0.7::link(b,c).
0.4::link(a,c).
0.6::link(c,d).
0.2::link(b,d).
0.5::link(d,b).
path(X,Y) :- link(X,Y).
path(X,Y) :- link(X,Z), path(Z,Y).
evidence(path(a,d)).
evidence(path(b,d), false).
query(link(a,b)).
query(link(a,c)).
query(path(d,c)).
query(path(a,c)).

% expect: link(a,b) = 0.9
% expect: link(a,c) = 1
% expect: path(a,c) = 1
% expect: path(d,c) = 0
