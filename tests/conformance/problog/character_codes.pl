% Character codes, written numbers in other bases, escapes.
% problog: UnmatchedCharacter
0.6::code(0'a). 0.5::code(0x1F). 0.4::code(0o17). 0.3::code(0b11).
0.2::text('a\x41\\n').
letter(X) :- code(X), X > 90.
small(X) :- code(X), X < 32.
same :- text(X), X = 'aA\n'.
query(letter(_)). query(small(_)). query(same).

% expect: letter(97) = 0.6
% expect: small(3) = 0.3
% expect: small(15) = 0.4
% expect: small(31) = 0.5
% expect: same = 0.2
