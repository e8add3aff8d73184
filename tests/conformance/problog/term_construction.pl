% Taking terms apart and putting them together.
0.5::t(f(a,b)). 0.4::t(g(c)). 0.3::t(h).
name(N, A) :- t(X), functor(X, N, A).
made(X) :- functor(X, f, 0).
first(Y) :- t(X), compound(X), arg(1, X, Y).
listed(L) :- t(X), X =.. L.
built(X) :- t(h), X =.. [k, 1, 2].
query(name(_,_)). query(made(_)). query(first(_)). query(listed(_)). query(built(_)).

% expect: name(f,2) = 0.5
% expect: name(g,1) = 0.4
% expect: name(h,0) = 0.3
% expect: made(f) = 1
% expect: first(a) = 0.5
% expect: first(c) = 0.4
% expect: listed([f,a,b]) = 0.5
% expect: listed([g,c]) = 0.4
% expect: listed([h]) = 0.3
% expect: built(k(1,2)) = 0.3
