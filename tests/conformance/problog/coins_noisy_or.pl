% A coin with variables in its label's clause: one toss for each coin.
coin(c1).
coin(c2).
coin(c3).
coin(c4).
0.6::lands_heads(C) :- coin(C).
some_heads :- lands_heads(_).
all_heads :- \+some_tails.
some_tails :- coin(C), \+lands_heads(C).
query(some_heads).
query(all_heads).
query(lands_heads(c3)).

% expect: some_heads = 0.9744
% expect: lands_heads(c3) = 0.6
% expect: all_heads = 0.1296
