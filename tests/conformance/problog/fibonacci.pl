% Tabling makes the double recursion linear; the result is a number.
fib(0, 0).
fib(1, 1).
fib(N, F) :- N > 1, A is N-1, B is N-2, fib(A, X), fib(B, Y), F is X+Y.
0.5::n(15).
0.3::n(20).
value(F) :- n(N), fib(N, F).
query(value(_)).

% expect: value(610) = 0.5
% expect: value(6765) = 0.3
