"""The table of built-ins is the one that grounding answers."""

from nesy.grounding.builtins import BUILTINS as ANSWERED
from nesy.language.builtins import BOUND_ARGUMENTS, BUILTINS, KNOWN, LIBRARY, UNSUPPORTED
from nesy.language.operators import NEGATIONS


def test_the_tables_name_the_same_predicates() -> None:
    # Negation is no predicate of the grounder: the parser makes it a node of its own.
    assert set(ANSWERED) == KNOWN - {(name, 1) for name in NEGATIONS}


def test_library_predicates_are_no_built_ins() -> None:
    assert not set(BUILTINS) & set(LIBRARY)


def test_what_is_unsupported_is_not_known() -> None:
    assert not UNSUPPORTED & {name for name, _ in KNOWN}


def test_bound_arguments_exist() -> None:
    assert all(key in BUILTINS and max(places) < key[1] for key, places in BOUND_ARGUMENTS.items())


def test_every_built_in_explains_itself() -> None:
    for (name, _), text in {**BUILTINS, **LIBRARY}.items():
        assert name in text
        assert ": " in text
