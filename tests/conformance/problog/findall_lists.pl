% Lists of all answers: one list for each combination of those that hold.
0.5::n(1). 0.4::n(2). n(3).
listed(L) :- findall(X, n(X), L).
pairs(L) :- findall(X-Y, (n(X), n(Y), X < Y), L).
count(N) :- findall(X, n(X), L), length(L, N).
none(L) :- findall(X, (n(X), X > 5), L).
query(listed(_)). query(pairs(_)). query(count(_)). query(none(_)).

% expect: listed([1,2,3]) = 0.2
% expect: listed([1,3]) = 0.3
% expect: listed([2,3]) = 0.2
% expect: listed([3]) = 0.3
% expect: pairs([]) = 0.3
% expect: pairs([1-2]) = 0
% expect: pairs([1-2,1-3]) = 0
% expect: pairs([1-2,1-3,2-3]) = 0.2
% expect: pairs([1-2,2-3]) = 0
% expect: pairs([1-3]) = 0.3
% expect: pairs([1-3,2-3]) = 0
% expect: pairs([2-3]) = 0.2
% expect: count(1) = 0.3
% expect: count(2) = 0.5
% expect: count(3) = 0.2
% expect: none([]) = 1
