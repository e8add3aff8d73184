% Conjunctions in scopes, lists of scopes, and goals of no scope.
:- use_module(library(scope)).
0.3::s:a.
0.4::s:b.
0.2::t:b.
[s, t]:c :- s:a, t:b.
0.5::plain.
both :- s:(a, b).
across :- [t, s]:c.
inside :- s:plain.
list :- [s, t]:(a, b).
query(both). query(across). query(inside). query(list). query(s:a). query(plain).

% expect: both = 0.12
% expect: across = 0.06
% expect: inside = 0.5
% expect: list = 0.156
% expect: s:a = 0.3
% expect: plain = 0.5
