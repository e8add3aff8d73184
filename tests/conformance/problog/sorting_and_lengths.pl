% length/2 and sort/2.
0.5::l([c,a,b,a]). 0.4::l([]). 0.3::l([2,1,f(x),z,1.0]).
long(N) :- l(L), length(L, N).
made(L) :- length(L, 2), L = [a|_], L = [_,b].
unique(M) :- l(L), sort(L, M).
query(long(_)). query(made(_)). query(unique(_)).

% expect: long(0) = 0.4
% expect: long(4) = 0.5
% expect: long(5) = 0.3
% expect: made([a,b]) = 1
% expect: unique([]) = 0.4
% expect: unique([1.0,1,2,z,f(x)]) = 0.3
% expect: unique([a,b,c]) = 0.5
