% Atoms, their characters and their numbers.
% problog: UnknownClause
0.5::w(abc). 0.4::w(12).
len(N) :- w(X), atom(X), atom_length(X, N).
num(N) :- w(X), atom(X), atom_number('42', N).
joined(C) :- w(abc), atomic_list_concat([a,b,1], C).
codes(L) :- w(abc), atom_codes(ab, L).
query(len(_)). query(num(_)). query(joined(_)). query(codes(_)).

% expect: len(3) = 0.5
% expect: num(42) = 0.5
% expect: joined(ab1) = 0.5
% expect: codes([97,98]) = 0.5
