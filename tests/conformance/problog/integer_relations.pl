% between/3, succ/2 and plus/3 in their modes.
0.5::on(1). 0.4::on(2). 0.3::on(3).
some(X) :- between(2, 5, X), on(X).
inside :- on(2), between(1, 3, 2).
next(Y) :- on(X), succ(X, Y).
before(X) :- on(Y), succ(X, Y).
sum(Z) :- on(X), plus(X, 2, Z).
rest(X) :- on(Z), plus(X, 1, Z).
query(some(_)). query(inside). query(next(_)). query(before(_)). query(sum(_)). query(rest(_)).

% expect: some(2) = 0.4
% expect: some(3) = 0.3
% expect: inside = 0.4
% expect: next(2) = 0.5
% expect: next(3) = 0.4
% expect: next(4) = 0.3
% expect: before(0) = 0.5
% expect: before(1) = 0.4
% expect: before(2) = 0.3
% expect: sum(3) = 0.5
% expect: sum(4) = 0.4
% expect: sum(5) = 0.3
% expect: rest(0) = 0.5
% expect: rest(1) = 0.4
% expect: rest(2) = 0.3
