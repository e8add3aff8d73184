% Pearl's alarm: two causes, two neighbours who call, one of whom did.
0.1::burglary.
0.2::earthquake.
0.9::alarm :- burglary, earthquake.
0.8::alarm :- burglary, \+earthquake.
0.1::alarm :- \+burglary, earthquake.
person(john).
person(mary).
0.7::calls(X) :- alarm, person(X).
evidence(calls(john), true).
query(burglary).
query(earthquake).
query(alarm).
query(calls(mary)).

% expect: earthquake = 0.36
% expect: alarm = 1
% expect: calls(mary) = 0.7
% expect: burglary = 0.82
