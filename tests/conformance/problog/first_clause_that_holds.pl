% Numbered clauses of which the first that holds counts, world by world.
:- use_module(library(cut)).
0.3::sunny.
0.6::warm.
wear(1, hat, red) :- sunny, warm.
wear(2, coat, blue) :- \+ warm.
wear(3, shirt, red).
today(What) :- cut(wear(What, _)).
rule(N) :- cut(wear(_, _), N).
colour(C) :- cut(wear(coat, C)).
red(What) :- cut(wear(What, red)).
query(today(_)). query(rule(_)). query(colour(_)). query(red(_)).

% expect: today(hat) = 0.18
% expect: today(coat) = 0.4
% expect: today(shirt) = 0.42
% expect: rule(1) = 0.18
% expect: rule(2) = 0.4
% expect: rule(3) = 0.42
% expect: colour(blue) = 0.4
% expect: red(hat) = 0.18
% expect: red(shirt) = 0.82
