% What is bound before the list is made restricts it; what is bound afterwards does not.
0.5::p(1, a).  0.4::p(2, b).  p(3, b).
before(G, L) :- G = b, findall(X, p(X, G), L).
after(L) :- findall(X, p(X, G), L), G = b.
inside(X, L) :- X = 1, findall(X, p(X, _), L).
first :- findall(X, p(X, _), [1|_]).
query(before(_, _)).
query(after(_)).
query(inside(_, _)).
query(first).

% expect: after([1,2,3]) = 0.2
% expect: after([1,3]) = 0.3
% expect: after([2,3]) = 0.2
% expect: after([3]) = 0.3
% expect: before(b,[2,3]) = 0.4
% expect: before(b,[3]) = 0.6
% expect: first = 0.5
% expect: inside(1,[1]) = 0.5
% expect: inside(1,[]) = 0.5
