% include/3, exclude/3 and partition/4 over goals that may fail.
:- use_module(library(apply)).
:- use_module(library(lists)).
0.5::ok(1). 0.4::ok(2).
kept(L) :- include(ok, [1,2], L).
left(L) :- exclude(ok, [1,2], L).
query(kept(_)). query(left(_)).

% expect: kept([]) = 0.3
% expect: kept([1]) = 0.3
% expect: kept([1,2]) = 0.2
% expect: kept([2]) = 0.2
% expect: left([]) = 0.2
% expect: left([1]) = 0.2
% expect: left([1,2]) = 0.3
% expect: left([2]) = 0.3
