% Negation upon negation, stratified.
0.4::a.
b :- \+a.
c :- \+b.
0.5::d :- \+c.
e :- \+d, \+c.
f :- \+e ; d.
query(b).
query(c).
query(d).
query(e).
query(f).

% expect: c = 0.4
% expect: f = 0.7
% expect: b = 0.6
% expect: e = 0.3
% expect: d = 0.3
