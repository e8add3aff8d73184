% Evidence about one alternative moves the others.
0.2::w(sun); 0.3::w(rain); 0.4::w(snow).
0.5::out :- w(sun).
0.1::out :- w(rain).
cold :- w(snow).
cold :- \+some_weather.
some_weather :- w(_).
evidence(w(sun), false).
evidence(out, false).
query(w(_)).
query(cold).

% expect: w(snow) = 0.519480519481
% expect: cold = 0.649350649351
% expect: w(rain) = 0.350649350649
% expect: w(sun) = 0
