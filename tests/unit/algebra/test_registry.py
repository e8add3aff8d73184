from dataclasses import replace

import pytest

from nesy.algebra import BUILTIN, GODEL, LOG, LOGICS, REAL, AlgebraRegistry, algebras
from nesy.errors import EngineError
from tests.unit.installed import install


def test_builtin_algebras_are_listed_and_found():
    assert list(algebras) == [a.name for a in (*BUILTIN, *LOGICS)]
    assert len(algebras) == 15
    assert algebras.get("godel") is GODEL
    assert algebras.get("top-7").element_shape == (7,)
    assert "log" in algebras
    assert algebras.get("log") is LOG


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(EngineError) as caught:
        algebras.get("lgo")
    assert caught.value.code == "unknown-algebra"
    assert "'lgo'" in caught.value.message
    assert caught.value.hint == (
        "did you mean log? the algebras are real, log, max-product, max-log, tropical, max-min, counting, "
        "boolean, dual, expectation, entropy, godel, product, lukasiewicz, possibilistic, "
        "top-K for the K best worlds"
    )


@pytest.mark.parametrize("name", ["top-0", "top-", "top-x", "top-03", "top-10000"])
def test_only_some_numbers_name_the_best(name):
    with pytest.raises(EngineError, match="unknown-algebra"):
        algebras.get(name)


def test_duplicates_are_refused():
    with pytest.raises(EngineError) as caught:
        AlgebraRegistry([REAL, replace(LOG, name="real")])
    assert caught.value.code == "duplicate-algebra"


THEIRS = replace(REAL, name="theirs")
MISNAMED = THEIRS


def install_algebras(monkeypatch, *entries):
    install(monkeypatch, "nesy.algebra.registry:INSTALLED", *entries)


def test_installed_packages_bring_algebras_by_entry_point(monkeypatch):
    install_algebras(monkeypatch, ("theirs", f"{__name__}:THEIRS"), ("lost", "nesy.nowhere:X"))
    own = AlgebraRegistry(BUILTIN)
    assert "theirs" not in own
    assert own.get("theirs") is THEIRS
    assert own.get("theirs") is THEIRS
    assert "theirs" in own


def test_what_is_installed_is_among_the_known_ones(monkeypatch):
    install_algebras(monkeypatch, ("theirs", f"{__name__}:THEIRS"))
    with pytest.raises(EngineError) as caught:
        AlgebraRegistry(BUILTIN).get("their")
    assert caught.value.code == "unknown-algebra"
    assert caught.value.hint.startswith("did you mean theirs? the algebras are real, log, ")


@pytest.mark.parametrize("place", ["nesy.nowhere:X", "nesy:missing", "builtins:dict", f"{__name__}:MISNAMED"])
def test_an_entry_point_that_gives_no_algebra_of_that_name_is_refused(monkeypatch, place):
    install_algebras(monkeypatch, ("mine", place))
    own = AlgebraRegistry(BUILTIN)
    with pytest.raises(EngineError) as caught:
        own.get("mine")
    assert caught.value.code == "invalid-algebra"
    assert place in caught.value.message
    assert list(own) == [a.name for a in BUILTIN]


def test_an_algebra_that_two_packages_bring_is_refused(monkeypatch):
    install_algebras(monkeypatch, ("mine", "one:MINE"), ("mine", "two:MINE"))
    with pytest.raises(EngineError, match="duplicate-algebra"):
        algebras.get("mine")
