"""The predicates that need no clauses: what each does, in one line.

`BUILTINS` cannot be redefined; the predicates of `LIBRARY` can, and a program's own clauses
then take their place. Arguments marked `+` must be bound when the goal is reached.
"""

from __future__ import annotations

from nesy.language.library import LIBRARY
from nesy.language.terms import Indicator

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
    ("unify_with_occurs_check", 2): "unify_with_occurs_check(X, Y): unify two terms, as = does",
    ("=@=", 2): "X =@= Y: two terms are equal but for the names of variables",
    ("\\=@=", 2): r"X \=@= Y: two terms differ in more than the names of variables",
    ("compare", 3): "compare(Order, X, Y): Order is <, = or >, in the standard order of terms",
    ("subsumes_term", 2): "subsumes_term(General, Specific): Specific is an instance of General",
    ("subsumes_chk", 2): "subsumes_chk(General, Specific): Specific is an instance of General",
    ("functor", 3): "functor(Term, Name, Arity): the name of a term, and how many arguments it has",
    ("arg", 3): "arg(N, +Term, X): X is argument N, counted from 1",
    ("=..", 2): "Term =.. List: List is the name of a term, then its arguments",
    ("copy_term", 2): "copy_term(Term, Copy): Copy is Term with new variables",
    ("term_variables", 2): "term_variables(Term, List): the variables of Term",
    ("numbervars", 2): "numbervars(Term, Copy): Copy is Term with its variables as $Var(0), $Var(1), ...",
    ("numbervars", 3): "numbervars(Term, +N, Copy): as numbervars/2, from $Var(N) on",
    ("varnumbers", 2): "varnumbers(Term, Copy): Copy is Term with a variable for each $Var(N)",
    ("callable", 1): "callable(X): X is an atom or has arguments",
    ("simple", 1): "simple(X): X has no arguments",
    ("primitive", 1): "primitive(X): X is an atom, a string or a number",
    ("rational", 1): "rational(X): X is an integer",
    ("dbreference", 1): "dbreference(X): never holds, as there are no references to clauses",
    ("not", 1): r"not Goal: Goal has no derivation; the same as \+",
    ("\\+", 1): r"\+ Goal: Goal has no derivation",
    ("findall", 3): "findall(X, Goal, List): the instances of X, one for each proof of Goal",
    ("all", 3): "all(X, Goal, List): the instances of X, one for each solution of Goal; fails where none",
    ("all_or_none", 3): "all_or_none(X, Goal, List): as all/3, with the empty list where there is none",
}

META: dict[Indicator, str] = {
    **{("call", n): "call(Goal, X, ...): Goal, with further arguments behind its own" for n in range(1, 9)},
    ("once", 1): "once(Goal): Goal",
    ("ignore", 1): r"ignore(Goal): (Goal ; \+ Goal)",
    ("forall", 2): r"forall(Condition, Action): \+ (Condition, \+ Action)",
    ("clause", 2): "clause(+Head, Body): a clause of the program; Body is true for facts",
    ("subquery", 2): "subquery(Goal, P): P is the probability of Goal",
    ("subquery", 3): "subquery(Goal, P, Evidence): P is the probability of Goal, given a list of goals",
}
"""Predicates that control makes, whatever the clauses."""

KNOWN: frozenset[Indicator] = frozenset(BUILTINS) | frozenset(LIBRARY) | frozenset(META)
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
    ("arg", 3): (1,),
    ("exactly", 2): (1,),
    ("at_least", 2): (0, 1),
    ("at_most", 2): (0, 1),
    ("all_different", 1): (0,),
    ("sum_equals", 2): (0,),
    ("sum_at_least", 2): (0, 1),
    ("sum_at_most", 2): (0, 1),
}
"""The arguments that a built-in only reads: a variable there must be bound by something else."""

UNSUPPORTED: frozenset[str] = frozenset(
    {
        "assert",
        "asserta",
        "assertz",
        "call_nc",
        "cmd_args",
        "current_key",
        "erase",
        "format",
        "halt",
        "instance",
        "nb_getval",
        "nb_setval",
        "nocache",
        "possible",
        "recorda",
        "recorded",
        "recordz",
        "retract",
        "retractall",
    }
)
"""Predicates of Prolog systems that are absent here; the unknown-predicate check says so."""
