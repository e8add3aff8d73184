% Lists condition, and are conditioned.
0.3::p(1).  0.4::p(2).  0.5::p(3).
size(N) :- findall(X, p(X), L), length(L, N).
sum([], 0).
sum([X|T], S) :- sum(T, U), S is X + U.
total(S) :- findall(X, p(X), L), sum(L, S).
evidence(size(2)).
query(total(_)).
query(p(1)).

% expect: p(1) = 0.51724137931
% expect: total(0) = 0
% expect: total(1) = 0
% expect: total(2) = 0
% expect: total(3) = 0.206896551724
% expect: total(4) = 0.310344827586
% expect: total(5) = 0.48275862069
% expect: total(6) = 0
