% once/1 of a goal without variables of its own.
0.3::p(1). 0.4::p(2).
both :- once(p(1)), once(p(2)).
some :- once(p(_)).
query(both). query(some).

% expect: both = 0.12
% expect: some = 0.58
