% A list may depend on a negation, and a negation on a list.
0.4::a.  0.5::b.
p(1) :- \+ a.
p(2) :- b.
one :- findall(X, p(X), [_]).
q :- \+ one.
r(L) :- findall(x, q, L).
query(q).
query(r(_)).

% expect: q = 0.5
% expect: r([]) = 0.5
% expect: r([x]) = 0.5
