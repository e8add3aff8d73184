% The sum of two dice; every pair of faces is a value of its own.
1/6::face(D,1); 1/6::face(D,2); 1/6::face(D,3); 1/6::face(D,4); 1/6::face(D,5); 1/6::face(D,6) :- die(D).
die(a).
die(b).
total(S) :- face(a,X), face(b,Y), S is X+Y.
double :- face(a,X), face(b,X).
query(total(_)).
query(double).

% expect: total(12) = 0.0277777777778
% expect: double = 0.166666666667
% expect: total(11) = 0.0555555555556
% expect: total(10) = 0.0833333333333
% expect: total(9) = 0.111111111111
% expect: total(8) = 0.138888888889
% expect: total(7) = 0.166666666667
% expect: total(6) = 0.138888888889
% expect: total(5) = 0.111111111111
% expect: total(4) = 0.0833333333333
% expect: total(3) = 0.0555555555556
% expect: total(2) = 0.0277777777778
