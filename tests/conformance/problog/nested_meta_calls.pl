% call/N within negation, within findall and within other calls.
:- use_module(library(lists)).
0.3::p(1). 0.4::p(2). 0.5::p(3).
n(X) :- member(X, [1,2]), \+call(p, X).
f(L) :- findall(X, call(p, X), L).
nested(X) :- call(call, p, X).
twice(X) :- G = p(X), call(G), call(G).
none :- \+call(p, _).
query(n(_)). query(f(_)). query(nested(_)). query(twice(_)). query(none).

% expect: n(1) = 0.7
% expect: n(2) = 0.6
% expect: f([]) = 0.21
% expect: f([1]) = 0.09
% expect: f([1,2]) = 0.06
% expect: f([1,2,3]) = 0.06
% expect: f([1,3]) = 0.09
% expect: f([2]) = 0.14
% expect: f([2,3]) = 0.14
% expect: f([3]) = 0.21
% expect: nested(1) = 0.3
% expect: nested(2) = 0.4
% expect: nested(3) = 0.5
% expect: twice(1) = 0.3
% expect: twice(2) = 0.4
% expect: twice(3) = 0.5
% expect: none = 0.21
