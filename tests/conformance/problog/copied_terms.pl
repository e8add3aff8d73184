% copy_term/2: a copy with variables of its own.
% problog: UnknownClause
0.5::t(f(a,b)).
copied(X) :- t(f(A,_)), copy_term(p(A,B,B), p(X,Y,z)), Y == z.
query(copied(_)).

% expect: copied(a) = 0.5
