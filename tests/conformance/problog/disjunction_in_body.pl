% `;` within a conjunction, and nested.
0.2::a.
0.3::b.
0.4::c.
0.5::d.
p :- a, (b ; c).
q :- (a ; b), (c ; d).
r :- (a, b ; c), \+d.
s :- (a ; (b, (c ; d))).
query(p).
query(q).
query(r).
query(s).

% expect: s = 0.368
% expect: q = 0.308
% expect: r = 0.218
% expect: p = 0.116
