"""The predicates that need no clauses: what each does, in one line.

`BUILTINS` cannot be redefined; the list predicates of `LIBRARY` can, and a program's own clauses
then take their place. Arguments marked `+` must be bound when the goal is reached.
"""

from __future__ import annotations

from nesy.language.syntax import Indicator

BUILTINS: dict[Indicator, str] = {
    ("true", 0): "true: always holds",
    ("fail", 0): "fail: never holds",
    ("false", 0): "false: never holds",
    ("=", 2): "X = Y: unify two terms",
    ("\\=", 2): r"X \= Y: two terms do not unify",
    ("==", 2): "X == Y: two terms are identical",
    ("\\==", 2): r"X \== Y: two terms are not identical",
    ("is", 2): "X is +Expression: X is the value of an arithmetic expression",
    ("<", 2): "+X < +Y: less than, by value",
    (">", 2): "+X > +Y: greater than, by value",
    ("=<", 2): "+X =< +Y: at most, by value",
    (">=", 2): "+X >= +Y: at least, by value",
    ("=:=", 2): "+X =:= +Y: equal by value",
    ("=\\=", 2): r"+X =\= +Y: unequal by value",
    ("@<", 2): "X @< Y: before, in the standard order of terms",
    ("@>", 2): "X @> Y: after, in the standard order of terms",
    ("@=<", 2): "X @=< Y: not after, in the standard order of terms",
    ("@>=", 2): "X @>= Y: not before, in the standard order of terms",
    ("between", 3): "between(+Low, +High, X): X is an integer from Low to High",
    ("succ", 2): "succ(X, Y): Y is X + 1, with one of them bound",
    ("plus", 3): "plus(X, Y, Z): Z is X + Y, with two of them bound",
    ("var", 1): "var(X): X is not bound",
    ("nonvar", 1): "nonvar(X): X is bound",
    ("ground", 1): "ground(X): X holds no unbound variable",
    ("atom", 1): "atom(X): X is an atom",
    ("string", 1): "string(X): X is a string",
    ("number", 1): "number(X): X is a number",
    ("atomic", 1): "atomic(X): X is an atom, a string or a number",
    ("integer", 1): "integer(X): X is an integer",
    ("float", 1): "float(X): X is a float",
    ("compound", 1): "compound(X): X has arguments",
    ("is_list", 1): "is_list(X): X is a closed list",
    ("not", 1): r"not Goal: Goal has no derivation; the same as \+",
    ("\\+", 1): r"\+ Goal: Goal has no derivation",
}

LIBRARY: dict[Indicator, str] = {
    ("member", 2): "member(X, List): X is an item of List",
    ("append", 3): "append(A, B, AB): AB is list A followed by list B",
    ("length", 2): "length(List, N): List has N items",
    ("nth0", 3): "nth0(I, List, X): X is item I, counted from 0",
    ("nth1", 3): "nth1(I, List, X): X is item I, counted from 1",
    ("sum_list", 2): "sum_list(+Numbers, S): S is their sum",
    ("sumlist", 2): "sumlist(+Numbers, S): S is their sum",
    ("max_list", 2): "max_list(+Numbers, M): M is the largest",
    ("min_list", 2): "min_list(+Numbers, M): M is the smallest",
    ("reverse", 2): "reverse(List, R): R is List from the end",
}

KNOWN: frozenset[Indicator] = frozenset(BUILTINS) | frozenset(LIBRARY)
"""Every predicate that a program may call without defining it."""

BOUND_ARGUMENTS: dict[Indicator, tuple[int, ...]] = {
    ("is", 2): (1,),
    ("<", 2): (0, 1),
    (">", 2): (0, 1),
    ("=<", 2): (0, 1),
    (">=", 2): (0, 1),
    ("=:=", 2): (0, 1),
    ("=\\=", 2): (0, 1),
    ("between", 3): (0, 1),
}
"""The arguments that a built-in only reads: a variable there must be bound by something else."""

UNSUPPORTED: frozenset[str] = frozenset(
    {
        "=..",
        "arg",
        "assert",
        "asserta",
        "assertz",
        "atom_chars",
        "atom_codes",
        "atom_length",
        "atom_number",
        "atomic_list_concat",
        "bagof",
        "call",
        "copy_term",
        "exclude",
        "findall",
        "foldl",
        "forall",
        "format",
        "functor",
        "halt",
        "include",
        "maplist",
        "msort",
        "nb_getval",
        "nl",
        "number_codes",
        "once",
        "print",
        "retract",
        "setof",
        "sort",
        "write",
        "writeln",
    }
)
"""Predicates of Prolog systems that are absent here; the unknown-predicate check says so."""
