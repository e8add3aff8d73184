% subquery/2: the probability of a goal as a number; /3: given evidence.
0.3::a. 0.4::b. c :- a ; b. d :- a, b.
p(P) :- subquery(c, P).
q :- subquery(a, P, [c]), P > 0.5, P < 0.52.
likely :- subquery(c, P), P > 0.5.
P::again :- subquery(d, P).
query(p(_)). query(q). query(likely). query(again).

% expect: p(0.58) = 1
% expect: q = 1
% expect: likely = 1
% expect: again = 0.12
