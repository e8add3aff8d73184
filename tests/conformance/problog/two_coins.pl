% A biased and a fair coin.
0.5::heads(1).
0.6::heads(2).
both :- heads(1), heads(2).
some :- heads(1) ; heads(2).
one :- heads(1), \+heads(2).
one :- \+heads(1), heads(2).
query(both).
query(some).
query(one).

% expect: some = 0.8
% expect: one = 0.5
% expect: both = 0.3
