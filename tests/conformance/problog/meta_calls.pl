% call/N, goals in variables, goals made at run time.
:- use_module(library(lists)).
0.3::p(1). 0.4::p(2). 0.5::q(1, a). 0.6::q(2, b).
c1(X) :- call(p, X).
c2(X,Y) :- call(q(X), Y).
c3 :- G = p(1), call(G).
c4 :- G = p(2), G.
c8(X) :- member(G, [p, r]), call(G, X).
0.1::r(3).
query(c1(_)). query(c2(_,_)). query(c3). query(c4).  query(c8(_)).

% expect: c1(1) = 0.3
% expect: c1(2) = 0.4
% expect: c2(1,a) = 0.5
% expect: c2(2,b) = 0.6
% expect: c3 = 0.3
% expect: c4 = 0.4
% expect: c8(1) = 0.3
% expect: c8(2) = 0.4
% expect: c8(3) = 0.1
