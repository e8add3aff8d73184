% Undirected edges: every edge is a cycle of length two.
0.8::link(a,b).
0.5::link(b,c).
0.6::link(c,d).
0.3::link(a,d).
0.4::link(b,d).
connected(X,Y) :- link(X,Y).
connected(X,Y) :- link(Y,X).
path(X,Y) :- connected(X,Y).
path(X,Y) :- connected(X,Z), path(Z,Y).
query(path(a,c)).
query(path(d,a)).

% expect: path(d,a) = 0.6248
% expect: path(a,c) = 0.58
