% library(lists).
:- use_module(library(lists)).
0.5::l([a,b,c]). 0.4::l([b,b]).
m(X) :- l(L), member(X, L).
a(X,Y) :- l(L), append(X, Y, L).
s(X,R) :- l(L), select(X, L, R).
z(X) :- l(L), nth0(1, L, X).
o(X) :- l(L), nth1(2, L, X).
r(R) :- l(L), reverse(L, R).
e(X) :- l(L), last(L, X).
total(N) :- l(_), sum_list([1,2,3], N).
most(N,M) :- l(_), max_list([1,3,2], N), min_list([2,1], M).
query(m(_)). query(a(_,_)). query(s(_,_)). query(z(_)). query(o(_)). query(r(_)). query(e(_)). query(total(_)). query(most(_,_)).

% expect: m(a) = 0.5
% expect: m(b) = 0.7
% expect: m(c) = 0.5
% expect: a([],[a,b,c]) = 0.5
% expect: a([],[b,b]) = 0.4
% expect: a([a],[b,c]) = 0.5
% expect: a([a,b],[c]) = 0.5
% expect: a([a,b,c],[]) = 0.5
% expect: a([b],[b]) = 0.4
% expect: a([b,b],[]) = 0.4
% expect: s(a,[b,c]) = 0.5
% expect: s(b,[a,c]) = 0.5
% expect: s(b,[b]) = 0.4
% expect: s(c,[a,b]) = 0.5
% expect: z(b) = 0.7
% expect: o(b) = 0.7
% expect: r([b,b]) = 0.4
% expect: r([c,b,a]) = 0.5
% expect: e(b) = 0.4
% expect: e(c) = 0.5
% expect: total(6) = 0.7
% expect: most(3,1) = 0.7
