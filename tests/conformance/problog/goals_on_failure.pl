% What holds where a goal fails, the clauses to try in an order given, and goals that may be unknown.
:- use_module(library(control)).
0.3::first.
0.4::second.
either :- on_fail(first, second).
0.3::f.
r(1, a) :- f.
r(2, b).
forwards(X) :- cut(r(X), [1, 2]).
backwards(X) :- cut(r(X), [2, 1]).
tried(N) :- cut(r(_), [1, 2], N).
lucky :- try_call(first).
none :- try_call(nothing_of_the_kind).
query(either). query(forwards(_)). query(backwards(_)). query(tried(_)). query(lucky). query(none).

% expect: either = 0.58
% expect: forwards(a) = 0.3
% expect: forwards(b) = 0.7
% expect: backwards(b) = 1
% expect: tried(1) = 0.3
% expect: tried(2) = 0.7
% expect: lucky = 0.3
% expect: none = 0
