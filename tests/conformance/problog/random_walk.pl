% A walk of four steps on a line with a wall, by arithmetic on the position.
0.5::step(T, left); 0.3::step(T, right); 0.2::step(T, stay) :- between(1, 4, T).
position(0, 0).
position(T, X) :- T > 0, S is T-1, position(S, Y), step(T, D), move(Y, D, X).
move(Y, left, X) :- X is max(Y-1, -2).
move(Y, right, X) :- X is Y+1.
move(Y, stay, Y).
query(position(4, _)).

% expect: position(4,3) = 0.0216
% expect: position(4,2) = 0.0756
% expect: position(4,4) = 0.0081
% expect: position(4,1) = 0.1176
% expect: position(4,0) = 0.2086
% expect: position(4,-1) = 0.2335
% expect: position(4,-2) = 0.335
