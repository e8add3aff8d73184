"""Goals about X, for this project and for ProbLog to solve: a goal, and its answers.

Each line is `goal => answer answer ...`, as ProbLog gives them, in any order; nothing behind the arrow
means that the goal fails.
"""

from __future__ import annotations

from typing import NamedTuple

LISTS = r"""
member(X,[a,b,c]) => a b c
member(X,[]) =>
X = b, member(X,[a,b]) => b
X = z, member(X,[a,b]) =>
member(f(X),[f(a),b,f(c)]) => a c
member(X-1,[a-1,b-2,c-1]) => a c
member(1.0,[1]), X = yes =>
memberchk(X,[a,b]) => a
memberchk(f(X),[g(1),f(2),f(3)]) => 2
X = b, memberchk(X,[a,b]) => b
X = z, memberchk(X,[a,b]) =>
append([a],[b,c],X) => [a,b,c]
append([],[],X) => []
append([],a,X) => a
append(X,[c],[a,b,c]) => [a,b]
append([a],X,[a,b]) => [b]
append([b],X,[a,b]) =>
append(A,B,[a,b]), X = A-B => []-[a,b] [a]-[b] [a,b]-[]
append(_,[X|_],[a,b]) => a b
append(_,[X],[a,b]) => b
append(A,[d],[a,b]), X = A =>
prefix(X,[a,b]) => [] [a] [a,b]
prefix([a],[a,b]), X = 1 => 1
prefix([b],[a,b]), X = 1 =>
length([],X) => 0
length([a,b],X) => 2
length([a,b],2), X = 1 => 1
length([a,b],3), X = 1 =>
length(L,2), L = [a,b], X = L => [a,b]
length([a|T],3), T = [b,c], X = T => [b,c]
length([a,b|T],2), X = T => []
same_length([a,b],L), L = [c,d], X = L => [c,d]
select(a,L,[b]), X = L => [a,b] [b,a]
proper_length([a,b],X) => 2
proper_length(a,X) =>
same_length([a,b],[c,d]), X = 1 => 1
same_length([a,b],[c]), X = 1 =>
nth0(0,[a,b,c],X) => a
nth0(2,[a,b,c],X) => c
nth0(3,[a,b,c],X) =>
nth0(X,[a,b,a],a) => 0 2
nth1(1,[a,b,c],X) => a
nth1(3,[a,b,c],X) => c
nth1(4,[a,b,c],X) =>
nth0(1,[a,b,c],E,R), X = E-R => b-[a,c]
nth1(1,[a,b,c],E,R), X = E-R => a-[b,c]
nth0(0,[a,b,c],_,X) => [b,c]
last([a,b],X) => b
last([],X) =>
nextto(a,X,[a,b,a,c]) => b c
nextto(X,b,[a,b,c,b]) => a c
nextto(b,a,[a,b]), X = 1 =>
select(b,[a,b,c],X) => [a,c]
select(X,[a,b],_) => a b
select(A,[a,b],R), X = A-R => a-[b] b-[a]
select(z,[a,b],X) =>
selectchk(a,[b,a,c,a],X) => [b,c,a]
selectchk(z,[a],X) =>
delete([a,b,a,c],a,X) => [b,c]
delete([a,b],z,X) => [a,b]
delete([],a,X) => []
delete([f(1),g(1),f(2)],f(_),X) => [g(1)]
reverse([a,b,c],X) => [c,b,a]
reverse([],X) => []
reverse([[a,b],c],X) => [c,[a,b]]
reverse([a,b],[b,a]), X = 1 => 1
reverse([a,b],[a,b]), X = 1 =>
permutation([a,b],X) => [a,b] [b,a]
permutation([1,2,3],[3,X,2]) => 1
permutation([],X) => []
permutation([a,b],[b,c]), X = 1 =>
flatten([1,[2,[3,4],[]],[[5]]],X) => [1,2,3,4,5]
flatten([],X) => []
flatten([[a]],X) => [a]
sum_list([1,2,3],X) => 6
sum_list([],X) => 0
sum_list([1,2.5],X) => 3.5
sum_list([1+1,2],X) => 4
max_list([1,3,2],X) => 3
max_list([1,1.0],X) => 1.0
max_list([1.0,1],X) => 1
max_list([],X) =>
min_list([3,1,2],X) => 1
min_list([1,1.0],X) => 1.0
min_list([],X) =>
max_member([1,b,a],X) => b
max_member([f(a),1,"s",a],X) => f(a)
max_member([],X) =>
numlist(1,4,X) => [1,2,3,4]
numlist(2,2,X) => [2]
numlist(3,1,X) =>
numlist(-1,1,X) => [-1,0,1]
is_set([a,b]), X = 1 => 1
is_set([a,b,a]), X = 1 =>
list_to_set([a,b,a,c,b],X) => [a,b,c]
intersection([a,b,c],[c,a],X) => [a,c]
intersection([a],[b],X) => []
union([a,b],[b,c],X) => [a,b,c]
union([],[a],X) => [a]
subset([a],[b,a]), X = 1 => 1
subset([a,c],[b,a]), X = 1 =>
subset([],[]), X = 1 => 1
subtract([a,b,c],[b],X) => [a,c]
subtract([],[b],X) => []
enum_groups([(a,1),(b,2),(a,3)],G,L), X = G-L => a-[1,3] b-[2]
enum_groups([a,b,a],[1,2,3],G,L), X = G-L => a-[1,3] b-[2]
sort([c,a,b,a],X) => [a,b,c]
sort([1,1.0,a,"s",f(x),g(x),f(x,y),[]],X) => [1.0,1,"s",[],a,f(x),g(x),f(x,y)]
sort([f(2,a),f(1,b),e(3,c)],X) => [e(3,c),f(1,b),f(2,a)]
sort([],X) => []
sort([[b],[a,c],[a]],X) => [[a],[a,c],[b]]
"""

TERMS = r"""
X = f(Y), Y = 1 => f(1)
f(X,b) = f(a,_) => a
f(A,B) = f(B,1), X = A => 1
[A|B] = [1,2,3], X = A-B => 1-[2,3]
a = b, X = 1 =>
1 = 1.0, X = 1 =>
'a' = a, X = 1 => 1
"a" = a, X = 1 =>
X = 1, X \= 2 => 1
X = 1, f(_) \= f(X) =>
f(A,A) \= f(1,2), X = 1 => 1
a == a, X = 1 => 1
1 == 1.0, X = 1 =>
A == B, X = 1, A = B =>
A = B, A == B, X = 1, A = 2 => 1
f(A) == f(A), X = 1, A = 1 => 1
a \== b, X = 1 => 1
a \== a, X = 1 =>
1 @< 2, X = 1 => 1
1.0 @< 1, X = 1 => 1
1 @< 1.0, X = 1 =>
a @< b, X = 1 => 1
a @< f(a), X = 1 => 1
f(b) @< f(a,a), X = 1 => 1
g(a) @< f(b), X = 1 =>
"b" @< a, X = 1 => 1
5 @< "a", X = 1 => 1
_ @< 1, X = 1 => 1
a @> 1, X = 1 => 1
a @>= a, X = 1 => 1
b @=< a, X = 1 =>
[] @< a, X = 1 => 1
compare(X,1,2) => <
compare(X,b,a) => >
compare(X,f(a),f(a)) => =
compare(X,1,1.0) => >
compare(X,f(a,b),g(a)) => >
functor(f(a,b),X,_) => f
functor(f(a,b),_,X) => 2
functor(a,X,_) => a
functor(a,_,X) => 0
functor(1,X,_) => 1
functor(X,a,0) => a
functor([a],_,X) => 2
functor(f(a),g,_), X = 1 =>
arg(1,f(a,b),X) => a
arg(2,f(a,b),X) => b
arg(3,f(a,b),X) =>
arg(1,f(a),b), X = 1 =>
arg(1,[a,b],X) => a
f(a,b) =.. X => [f,a,b]
a =.. X => [a]
1 =.. X => [1]
X =.. [f,a] => f(a)
X =.. [a] => a
X =.. [1] => 1
f(a,B) =.. [f,A,c], X = A-B => a-c
f(a) =.. [g|_], X = 1 =>
subsumes_term(f(_),f(a)), X = 1 => 1
subsumes_term(f(a),f(_)), X = 1 =>
subsumes_term(_,a), X = 1 => 1
subsumes_chk(f(_),f(a)), X = 1 => 1
var(_), X = 1 => 1
var(a), X = 1 =>
nonvar(a), X = 1 => 1
nonvar(_), X = 1 =>
atom(a), X = 1 => 1
atom('A b'), X = 1 => 1
atom([]), X = 1 => 1
atom(1), X = 1 =>
atom("a"), X = 1 =>
atom(f(a)), X = 1 =>
atom(_), X = 1 =>
atomic(a), X = 1 => 1
atomic(1), X = 1 => 1
atomic(1.5), X = 1 => 1
atomic([]), X = 1 => 1
atomic(f(a)), X = 1 =>
atomic(_), X = 1 =>
compound(f(a)), X = 1 => 1
compound([a]), X = 1 => 1
compound(a), X = 1 =>
compound(_), X = 1 =>
compound(1), X = 1 =>
callable(a), X = 1 => 1
callable(f(a)), X = 1 => 1
callable([a]), X = 1 => 1
callable(1), X = 1 =>
callable(_), X = 1 =>
number(1), X = 1 => 1
number(1.5), X = 1 => 1
number(a), X = 1 =>
number(_), X = 1 =>
integer(1), X = 1 => 1
integer(-1), X = 1 => 1
integer(1.0), X = 1 =>
float(1.0), X = 1 => 1
float(1), X = 1 =>
is_list([]), X = 1 => 1
is_list([a]), X = 1 => 1
is_list(a), X = 1 =>
is_list(_), X = 1 =>
ground(f(a)), X = 1 => 1
ground(f(_)), X = 1 =>
simple(a), X = 1 => 1
simple(_), X = 1 => 1
simple(f(a)), X = 1 =>
primitive(1), X = 1 => 1
primitive(_), X = 1 =>
dbreference(a), X = 1 =>
\+ X0 = 1, X = X0 =>
true, X = 1 => 1
fail, X = 1 =>
false, X = 1 =>
numbervars(f(A,B,A),0,_), X = 1, A = B => 1
"""

NUMBERS = r"""
X is 2+3*4 => 14
X = 5, X is 2+3 => 5
X = 6, X is 2+3 =>
X is 7//2 => 3
X is -7//2 => -4
X is 7 mod -3 => -2
X is 6/2 => 3.0
X is 7/2 => 3.5
X is 2**3 => 8
X is 2^3 => 8
X is 2**(-1) => 0.5
X is max(1,2) => 2
X is max(1,1.0) => 1
X is min(2,1.5) => 1.5
X is abs(-3) => 3
X is sign(-2.5) => -1
X is truncate(2.7) => 2
X is round(2.5) => 2
X is ceiling(2.1) => 3
X is floor(-2.1) => -3
X is integer(2.9) => 2
X is float(2) => 2.0
X is 5 rem -3 => -1
X is 6 /\ 3 => 2
X is 6 \/ 3 => 7
X is 6 xor 3 => 5
X is \ 5 => -6
X is 1 << 4 => 16
X is 16 >> 2 => 4
1 < 2, X = 1 => 1
2 < 1, X = 1 =>
1+1 =:= 2, X = 1 => 1
1 =:= 1.0, X = 1 => 1
1 =\= 2, X = 1 => 1
2 >= 2.0, X = 1 => 1
3 =< 2, X = 1 =>
3 > 2, X = 1 => 1
between(1,3,X) => 1 2 3
between(3,1,X) =>
between(1,3,2), X = 1 => 1
between(1,3,4), X = 1 =>
between(-1,0,X) => -1 0
succ(3,X) => 4
succ(X,4) => 3
succ(3,4), X = 1 => 1
succ(3,5), X = 1 =>
plus(1,2,X) => 3
plus(1,X,3) => 2
plus(X,2,3) => 1
plus(1,2,4), X = 1 =>
plus(1,2,3), X = 1 => 1
"""

TEXTS = r"""
concat([a,b,1],X) => ab1
concat([a],X) => a
join('-',[a,b,c],X) => a-b-c
join('',[a,b],X) => ab
join('-',[a],X) => a
str2lst(abc,X) => [a,b,c]
lst2str([a,b],X) => ab
atom_number(abc,X) =>
"""

APPLY = r"""
maplist(succ,[1,2,3],X) => [2,3,4]
maplist(succ,[],X) => []
maplist(integer,[1,2]), X = 1 => 1
maplist(integer,[1,a]), X = 1 =>
maplist(plus(10),[1,2],X) => [11,12]
maplist(plus,[1,2],[3,4],X) => [4,6]
maplist(succ,X,[2,3]) => [1,2]
foldl(plus,[1,2,3],0,X) => 6
foldl(plus,[],7,X) => 7
foldl_noinit(plus,[1,2,3],X) => 6
foldl_noinit(plus,[],X) => []
scanl(plus,[1,2,3],0,X) => [1,3,6]
include(integer,[1,a,2],X) => [1,2]
include(integer,[],X) => []
exclude(integer,[1,a,2],X) => [a]
partition(integer,[1,a,2,b],I,O), X = I-O => [1,2]-[a,b]
partition(compare(C),[1],L,E,G), X = 1, C = L, E = G =>
convlist(succ,[1,2],X) => [2,3]
"""

OURS = r"""
append([[a],[b,c],[]],X) => [a,b,c]
append([],X) => []
append([[a],X],[a,b]) => [b]
append(X,Y,[]), X = Y => []
select(b,[a,b,c],z,X) => [a,z,c]
select(b,X,z,[a,z,c]) => [a,b,c]
select(X,[a,b],z,[a,z]) => b
select(a,[a,a],b,X) => [b,a] [a,b]
selectchk(b,[a,b,b],z,X) => [a,z,b]
nth0(5,X,a,[b]) =>
nth1(1,X,a,[b]) => [a,b]
nth1(I,L,a,[b]), X = I-L => 1-[a,b] 2-[b,a]
prefix([a],[X|_]) => a
reverse(X,[a,b]) => [b,a]
permutation(X,[a,b]) => [a,b] [b,a]
same_length(L,[a]), L = [X], X = 1 => 1
intersection([A,b],[a,b],L), X = A-L => a-[a,b]
subset([A],[a]), X = A => a
subtract([f(_),b],[f(1)],X) => [b]
union([A],[a],L), X = A-L => a-[a]
is_set([_,_]), X = 1 => 1
sumlist([1,2],X) => 3
sort(0,@>=,[1,3,2,3],X) => [3,3,2,1]
sort(0,@>,[1,3,2,3],X) => [3,2,1]
sort(0,@<,[b,a,b],X) => [a,b]
sort(0,@=<,[b,a,b],X) => [a,b,b]
sort(1,@<,[f(2,a),f(1,b),f(2,c)],X) => [f(1,b),f(2,a)]
sort(2,@>=,[f(2,a),f(1,b),f(3,a)],X) => [f(1,b),f(2,a),f(3,a)]
predsort([O,A,B]>>compare(O,A,B),[c,a,b,a],X) => [a,b,c]
predsort([O,A,B]>>compare(O,B,A),[c,a,b],X) => [c,b,a]
keysort([b-1,a-2,b-0,a-1],X) => [a-2,a-1,b-1,b-0]
pairs_keys_values(X,[a,b],[1,2]) => [a-1,b-2]
pairs_keys_values([a-1,b-2],K,V), X = K/V => [a,b]/[1,2]
pairs_keys_values(X,[a],[1,2]) =>
pairs_keys([a-1,b-2],X) => [a,b]
pairs_values([a-1,b-2],X) => [1,2]
list_to_ord_set([b,a,b],X) => [a,b]
ord_memberchk(a,[a,b]), X = 1 => 1
ord_memberchk(c,[a,b]), X = 1 =>
ord_insert([a,c],b,X) => [a,b,c]
ord_add_element([a],a,X) => [a]
ord_del_element([a,b],a,X) => [b]
ord_union([[b],[a,b]],X) => [a,b]
ord_union([a,c],[b,c],X) => [a,b,c]
ord_intersection([a,b],[b,c],X) => [b]
ord_subtract([a,b],[b],X) => [a]
ord_subset([a],[a,b]), X = 1 => 1
ord_subset([c],[a,b]), X = 1 =>
ord_disjoint([a],[b]), X = 1 => 1
ord_disjoint([a],[a]), X = 1 =>
unify_with_occurs_check(X,f(a)) => f(a)
unify_with_occurs_check(A,f(A)), X = 1 =>
'=@='(f(A,B),f(B,A)), X = 1, A = B => 1
'=@='(f(A,A),f(B,_)), X = 1, A = B =>
'\\=@='(f(A,A),f(B,_)), X = 1, A = B => 1
term_variables(f(A,g(B,A)),L), L = [1,2], X = A-B => 1-2
term_variables(f(a),X) => []
copy_term(f(A,B,A),C), C = f(1,2,D), A = x, B = y, X = C/D => f(1,2,1)/1
numbervars(f(A,B,A),C), C =.. [_,X0|_], arg(1,X0,X), A = B => 0
numbervars(f(A,B),3,C), C =.. [_,_,X0], arg(1,X0,X), A = B => 4
functor(T,f,1), arg(1,T,z), X = T => f(z)
rational(1), X = 1 => 1
rational(1.5), X = 1 =>
string("a"), X = 1 => 1
string(a), X = 1 =>
X is msb(8) => 3
X is log(2,8) => 3.0
X is copysign(2,-1) => -2.0
X is cot(1)*tan(1) => 1.0
X is acot(1)/atan(1) => 1.0
X is succ(3) => 4
X is plus(1,2) => 3
X is div(-7,2) => -4
between(1,inf,3), X = 1 => 1
atom_codes(abc,X) => [97,98,99]
atom_codes(X,[97,0'b]) => ab
atom_chars(X,[a,b]) => ab
atom_chars(X,[a,1]) => a1
atom_chars(12,X) => [1,2]
atom_chars(a1,[X,_]) => a
atom_length(abc,X) => 3
atom_length("ab",X) => 2
atom_length(12,X) => 2
atom_length('',X) => 0
atom_number('-3',X) => -3
atom_number('0x1F',X) => 31
atom_number('2.5e3',X) => 2500.0
atom_number('3 ',X) =>
atom_number('3x',X) =>
atom_number(A,3), atom_length(A,X) => 1
atom_concat(a,b,X) => ab
atom_concat(a,X,abc) => bc
atom_concat(X,c,abc) => ab
atom_concat(z,X,abc) =>
atom_concat(A,B,ab), X = A/B => /ab a/b ab/
sub_atom(abc,1,1,_,X) => b
sub_atom(abc,_,2,0,X) => bc
sub_atom(abc,B,_,_,c), X = B => 2
sub_atom(aaa,X,_,_,aa) => 0 1
sub_atom(ab,B,L,A,S), X = B/L/A/S => 0/0/2/ 0/1/1/a 0/2/0/ab 1/0/1/ 1/1/0/b 2/0/0/
sub_atom(abc,2,5,_,X) =>
atom_string(a,X) => "a"
atom_string(X,"a") => a
string_to_atom("ab",X) => ab
upcase_atom('a b',X) => AB
downcase_atom('AB',X) => ab
string_upper("ab",X) => "AB"
string_lower("AB",X) => "ab"
char_code(X,97) => a
char_code(a,X) => 97
number_codes(X,[49,50]) => 12
number_codes(12,X) => [49,50]
number_codes(X,[a]) =>
number_chars(X,[1,'2']) => 12
number_string(X,"12") => 12
number_string(12,X) => "12"
string_codes(X,[97]) => "a"
string_codes("a",X) => [97]
string_chars(X,[a]) => "a"
string_chars("ab",X) => [a,b]
string_length("abc",X) => 3
string_concat("a",b,X) => "ab"
string_concat(X,"b","ab") => "a"
sub_string("abc",1,1,_,X) => "b"
split_string("a,b;c",",;","",X) => ["a","b","c"]
split_string("/home//u/","/","",X) => ["","home","","u",""]
split_string("-a-","","-",X) => ["a"]
text_concat(a,b,X) => ab
text_concat(a,"b",X) => "ab"
atomic_list_concat([a,1,"s"],X) => a1s
atomic_list_concat([a,b],'-',X) => a-b
atomic_list_concat(X,'-','a-b-c') => [a,b,c]
atomic_list_concat([a,X],'-','a-b') => b
term_to_atom(f(a,1),X) => f(a,1)
term_to_atom(f(A,B,A),'f(1,X,1)'), X = A-B, B = 2 => 1-2
term_to_atom(T,'g(A,B,A)'), T = g(1,2,X) => 1
term_string(X,f(a)) => "f(a)"
term_string("f(a)",X) => f(a)
join(', ',[a,b],A), atom_length(A,X) => 4
lst2str([a,1],X) => a1
str2int(abc,X) =>
partition([A,O]>>compare(O,A,2),[1,2,3],L,E,G), X = f(L,E,G) => f([1],[2],[3])
foldl([A,B,C]>>(C is A*B),[1,2,3],1,X) => 6
maplist([A,B]>>(B is A*A),[1,2,3],X) => [1,4,9]
"""
"""Goals for which ProbLog has no answer: it lacks the predicate, errs, or does not end."""


class Different(NamedTuple):
    """Answers here, answers of ProbLog (None where it refuses), and why they differ."""

    ours: frozenset[str]
    theirs: frozenset[str] | None
    why: str


def _different(ours: str, theirs: str | None, why: str) -> Different:
    return Different(frozenset(ours.split()), None if theirs is None else frozenset(theirs.split()), why)


DIFFERENT: dict[str, Different] = {
    "list_to_set([],X)": _different("[]", "", "the empty list is a set"),
    "sort([10,9,-1,2.5],X)": _different("[-1,2.5,9,10]", "[-1,10,2.5,9]", "numbers are in order of value"),
    "X = 1, 9 @< 10": _different("1", "", "numbers are in order of value"),
    "min_member([c,1,b],X)": _different("1", "c", "the smallest, not the largest or the first"),
    "min_member([1,b],X)": _different("1", "b", "the smallest, not the largest or the first"),
    "max_list([1+1,1],X)": _different("2", "1+1", "a number, not the expression it came from"),
    "nth1(X,[a,b],b,_)": _different("2", None, "the position may be what is asked"),
    "nth0(0,X,a,[b])": _different("[a,b]", None, "the list may be what is asked"),
    "arg(X,f(a,b),b)": _different("2", None, "the position may be what is asked"),
    "subsumes_chk(g(_),f(a)), X = 1": _different("", None, "the goal fails"),
    "functor(T,f,2), T = f(1,2), X = T": _different("f(1,2)", "", "the new arguments are two variables"),
    "f(A) = A, X = 1": _different("", None, "an infinite term is no term: the goal fails"),
    "is_list([a|_]), X = 1": _different("", "1", "a list is closed"),
    "msort([b,a,b],X)": _different("[a,b,b]", None, "ProbLog lacks it"),
    "copy_term(f(A,B,A),C), C = f(1,2,X)": _different("1", None, "ProbLog lacks it"),
    "atom_number('3',X)": _different("3", "", "the digits of an atom are a number, quoted or not"),
    "atom_number('2.50',X)": _different("2.5", "", "the digits of an atom are a number, quoted or not"),
    "str2int('12',X)": _different("12", None, "the quotes of an atom are no part of it"),
    'sub_string("abc",1,1,A,S), X = A-S': _different('1-"b"', None, "ProbLog's library is broken"),
    "X is log2(8)": _different("3.0", None, "ProbLog lacks it"),
    "X is gcd(12,18)": _different("6", None, "ProbLog lacks it"),
    'atomic("abc"), X = 1': _different("1", "", "a string is atomic"),
}
"""Where this project deliberately answers otherwise."""
