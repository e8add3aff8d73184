% If-then-else over uncertain conditions, nested and without an else.
% problog: UnknownClause
0.3::a. 0.4::b. 0.5::c.
r1 :- (a -> b ; c).
r2 :- (a -> b).
r3 :- (a -> b ; b -> c ; a).
r4(X) :- (a -> X = yes ; X = no).
r5 :- (\+a -> (b ; c) ; fail).
n(1). n(2).
r6(X) :- n(X), (X > 1 -> a ; b).
query(r1). query(r2). query(r3). query(r4(_)). query(r5). query(r6(_)).

% expect: r1 = 0.47
% expect: r2 = 0.12
% expect: r3 = 0.26
% expect: r4(no) = 0.7
% expect: r4(yes) = 0.3
% expect: r5 = 0.49
% expect: r6(1) = 0.4
% expect: r6(2) = 0.3
