% Numbers compare as numbers: 9 is less than 10.
0.3::roll(9).
0.6::roll(10).
0.5::roll(100).
small(X) :- roll(X), X < 10.
between_ten_and_hundred(X) :- roll(X), X >= 10, X =< 99.
same(X, Y) :- roll(X), roll(Y), X =:= Y.
product(P) :- roll(X), roll(Y), X < Y, P is X * Y - 1.
half(H) :- roll(X), X > 9, H is X // 2.
rest(M) :- roll(X), M is X mod 7.
query(small(_)).
query(between_ten_and_hundred(_)).
query(same(9, 9)).
query(product(_)).
query(half(_)).
query(rest(_)).

% expect: between_ten_and_hundred(10) = 0.6
% expect: half(5) = 0.6
% expect: rest(3) = 0.6
% expect: half(50) = 0.5
% expect: rest(2) = 0.65
% expect: product(999) = 0.3
% expect: small(9) = 0.3
% expect: same(9,9) = 0.3
% expect: product(899) = 0.15
% expect: product(89) = 0.18
