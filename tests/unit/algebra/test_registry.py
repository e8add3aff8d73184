from dataclasses import replace

import pytest

from nesy.algebra import BUILTIN, GODEL, LOG, LOGICS, REAL, AlgebraRegistry, algebras, registry
from nesy.errors import EngineError


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
        "the known ones are real, log, max-product, max-log, tropical, max-min, counting, boolean, dual, "
        "expectation, entropy, godel, product, lukasiewicz, possibilistic, and top-K for the K best worlds"
    )


@pytest.mark.parametrize("name", ["top-0", "top-", "top-x", "top-03", "top-10000"])
def test_only_some_numbers_name_the_best(name):
    with pytest.raises(EngineError, match="unknown-algebra"):
        algebras.get(name)


def test_duplicates_are_refused():
    with pytest.raises(EngineError) as caught:
        AlgebraRegistry([REAL, replace(LOG, name="real")])
    assert caught.value.code == "duplicate-algebra"


def test_installed_packages_bring_algebras_by_entry_point(monkeypatch):
    class Entry:
        def load(self):
            return replace(REAL, name="theirs")

    asked = []
    monkeypatch.setattr(registry, "entry_points", lambda **which: asked.append(which) or [Entry()])
    own = AlgebraRegistry(BUILTIN)
    assert own.get("theirs").name == "theirs"
    assert own.get("theirs").name == "theirs"
    assert asked == [{"group": "nesy.algebras", "name": "theirs"}]
