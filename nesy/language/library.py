"""The predicates of the libraries, which a program may define itself: what each does, in one line.

Arguments marked `+` must be bound when the goal is reached. `Goal` and `P` are goals, the latter
with arguments still to come.
"""

from __future__ import annotations

from nesy.language.terms import Indicator

LISTS: dict[Indicator, str] = {
    ("member", 2): "member(X, List): X is an item of List",
    ("memberchk", 2): "memberchk(X, List): X is the first item of List that unifies with it",
    ("append", 3): "append(A, B, AB): AB is list A followed by list B",
    ("append", 2): "append(Lists, L): L is all Lists, one behind the other",
    ("prefix", 2): "prefix(A, List): List begins with list A",
    ("length", 2): "length(List, N): List has N items",
    ("proper_length", 2): "proper_length(List, N): List is closed and has N items",
    ("same_length", 2): "same_length(A, B): lists A and B have as many items",
    ("nth0", 3): "nth0(I, List, X): X is item I, counted from 0",
    ("nth1", 3): "nth1(I, List, X): X is item I, counted from 1",
    ("nth0", 4): "nth0(I, List, X, Rest): X is item I, counted from 0, and Rest the others",
    ("nth1", 4): "nth1(I, List, X, Rest): X is item I, counted from 1, and Rest the others",
    ("last", 2): "last(List, X): X is the last item",
    ("nextto", 3): "nextto(X, Y, List): Y stands right behind X",
    ("select", 3): "select(X, List, Rest): Rest is List without one X",
    ("selectchk", 3): "selectchk(X, List, Rest): as select/3, for the first X only",
    ("select", 4): "select(X, List, Y, Changed): Changed is List with one X replaced by Y",
    ("selectchk", 4): "selectchk(X, List, Y, Changed): as select/4, for the first X only",
    ("delete", 3): "delete(List, X, Rest): Rest is List without all that unifies with X",
    ("reverse", 2): "reverse(List, R): R is List from the end",
    ("permutation", 2): "permutation(A, B): lists A and B hold the same items in some order",
    ("flatten", 2): "flatten(Nested, List): the items of lists within lists",
    ("enum_groups", 3): "enum_groups(+Pairs, Group, Values): the Values of each Group of (Group, Value)",
    ("enum_groups", 4): "enum_groups(+Groups, +Items, Group, Values): the Items that stand at each Group",
    ("sum_list", 2): "sum_list(+Numbers, S): S is their sum",
    ("sumlist", 2): "sumlist(+Numbers, S): S is their sum",
    ("max_list", 2): "max_list(+Numbers, M): M is the largest",
    ("min_list", 2): "min_list(+Numbers, M): M is the smallest",
    ("numlist", 3): "numlist(+Low, +High, List): the integers from Low to High",
    ("max_member", 2): "max_member(List, X): X is the last item in the standard order of terms",
    ("min_member", 2): "min_member(List, X): X is the first item in the standard order of terms",
    ("is_set", 1): "is_set(List): no item of List occurs twice",
    ("list_to_set", 2): "list_to_set(List, Set): the items of List, each where it first occurs",
    ("intersection", 3): "intersection(A, B, AB): the items of A that are in B",
    ("union", 3): "union(A, B, AB): the items of A that are not in B, then B",
    ("subset", 2): "subset(A, B): every item of A is in B",
    ("subtract", 3): "subtract(A, B, Rest): the items of A that are not in B",
}

SORTING: dict[Indicator, str] = {
    ("sort", 2): "sort(List, Sorted): in the standard order of terms, each item once",
    ("msort", 2): "msort(List, Sorted): in the standard order of terms",
    ("sort", 4): "sort(+Argument, +Order, List, Sorted): by an argument, in order @<, @=<, @> or @>=",
    ("predsort", 3): "predsort(P, List, Sorted): by P(Order, X, Y), without those that are =",
    ("keysort", 2): "keysort(Pairs, Sorted): pairs Key-Value by their keys",
    ("pairs_keys_values", 3): "pairs_keys_values(Pairs, Keys, Values): pairs Key-Value taken apart",
    ("pairs_keys", 2): "pairs_keys(Pairs, Keys): the keys of pairs Key-Value",
    ("pairs_values", 2): "pairs_values(Pairs, Values): the values of pairs Key-Value",
    ("list_to_ord_set", 2): "list_to_ord_set(List, Set): as sort/2",
    ("ord_memberchk", 2): "ord_memberchk(X, Set): X is in a sorted set",
    ("ord_insert", 3): "ord_insert(Set, X, New): a sorted set with X",
    ("ord_add_element", 3): "ord_add_element(Set, X, New): a sorted set with X",
    ("ord_del_element", 3): "ord_del_element(Set, X, New): a sorted set without X",
    ("ord_union", 2): "ord_union(Sets, Set): all of several sorted sets",
    ("ord_union", 3): "ord_union(A, B, AB): all of two sorted sets",
    ("ord_intersection", 3): "ord_intersection(A, B, AB): what is in both of two sorted sets",
    ("ord_subtract", 3): "ord_subtract(A, B, Rest): what is in sorted set A and not in B",
    ("ord_subset", 2): "ord_subset(A, B): sorted set A is a part of B",
    ("ord_disjoint", 2): "ord_disjoint(A, B): two sorted sets have nothing in common",
}

TEXTS: dict[Indicator, str] = {
    ("atom_codes", 2): "atom_codes(Text, Codes): the character codes of a text; an atom of codes",
    ("atom_chars", 2): "atom_chars(Text, Chars): the characters of a text; an atom of characters",
    ("atom_length", 2): "atom_length(+Text, N): how many characters a text has",
    ("atom_number", 2): "atom_number(Text, N): the number that a text writes",
    ("atom_concat", 3): "atom_concat(A, B, AB): text A followed by text B, as an atom",
    (
        "sub_atom",
        5,
    ): "sub_atom(+Text, Before, Length, After, Part): Part of Text, with Before characters before it",
    ("atom_string", 2): "atom_string(Atom, String): the same text as a string",
    ("string_to_atom", 2): "string_to_atom(String, Atom): the same text as an atom",
    ("upcase_atom", 2): "upcase_atom(+Text, Atom): in capital letters",
    ("downcase_atom", 2): "downcase_atom(+Text, Atom): in small letters",
    ("atomic_list_concat", 2): "atomic_list_concat(+Texts, Atom): all Texts, one behind the other",
    (
        "atomic_list_concat",
        3,
    ): "atomic_list_concat(Texts, +Separator, Atom): with Separator between; or split",
    ("char_code", 2): "char_code(Char, Code): a character and its code",
    ("number_codes", 2): "number_codes(N, Codes): the character codes of a number",
    ("number_chars", 2): "number_chars(N, Chars): the characters of a number",
    ("number_string", 2): "number_string(N, String): the number that a string writes",
    ("string_codes", 2): "string_codes(Text, Codes): the character codes of a text; a string of codes",
    ("string_chars", 2): "string_chars(Text, Chars): the characters of a text; a string of characters",
    ("string_length", 2): "string_length(+Text, N): how many characters a text has",
    ("string_concat", 3): "string_concat(A, B, AB): text A followed by text B, as a string",
    ("string_upper", 2): "string_upper(+Text, String): in capital letters",
    ("string_lower", 2): "string_lower(+Text, String): in small letters",
    ("sub_string", 5): "sub_string(+Text, Before, Length, After, Part): as sub_atom/5, for strings",
    ("split_string", 4): "split_string(+Text, +Separators, +Padding, Parts): the parts between separators",
    ("text_concat", 3): "text_concat(+A, +B, AB): A followed by B; a string where one of them is",
    ("term_to_atom", 2): "term_to_atom(Term, Atom): a term and how it is written",
    ("term_string", 2): "term_string(String, Term): a term and how it is written",
    ("concat", 2): "concat(+Texts, Atom): all Texts, one behind the other",
    ("join", 3): "join(+Separator, +Texts, Atom): all Texts with Separator between",
    ("str2lst", 2): "str2lst(+Text, Chars): the characters of a text",
    ("lst2str", 2): "lst2str(+Texts, Atom): all Texts, one behind the other",
    ("str2int", 2): "str2int(+Text, N): the integer that a text writes",
}

APPLY: dict[Indicator, str] = {
    ("maplist", 2): "maplist(P, List): P(X) for every item",
    ("maplist", 3): "maplist(P, As, Bs): P(A, B) for the items of two lists, place by place",
    ("maplist", 4): "maplist(P, As, Bs, Cs): P(A, B, C) for the items of three lists",
    ("maplist", 5): "maplist(P, As, Bs, Cs, Ds): P(A, B, C, D) for the items of four lists",
    ("maplist", 6): "maplist(P, As, Bs, Cs, Ds, Es): as maplist/5, for five lists",
    ("maplist", 7): "maplist(P, As, Bs, Cs, Ds, Es, Fs): as maplist/5, for six lists",
    ("convlist", 3): "convlist(P, As, Bs): the B of P(A, B), for every A that has one",
    ("foldl", 4): "foldl(P, List, V0, V): P(X, V0, V1), P(Y, V1, V2), ... through all items",
    ("foldl", 5): "foldl(P, As, Bs, V0, V): as foldl/4, through two lists",
    ("foldl", 6): "foldl(P, As, Bs, Cs, V0, V): as foldl/4, through three lists",
    ("foldl", 7): "foldl(P, As, Bs, Cs, Ds, V0, V): as foldl/4, through four lists",
    ("foldl_noinit", 3): "foldl_noinit(P, List, V): as foldl/4, with the first item as V0",
    ("scanl", 4): "scanl(P, List, V0, Values): as foldl/4, with the value after each item",
    ("scanl", 5): "scanl(P, As, Bs, V0, Values): as scanl/4, through two lists",
    ("scanl", 6): "scanl(P, As, Bs, Cs, V0, Values): as scanl/4, through three lists",
    ("scanl", 7): "scanl(P, As, Bs, Cs, Ds, V0, Values): as scanl/4, through four lists",
    ("include", 3): "include(P, List, Kept): the items of which P holds",
    ("exclude", 3): "exclude(P, List, Kept): the items of which P does not hold",
    ("partition", 4): "partition(P, List, In, Out): the items of which P holds, and the others",
    ("partition", 5): "partition(P, List, Less, Equal, Greater): the items by the Order of P(X, Order)",
}

OUTPUT: dict[Indicator, str] = {
    **{("write", n): "write(X, ...): print on standard error, without quotes" for n in range(1, 10)},
    **{("writeln", n): "writeln(X, ...): print a line on standard error" for n in range(1, 10)},
    **{("writenl", n): "writenl(X, ...): print a line on standard error" for n in range(1, 10)},
    **{("debugprint", n): "debugprint(X, ...): print a line on standard error" for n in range(1, 10)},
    **{("error", n): "error(X, ...): stop with a message" for n in range(1, 10)},
    ("print", 1): "print(X): print on standard error, as it is written",
    ("writeq", 1): "writeq(X): print on standard error, as it is written",
    ("nl", 0): "nl: end a line on standard error",
    ("tab", 1): "tab(+N): print N spaces on standard error",
}

COLLECTING: dict[Indicator, str] = {
    ("findall", 4): "findall(X, Goal, List, End): as findall/3, with the list's end left open",
    ("bagof", 3): "bagof(X, Goal, List): as findall/3 for each binding of Goal's other variables; V^Goal",
    ("setof", 3): "setof(X, Goal, List): as bagof/3, sorted and without duplicates",
    ("aggregate_all", 3): "aggregate_all(Spec, Goal, R): count, sum(X), avg(X), min(X), max(X), bag(X), ...",
    ("aggregate_all", 4): "aggregate_all(Spec, D, Goal, R): as aggregate_all/3, once for each instance of D",
    ("collectgroup", 4): "collectgroup(Goal, X, Group, List): the instances of X for each Group",
    ("collect_list", 3): "collect_list(Goal, X, List): the instances of X, where there is one",
    ("collect_list", 4): "collect_list(Goal, Group, X, List): the instances of X for each Group",
}

COUNTING: dict[Indicator, str] = {
    ("exactly", 2): "exactly(K, +Goals): K of the goals hold",
    ("at_least", 2): "at_least(+K, +Goals): K of the goals hold, or more",
    ("at_most", 2): "at_most(+K, +Goals): K of the goals hold, or fewer",
    ("all_different", 1): "all_different(+Terms): no two terms have the same value",
    ("sum_equals", 2): "sum_equals(+Terms, S): the values of the terms add up to S",
    ("sum_at_least", 2): "sum_at_least(+Terms, +S): the values of the terms add up to S or more",
    ("sum_at_most", 2): "sum_at_most(+Terms, +S): the values of the terms add up to S or less",
}

SELECTING: dict[Indicator, str] = {
    (
        "select_uniform",
        4,
    ): "select_uniform(+Id, +List, X, Rest): X is an item at random, Rest the others",
    ("select_weighted", 5): "select_weighted(+Id, +Weights, +List, X, Rest): as select_uniform/4, by weights",
    ("select_weighted", 4): "select_weighted(+Id, +Pairs, X, Rest): as select_weighted/5, of (Weight, Item)",
    ("sample_uniform1", 3): "sample_uniform1(+Id, +List, X): X is an item of List, chosen at random",
}

AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "bag", "set"})
"""What heads may aggregate by, as in `total(G, sum<X>)`; any other name is a predicate of list and result."""

CONTROL: dict[Indicator, str] = {
    **{
        ("try_call", n): "try_call(+Goal, X, ...): as call, and fails where Goal is unknown"
        for n in range(1, 7)
    },
    ("on_fail", 2): "on_fail(Goal, Other): Goal, or Other in the worlds where Goal fails",
    ("cut", 1): "cut(r(X, ...)): the first of the clauses r(1, X, ...), r(2, X, ...), ... that holds",
    ("cut", 2): "cut(r(X, ...), N): the same, and N is its number; or N lists the numbers to try",
    ("cut", 3): "cut(r(X, ...), +Numbers, N): as cut/2, for the clauses of these numbers, in this order",
}

LIBRARY: dict[Indicator, str] = {
    **CONTROL,
    **LISTS,
    **SORTING,
    **TEXTS,
    **APPLY,
    **OUTPUT,
    **COLLECTING,
    **COUNTING,
    **SELECTING,
}
"""All of them."""
