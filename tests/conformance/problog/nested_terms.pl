% Terms within terms, as data and as arguments.
0.2::at(point(1,2)).
0.5::at(point(3,4)).
0.7::colour(shape(circle, point(1,2)), red).
0.4::colour(shape(square, point(3,4)), blue).
seen(S, C) :- at(P), colour(shape(S, P), C).
coordinate(X) :- at(point(X, _)).
successor(s(s(zero))).
0.9::count(s(N)) :- count(N), depth(N).
count(zero).
depth(zero).
depth(s(zero)).
query(seen(_, _)).
query(coordinate(_)).
query(count(s(s(zero)))).
query(successor(s(s(zero)))).

% expect: count(s(s(zero))) = 0.81
% expect: coordinate(3) = 0.5
% expect: seen(square,blue) = 0.2
% expect: coordinate(1) = 0.2
% expect: seen(circle,red) = 0.14
% expect: successor(s(s(zero))) = 1
