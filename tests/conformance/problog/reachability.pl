% Directed probabilistic graph; left-hand recursion on a graph with cycles.
0.6::edge(1,2).
0.1::edge(1,3).
0.4::edge(2,5).
0.3::edge(2,6).
0.3::edge(3,4).
0.8::edge(4,5).
0.2::edge(5,6).
0.7::edge(6,2).
0.5::edge(5,3).
path(X,Y) :- edge(X,Y).
path(X,Y) :- path(X,Z), edge(Z,Y).
query(path(1,5)).
query(path(1,6)).
query(path(5,4)).
query(path(6,1)).

% expect: path(5,4) = 0.15
% expect: path(1,6) = 0.2167296
% expect: path(1,5) = 0.25824
% expect: path(6,1) = 0
