% maplist/2..5, foldl/4 and their kin.
:- use_module(library(apply)).
0.3::ok(1). 0.4::ok(2). 0.5::ok(3).
next(X, Y) :- Y is X + 1.
add(X, Y, Z) :- Z is X + Y.
all_ok :- maplist(ok, [1,2,3]).
shifted(L) :- maplist(next, [1,2,3], L).
sums(L) :- maplist(add, [1,2], [3,4], L).
folded(S) :- foldl(add, [1,2,3], 0, S).
extra(L) :- maplist(add(10), [1,2], L).
query(all_ok). query(shifted(_)). query(sums(_)). query(folded(_)). query(extra(_)).

% expect: all_ok = 0.06
% expect: shifted([2,3,4]) = 1
% expect: sums([4,6]) = 1
% expect: folded(6) = 1
% expect: extra([11,12]) = 1
