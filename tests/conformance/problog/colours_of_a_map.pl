% Neighbours that clash, with the colouring as evidence against itself.
0.4::colour(R, red); 0.35::colour(R, green); 0.25::colour(R, blue) :- region(R).
region(north).
region(south).
region(east).
touches(north, south).
touches(south, east).
clash :- touches(A, B), colour(A, C), colour(B, C).
evidence(clash, false).
query(colour(north, _)).
query(colour(south, red)).

% expect: colour(north,blue) = 0.270231213873
% expect: colour(north,green) = 0.345953757225
% expect: colour(north,red) = 0.383815028902
% expect: colour(south,red) = 0.332947976879
