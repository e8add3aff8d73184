% Meta-calls of compound goals.
% problog: UnknownClause
0.3::p(1). 0.4::p(2).
c1 :- call((p(1), p(2))).
c2 :- call((p(1) ; p(2))).
c3 :- call(\+ p(1)).
c4 :- G = (p(1) -> p(2) ; \+p(2)), call(G).
query(c1). query(c2). query(c3). query(c4).

% expect: c1 = 0.12
% expect: c2 = 0.58
% expect: c3 = 0.7
% expect: c4 = 0.54
