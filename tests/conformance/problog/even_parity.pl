% Parity of six coins, by recursion with negation below.
0.1::bit(1).
0.2::bit(2).
0.3::bit(3).
0.4::bit(4).
0.45::bit(5).
0.6::bit(6).
odd(0) :- fail.
odd(N) :- N > 0, bit(N), M is N-1, \+odd(M).
odd(N) :- N > 0, \+bit(N), M is N-1, odd(M).
query(odd(6)).
query(odd(3)).

% expect: odd(6) = 0.500384
% expect: odd(3) = 0.404
