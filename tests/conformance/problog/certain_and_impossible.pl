% Probabilities of 0 and 1, and atoms without a rule that fires.
1.0::sure.
0.0::never.
0.5::maybe.
a :- sure, maybe.
b :- never.
c :- never ; sure.
d :- maybe, impossible.
impossible :- fail.
query(a).
query(b).
query(c).
query(d).

% expect: c = 1
% expect: b = 0
% expect: a = 0.5
% expect: d = 0
