% A 3x3 grid of open cells; water comes down from the top row.
0.6::open(X, Y) :- between(1, 3, X), between(1, 3, Y).
wet(X, 1) :- open(X, 1).
wet(X, Y) :- open(X, Y), neighbour(X, Y, A, B), wet(A, B).
neighbour(X, Y, X, B) :- Y > 1, B is Y-1.
neighbour(X, Y, A, Y) :- X > 1, A is X-1.
neighbour(X, Y, A, Y) :- X < 3, A is X+1.
percolates :- between(1, 3, X), wet(X, 3).
query(percolates).
query(wet(2, 3)).

% expect: percolates = 0.581147136
% expect: wet(2,3) = 0.39350016
