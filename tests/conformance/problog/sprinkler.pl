% The lawn's Bayesian network.
0.5::cloudy.
0.1::sprinkler :- cloudy.
0.5::sprinkler :- \+cloudy.
0.8::rain :- cloudy.
0.2::rain :- \+cloudy.
0.99::wet :- sprinkler, rain.
0.9::wet :- sprinkler, \+rain.
0.9::wet :- \+sprinkler, rain.
evidence(wet).
query(rain).
query(sprinkler).
query(cloudy).

% expect: sprinkler = 0.429763560501
% expect: cloudy = 0.575799721836
% expect: rain = 0.70792767733
