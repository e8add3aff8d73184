% Quoted atoms and strings are constants like any other.
0.3::lives('Ann', 'New York').
0.6::lives('Bob', "New York").
0.5::lives('Cid', new_york).
here(X) :- lives(X, 'New York').
there(X) :- lives(X, "New York").
'odd name' :- lives('Cid', C), \+here('Cid').
query(here(_)).
query(there('Bob')).
query('odd name').

% expect: here('Ann') = 0.3
% expect: there('Bob') = 0.6
% expect: 'odd name' = 0.5
