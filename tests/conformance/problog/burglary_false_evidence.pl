% The same story, with what was not observed.
0.01::burglary.
0.05::earthquake.
alarm :- burglary.
0.3::alarm :- earthquake.
0.6::calls(X) :- alarm, neighbour(X).
neighbour(john).
neighbour(mary).
neighbour(kim).
evidence(calls(mary)).
evidence(\+calls(john)).
evidence(calls(kim), false).
query(burglary).
query(earthquake).

% expect: earthquake = 0.617706237425
% expect: burglary = 0.402414486922
