% A probabilistic fact with a variable is one choice for each instance that is called.
0.4::lucky(X).
winner(X) :- player(X), lucky(X).
player(ann).
player(bob).
some_winner :- winner(X).
query(winner(_)).
query(some_winner).
query(lucky(zoe)).

% expect: some_winner = 0.64
% expect: winner(bob) = 0.4
% expect: winner(ann) = 0.4
% expect: lucky(zoe) = 0.4
