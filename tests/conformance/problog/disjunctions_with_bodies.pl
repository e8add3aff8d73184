% Annotated disjunctions whose bodies hold in several ways, with variables of the head and of the body.
0.5::sunny; 0.3::rainy :- day.
0.8::day.
item(a, 0.2). item(b, 0.5).
P::pick(X); 0.1::drop(X) :- item(X, P), day.
0.3::colour(X, red); 0.7::colour(X, blue) :- item(X, _).
match :- colour(a, C), colour(b, C).
query(sunny). query(rainy). query(pick(_)). query(drop(_)). query(match).

% expect: sunny = 0.4
% expect: rainy = 0.24
% expect: pick(a) = 0.16
% expect: pick(b) = 0.4
% expect: drop(a) = 0.08
% expect: drop(b) = 0.08
% expect: match = 0.58
