% What the first die shows, given the total and that it is not a double.
0.1::face(D,1); 0.1::face(D,2); 0.1::face(D,3); 0.1::face(D,4); 0.1::face(D,5); 0.5::face(D,6) :- die(D).
die(a).
die(b).
total(S) :- face(a,X), face(b,Y), S is X+Y.
double :- face(a,X), face(b,X).
evidence(total(8)).
evidence(double, false).
query(face(a,2)).
query(face(a,4)).
query(face(a,6)).

% expect: face(a,6) = 0.416666666667
% expect: face(a,4) = 0
% expect: face(a,2) = 0.416666666667
