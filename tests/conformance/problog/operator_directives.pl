% Operators of a program's own: infix, prefix and postfix, in heads, bodies and queries.
% problog: ParseError
:- op(700, xfx, likes).
:- op(200, fy, dear).
:- op(650, xfy, and).
0.4::ann likes bob.
0.5::bob likes ann.
0.3::dear ann.
X and Y :- X likes Y, Y likes X.
happy(X) :- dear X.
query(ann and bob).
query(happy(ann)).
query(ann likes _).

% expect: and(ann,bob) = 0.2
% expect: happy(ann) = 0.3
% expect: likes(ann,bob) = 0.4
