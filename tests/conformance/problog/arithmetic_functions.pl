% Arithmetic functions, one of each kind.
0.5::n(7). 0.5::n(-7).
r(1,Y) :- n(X), Y is X // 2.
r(2,Y) :- n(X), Y is X mod 3.
r(3,Y) :- n(X), Y is abs(X) + sign(X).
r(4,Y) :- n(X), Y is max(X, 0) * min(X, 10).
r(5,Y) :- n(X), Y is X ** 2.
r(6,Y) :- n(X), Y is X / 2.
r(7,Y) :- n(X), Y is truncate(X / 2).
r(8,Y) :- n(X), Y is round(X / 4).
r(9,Y) :- n(X), Y is (X /\ 5) + (X >> 1) + (1 << 3).
r(10,Y) :- n(X), Y is floor(X / 2) + ceiling(X / 2).
r(11,Y) :- n(X), Y is integer(sqrt(16) + exp(0) + log(1) + cos(0)).
r(12,Y) :- n(X), Y is - X.
r(13,Y) :- n(X), Y is X xor 3.
query(r(_,_)).

% expect: r(1,-4) = 0.5
% expect: r(1,3) = 0.5
% expect: r(2,1) = 0.5
% expect: r(2,2) = 0.5
% expect: r(3,6) = 0.5
% expect: r(3,8) = 0.5
% expect: r(4,0) = 0.5
% expect: r(4,49) = 0.5
% expect: r(5,49) = 0.75
% expect: r(6,-3.5) = 0.5
% expect: r(6,3.5) = 0.5
% expect: r(7,-3) = 0.5
% expect: r(7,3) = 0.5
% expect: r(8,-2) = 0.5
% expect: r(8,2) = 0.5
% expect: r(9,5) = 0.5
% expect: r(9,16) = 0.5
% expect: r(10,-7) = 0.5
% expect: r(10,7) = 0.5
% expect: r(11,6) = 0.75
% expect: r(12,-7) = 0.5
% expect: r(12,7) = 0.5
% expect: r(13,-6) = 0.5
% expect: r(13,4) = 0.5
