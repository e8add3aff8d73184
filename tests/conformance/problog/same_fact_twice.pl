% Two probabilistic facts for one atom are two choices.
0.3::a.
0.4::a.
0.5::b; 0.2::b.
c :- a, b.
query(a).
query(b).
query(c).

% expect: a = 0.58
% expect: b = 0.7
% expect: c = 0.406
