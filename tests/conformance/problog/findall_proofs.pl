% A list holds one item for each proof that holds, in the order of the rules.
0.5::a.  0.4::b.
p(1) :- a.
p(1) :- b.
p(2).
items(L) :- findall(X, p(X), L).
query(items(_)).

% expect: items([1,1,2]) = 0.2
% expect: items([1,2]) = 0.5
% expect: items([2]) = 0.3
