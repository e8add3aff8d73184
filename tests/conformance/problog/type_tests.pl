% What each kind of term is.
0.5::v(1). 0.5::v(1.5). 0.5::v(a). 0.5::v(f(x)). 0.5::v([]). 0.5::v([a]).
kind(X, number) :- v(X), number(X).
kind(X, integer) :- v(X), integer(X).
kind(X, float) :- v(X), float(X).
kind(X, atom) :- v(X), atom(X).
kind(X, atomic) :- v(X), atomic(X).
kind(X, compound) :- v(X), compound(X).
kind(X, list) :- v(X), is_list(X).
kind(X, ground) :- v(X), ground(X).
kind(X, nonvar) :- v(X), nonvar(X).
kind(X, callable) :- v(X), callable(X).
unbound :- var(_).
open :- \+ground(f(_)).
query(kind(_,_)). query(unbound). query(open).

% expect: kind(1,atomic) = 0.5
% expect: kind(1,ground) = 0.5
% expect: kind(1,integer) = 0.5
% expect: kind(1,nonvar) = 0.5
% expect: kind(1,number) = 0.5
% expect: kind(1.5,atomic) = 0.5
% expect: kind(1.5,float) = 0.5
% expect: kind(1.5,ground) = 0.5
% expect: kind(1.5,nonvar) = 0.5
% expect: kind(1.5,number) = 0.5
% expect: kind([],atom) = 0.5
% expect: kind([],atomic) = 0.5
% expect: kind([],callable) = 0.5
% expect: kind([],ground) = 0.5
% expect: kind([],list) = 0.5
% expect: kind([],nonvar) = 0.5
% expect: kind(a,atom) = 0.5
% expect: kind(a,atomic) = 0.5
% expect: kind(a,callable) = 0.5
% expect: kind(a,ground) = 0.5
% expect: kind(a,nonvar) = 0.5
% expect: kind(f(x),callable) = 0.5
% expect: kind(f(x),compound) = 0.5
% expect: kind(f(x),ground) = 0.5
% expect: kind(f(x),nonvar) = 0.5
% expect: kind([a],callable) = 0.5
% expect: kind([a],compound) = 0.5
% expect: kind([a],ground) = 0.5
% expect: kind([a],list) = 0.5
% expect: kind([a],nonvar) = 0.5
% expect: unbound = 1
% expect: open = 1
