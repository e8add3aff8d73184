% Unification, identity and the standard order of terms.
0.5::t(1). 0.5::t(a). 0.5::t(f(b)). 0.5::t("s").
same(X) :- t(X), X == a.
unlike(X) :- t(X), X \== a.
unifies(X) :- t(X), f(_) = X.
differs(X) :- t(X), X \= f(_).
before(X) :- t(X), X @< f(a).
after(X) :- t(X), X @>= f(b).
least :- 1 @< a, a @< f(a), f(a) @=< f(b), f(b) @> f(a).
query(same(_)). query(unlike(_)). query(unifies(_)). query(differs(_)). query(before(_)). query(after(_)). query(least).

% expect: same(a) = 0.5
% expect: unlike(1) = 0.5
% expect: unlike("s") = 0.5
% expect: unlike(f(b)) = 0.5
% expect: unifies(f(b)) = 0.5
% expect: differs(1) = 0.5
% expect: differs(a) = 0.5
% expect: differs("s") = 0.5
% expect: before(1) = 0.5
% expect: before(a) = 0.5
% expect: before("s") = 0.5
% expect: after(f(b)) = 0.5
% expect: least = 1
