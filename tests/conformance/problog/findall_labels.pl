% Lists in probabilistic rules, and probabilities in the rules of what is listed.
0.2::p(1, a).  0.3::p(2, a).  0.5::p(2, b).
g(a). g(b).
0.6::t(G, L); 0.1::u(G) :- g(G), findall(X, p(X, G), L).
W::v(X) :- w(X, W).
w(1, 0.2). w(2, 0.3).
0.5::v2(X) :- v(X).
l(L) :- findall(X, v2(X), L).
query(t(_, _)).
query(u(_)).
query(l(_)).

% expect: l([1,2]) = 0.015
% expect: l([1]) = 0.085
% expect: l([2]) = 0.135
% expect: l([]) = 0.765
% expect: t(a,[1,2]) = 0.036
% expect: t(a,[1]) = 0.084
% expect: t(a,[2]) = 0.144
% expect: t(a,[]) = 0.336
% expect: t(b,[2]) = 0.3
% expect: t(b,[]) = 0.3
% expect: u(a) = 0.1
% expect: u(b) = 0.1
