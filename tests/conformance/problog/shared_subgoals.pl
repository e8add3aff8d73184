% Many proofs that share their facts: inclusion and exclusion would count them twice.
0.5::x1.
0.5::x2.
0.5::x3.
0.5::x4.
m :- x1, x2.
m :- x2, x3.
m :- x3, x4.
m :- x4, x1.
n :- m, \+x1.
o :- m, n.
query(m).
query(n).
query(o).

% expect: m = 0.5625
% expect: n = 0.1875
% expect: o = 0.1875
