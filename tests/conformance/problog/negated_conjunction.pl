% A negated goal with brackets.
0.3::a.
0.4::b.
0.5::c.
p :- \+(a, b).
q :- \+(a ; b), c.
r :- c, \+(a, \+b).
query(p).
query(q).
query(r).

% expect: p = 0.88
% expect: q = 0.21
% expect: r = 0.41
