% The ways of writing negation, of goals, conjunctions and negations.
0.3::a. 0.4::b.
n1 :- \+a.
n2 :- not a.
n3 :- not(a).
n4 :- \+ (a, b).
n5 :- \+ (a ; b).
n6 :- \+ \+ a.
n7 :- \+a, \+b.
query(n1). query(n2). query(n3). query(n4). query(n5). query(n6). query(n7).

% expect: n1 = 0.7
% expect: n2 = 0.7
% expect: n3 = 0.7
% expect: n4 = 0.88
% expect: n5 = 0.42
% expect: n6 = 0.3
% expect: n7 = 0.42
