% Lists are in the order in which Prolog finds their items.
e(1, 2). e(2, 3). e(1, 4). e(4, 5). e(2, 6).
path(X, Y) :- e(X, Y).
path(X, Y) :- e(X, Z), path(Z, Y).
perm([], []).
perm(L, [X|P]) :- pick(X, L, R), perm(R, P).
pick(X, [X|T], T).
pick(X, [Y|T], [Y|R]) :- pick(X, T, R).
r(1). r(2). r(3).
s(X) :- r(X).
ends(L) :- findall(Y, path(1, Y), L).
orders(L) :- findall(P, perm([a, b, c], P), L).
grid(L) :- findall(X-Y, (r(X), s(Y)), L).
query(ends(_)).
query(orders(_)).
query(grid(_)).

% expect: ends([2,4,3,6,5]) = 1
% expect: grid([1-1,1-2,1-3,2-1,2-2,2-3,3-1,3-2,3-3]) = 1
% expect: orders([[a,b,c],[a,c,b],[b,a,c],[b,c,a],[c,a,b],[c,b,a]]) = 1
