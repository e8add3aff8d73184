% One list for each binding of the goal's other variables; none where there is no solution.
0.5::s(b, 4).  s(b, 1).  0.4::s(c, 3).  s(c, 3).
each(G, L) :- bagof(X, s(G, X), L).
sorted(G, L) :- setof(X, s(G, X), L).
every(L) :- setof(G-X, s(G, X), L).
any(L) :- bagof(X, G^s(G, X), L).
high(G, L) :- setof(X, (s(G, X), X > 3), L).
query(each(_, _)).
query(sorted(_, _)).
query(every(_)).
query(any(_)).
query(high(_, _)).

% problog: UnknownClause
% expect: each(b,[4,1]) = 0.5
% expect: each(b,[1]) = 0.5
% expect: each(c,[3,3]) = 0.4
% expect: each(c,[3]) = 0.6
% expect: sorted(b,[1,4]) = 0.5
% expect: sorted(b,[1]) = 0.5
% expect: sorted(c,[3]) = 1
% expect: every([b-1,b-4,c-3]) = 0.5
% expect: every([b-1,c-3]) = 0.5
% expect: any([4,1,3,3]) = 0.2
% expect: any([4,1,3]) = 0.3
% expect: any([1,3,3]) = 0.2
% expect: any([1,3]) = 0.3
% expect: high(b,[4]) = 0.5
