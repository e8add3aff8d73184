% Aggregates that ProbLog lacks: counts, several in one head, any argument, under a probability.
0.5::s(b, 4).  s(b, 1).  0.4::s(c, 3).
size(G, count<X>) :- s(G, X).
span(min<X>, G, max<X>) :- s(G, X).
0.5::told(G, sum<X>) :- s(G, X).
query(size(_, _)).
query(span(_, b, _)).
query(told(_, _)).

% problog: UnknownClause
% expect: size(b,1) = 0.5
% expect: size(b,2) = 0.5
% expect: size(c,1) = 0.4
% expect: span(1,b,1) = 0.5
% expect: span(1,b,4) = 0.5
% expect: told(b,1) = 0.25
% expect: told(b,5) = 0.25
% expect: told(c,3) = 0.2
