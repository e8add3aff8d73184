/* A comment that
   takes two lines. */
0.25 :: a. % a comment after a fact
b
  :-
    a ,
    \+ c .
0.5::c. /* inside */ d :- b ; c.
query(b). query(d).

% expect: d = 0.625
% expect: b = 0.125
