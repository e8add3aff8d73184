% Lists of what fails, and failure of lists.
0.3::p(1).  0.4::p(2).  0.5::p(3).
least(L) :- findall(X, (p(X), \+ (p(Y), Y < X)), L).
some :- \+ findall(X, p(X), []).
two :- findall(X, p(X), L), length(L, 2).
not_two :- \+ two.
query(least(_)).
query(some).
query(not_two).

% expect: least([1,2,3]) = 0
% expect: least([1,2]) = 0
% expect: least([1,3]) = 0
% expect: least([1]) = 0.3
% expect: least([2,3]) = 0
% expect: least([2]) = 0.28
% expect: least([3]) = 0.21
% expect: least([]) = 0.21
% expect: not_two = 0.71
% expect: some = 0.79
