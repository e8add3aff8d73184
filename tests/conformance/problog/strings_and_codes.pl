% Strings, quoted atoms and numbers in base 16.
0.3::said("hello").
0.4::said('Hello there').
0.6::code(97).
0.5::code(0x1F).
heard(X) :- said(X), X = "hello".
letter(X) :- code(X), X > 90.
query(said(_)).
query(heard(_)).
query(letter(_)).

% expect: said('Hello there') = 0.4
% expect: said("hello") = 0.3
% expect: heard("hello") = 0.3
% expect: letter(97) = 0.6
