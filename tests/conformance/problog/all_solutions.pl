% all/3 gives each solution once and fails where there is none; all_or_none/3 gives [].
0.5::a.  0.4::b.
p(1) :- a.
p(1) :- b.
0.3::p(2).
e(1, 2). e(1, 3). 0.4::e(2, 3).
some(L) :- all(X, p(X), L).
none(L) :- all_or_none(X, p(X), L).
ends(L) :- all(X, e(X, _), L).
query(some(_)).
query(none(_)).
query(ends(_)).

% expect: ends([1,1,2]) = 0.4
% expect: ends([1,1]) = 0.6
% expect: none([1,2]) = 0.21
% expect: none([1]) = 0.49
% expect: none([2]) = 0.09
% expect: none([]) = 0.21
% expect: some([1,2]) = 0.21
% expect: some([1]) = 0.49
% expect: some([2]) = 0.09
