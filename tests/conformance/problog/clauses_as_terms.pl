% clause/2: heads and bodies as terms.
a(1). a(2) :- b, c.
0.3::b. 0.4::c.
body(X,B) :- clause(a(X), B).
query(body(_,_)).

% expect: body(1,true) = 1
% expect: body(2,(b,c)) = 1
