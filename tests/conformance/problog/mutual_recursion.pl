% Two predicates that need each other, with two ways in.
0.4::seed_a.
0.3::seed_b.
0.5::bridge.
a(0) :- seed_a.
b(0) :- seed_b.
a(1) :- b(1), bridge.
b(1) :- a(1).
a(1) :- a(0).
b(1) :- b(0).
query(a(1)).
query(b(1)).

% expect: a(1) = 0.49
% expect: b(1) = 0.58
