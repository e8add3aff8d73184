% all/3 fails where there is no answer; findall/3 gives the empty list.
0.5::n(1). 0.4::n(2).
some(L) :- all(X, n(X), L).
every(L) :- findall(X, n(X), L).
twice(L) :- all(X, (n(X) ; n(X)), L).
query(some(_)). query(every(_)). query(twice(_)).

% expect: some([1]) = 0.3
% expect: some([1,2]) = 0.2
% expect: some([2]) = 0.2
% expect: every([]) = 0.3
% expect: every([1]) = 0.3
% expect: every([1,2]) = 0.2
% expect: every([2]) = 0.2
% expect: twice([1]) = 0.3
% expect: twice([1,2]) = 0.2
% expect: twice([2]) = 0.2
