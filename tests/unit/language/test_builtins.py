"""The table of built-ins is the one that grounding answers."""

from nesy.grounding.builtins import BUILTINS as ANSWERED
from nesy.grounding.cardinality.goals import READERS
from nesy.grounding.collect.goals import COLLECTORS
from nesy.grounding.library import PREDICATES
from nesy.grounding.selection import SELECTORS
from nesy.language.builtins import BOUND_ARGUMENTS, BUILTINS, KNOWN, META, UNSUPPORTED
from nesy.language.library import LIBRARY
from nesy.language.operators import NEGATIONS


def test_the_tables_name_the_same_predicates() -> None:
    # Names with a dollar are for the library's own rules.
    plain = {key for key in ANSWERED if not key[0].startswith("$")}
    assert not plain & PREDICATES
    assert plain | PREDICATES <= KNOWN
    # Negation and calls of goals are the grounder's own; so are goals about all solutions of others.
    others = KNOWN - plain - PREDICATES
    negations = {(name, 1) for name in NEGATIONS}
    assert others == (set(META) | set(COLLECTORS) | set(READERS) | set(SELECTORS) | negations) & KNOWN


def test_library_predicates_are_no_built_ins() -> None:
    assert not set(BUILTINS) & set(LIBRARY)


def test_what_is_unsupported_is_not_known() -> None:
    assert not UNSUPPORTED & {name for name, _ in KNOWN}


def test_bound_arguments_exist() -> None:
    known = BUILTINS | LIBRARY
    assert all(key in known and max(places) < key[1] for key, places in BOUND_ARGUMENTS.items())


def test_every_built_in_explains_itself() -> None:
    for (name, _), text in {**BUILTINS, **LIBRARY}.items():
        assert name in text
        assert ": " in text
