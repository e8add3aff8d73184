% Goals that are known only at run time.
0.2::p(1).  0.3::p(2).
named(L) :- findall(X, call(p, X), L).
made(L) :- G = p(X), findall(X, G, L).
called(L) :- G = findall(X, p(X), L), call(G).
query(named(_)).
query(made(_)).
query(called(_)).

% expect: called([1,2]) = 0.06
% expect: called([1]) = 0.14
% expect: called([2]) = 0.24
% expect: called([]) = 0.56
% expect: made([1,2]) = 0.06
% expect: made([1]) = 0.14
% expect: made([2]) = 0.24
% expect: made([]) = 0.56
% expect: named([1,2]) = 0.06
% expect: named([1]) = 0.14
% expect: named([2]) = 0.24
% expect: named([]) = 0.56
