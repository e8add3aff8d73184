% Scopes keep theories apart; `_` as a scope asks all of them.
:- use_module(library(scope)).
s(1):a. 
0.3::s(1):b.
0.4::s(2):b.
s(X):c :- s(X):b.
query(s(1):a). query(s(1):b). query(s(_):c).

% expect: s(1):a = 1
% expect: s(1):b = 0.3
% expect: s(1):c = 0.3
% expect: s(2):c = 0.4
