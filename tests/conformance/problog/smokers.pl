% Friends make each other smoke: a cycle through friendship in both directions.
0.3::stress(X) :- person(X).
0.2::influences(X,Y) :- person(X), person(Y).
smokes(X) :- stress(X).
smokes(X) :- friend(X,Y), influences(Y,X), smokes(Y).
0.4::asthma(X) :- smokes(X).
person(angelika).
person(joris).
person(jonas).
person(dimitar).
friend(joris,jonas).
friend(joris,angelika).
friend(joris,dimitar).
friend(angelika,jonas).
friend(jonas,angelika).
evidence(smokes(dimitar), true).
evidence(influences(angelika,joris), false).
query(smokes(_)).
query(asthma(joris)).

% expect: smokes(jonas) = 0.342
% expect: smokes(angelika) = 0.342
% expect: smokes(dimitar) = 1
% expect: smokes(joris) = 0.478304
% expect: asthma(joris) = 0.1913216
