% Aggregates of the solutions of a goal, each solution once.
0.5::s(b, 4).  s(b, 1).  0.4::s(c, 3).
how_many(N) :- aggregate_all(count, s(_, _), N).
groups(N) :- aggregate_all(count, G, s(G, _), N).
total(S) :- aggregate_all(sum(X), s(_, X), S).
best(W) :- aggregate_all(max(X, G), s(G, X), W).
mean(M) :- aggregate_all(avg(X), s(_, X), M).
keys(K) :- aggregate_all(set(G), s(G, _), K).
least(M) :- aggregate_all(min(X), (s(_, X), X > 1), M).
query(how_many(_)).
query(groups(_)).
query(total(_)).
query(best(_)).
query(mean(_)).
query(keys(_)).
query(least(_)).

% problog: UnknownClause
% expect: how_many(1) = 0.3
% expect: how_many(2) = 0.5
% expect: how_many(3) = 0.2
% expect: groups(1) = 0.6
% expect: groups(2) = 0.4
% expect: total(1) = 0.3
% expect: total(4) = 0.2
% expect: total(5) = 0.3
% expect: total(8) = 0.2
% expect: best(max(4,b)) = 0.5
% expect: best(max(3,c)) = 0.2
% expect: best(max(1,b)) = 0.3
% expect: mean(1.0) = 0.3
% expect: mean(2.0) = 0.2
% expect: mean(2.5) = 0.3
% expect: mean(2.6666666666666665) = 0.2
% expect: keys([b]) = 0.6
% expect: keys([b,c]) = 0.4
% expect: least(4) = 0.3
% expect: least(3) = 0.4
