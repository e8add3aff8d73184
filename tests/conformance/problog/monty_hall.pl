% The host opens a door that hides no car and was not chosen: two ways to do so if the choice was right.
1/3::prize(1); 1/3::prize(2); 1/3::prize(3).
choose(1).
0.5::open(2); 0.5::open(3) :- prize(1).
open(2) :- prize(3).
open(3) :- prize(2).
win_by_keeping :- choose(D), prize(D).
win_by_switching :- choose(D), prize(P), P =\= D.
evidence(open(3)).
query(prize(_)).
query(win_by_keeping).
query(win_by_switching).

% expect: prize(1) = 0.333333333333
% expect: win_by_keeping = 0.333333333333
% expect: win_by_switching = 0.666666666667
% expect: prize(3) = 0
% expect: prize(2) = 0.666666666667
