% A list inside a list, and a list under a condition on another.
0.3::p(1).  0.4::p(2).
0.4::q(1).
all_of(L) :- findall(X, p(X), L).
nested(L) :- findall(X-M, (p(X), all_of(M)), L).
guarded(L) :- findall(X, (p(X), findall(Y, q(Y), [1])), L).
below(X, L) :- p(X), findall(Y, (p(Y), Y < X), L).
query(nested(_)).
query(guarded(_)).
query(below(_, _)).

% expect: below(1,[]) = 0.3
% expect: below(2,[1]) = 0.12
% expect: below(2,[]) = 0.28
% expect: guarded([1,2]) = 0.048
% expect: guarded([1]) = 0.072
% expect: guarded([2]) = 0.112
% expect: guarded([]) = 0.768
% expect: nested([1-[1,2],1-[1],2-[1,2],2-[2]]) = 0
% expect: nested([1-[1,2],1-[1],2-[1,2]]) = 0
% expect: nested([1-[1,2],1-[1],2-[2]]) = 0
% expect: nested([1-[1,2],1-[1]]) = 0
% expect: nested([1-[1,2],2-[1,2],2-[2]]) = 0
% expect: nested([1-[1,2],2-[1,2]]) = 0.12
% expect: nested([1-[1,2],2-[2]]) = 0
% expect: nested([1-[1,2]]) = 0
% expect: nested([1-[1],2-[1,2],2-[2]]) = 0
% expect: nested([1-[1],2-[1,2]]) = 0
% expect: nested([1-[1],2-[2]]) = 0
% expect: nested([1-[1]]) = 0.18
% expect: nested([2-[1,2],2-[2]]) = 0
% expect: nested([2-[1,2]]) = 0
% expect: nested([2-[2]]) = 0.28
% expect: nested([]) = 0.42
