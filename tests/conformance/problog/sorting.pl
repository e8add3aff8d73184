% msort/2 keeps duplicates, sort/2 does not.
% problog: UnknownClause
0.5::l([c,a,b,a]). 0.4::l([]). 0.3::l([2,1,f(x),z]).
ordered(M) :- l(L), msort(L, M).
unique(M) :- l(L), sort(L, M).
query(ordered(_)). query(unique(_)).

% expect: ordered([]) = 0.4
% expect: ordered([1,2,z,f(x)]) = 0.3
% expect: ordered([a,a,b,c]) = 0.5
% expect: unique([]) = 0.4
% expect: unique([1,2,z,f(x)]) = 0.3
% expect: unique([a,b,c]) = 0.5
