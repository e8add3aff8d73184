"""Where keys stand, against TOML texts that are put together with their places known."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nesy
from nesy.nn.training.configuration.toml import read_toml

BARE = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=6)
QUOTED = st.text("ab .=[]{}#'", max_size=5).map(lambda t: (f'"{t}"', t))
KEY = st.one_of(BARE.map(lambda t: (t, t)), QUOTED)
SCALAR = st.sampled_from(
    [
        "1",
        "-2.5",
        "true",
        '"a = [1] # {"',
        "'x = \"3\"'",
        '"""a\n[b]\nc = 1"""',
        "1979-05-27T07:32:00Z",
        "1e-3",
    ]
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda vs: "[" + ",\n ".join(vs) + "]"),
        st.lists(inner, max_size=3).map(lambda vs: "[ # = [\n" + "".join(f"{v}, # x\n" for v in vs) + "]"),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KEY, VALUE), max_size=4), KEY, st.lists(st.tuples(KEY, VALUE), max_size=4))
def test_each_key_is_where_it_was_put(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[tuple[str, str], str]],
    table: tuple[str, str],
    inside: list[tuple[tuple[str, str], str]],
) -> None:
    text, expected = "# comment = 1\n", {}
    names: set[str] = {table[1]}
    for (written, name), value in before:
        if name not in names:
            names.add(name)
            expected[(name,)] = len(text)
            text += f"{written} = {value} # y = 2\n"
    expected[(table[1],)] = len(text) + 1
    text += f"[{table[0]}]\n"
    row = "inline = { a = 1, b = { c = [2, { d = 3 }] }, e = {} , f = 4 }"
    for (written, name), value in inside:
        if (table[1], name) not in expected and name != "inline":
            expected[table[1], name] = len(text) + 2
            text += f"  {written}\t= {value}\n"
    for keys in (("a",), ("b",), ("b", "c"), ("b", "c", "d"), ("e",), ("f",)):
        expected[(table[1], "inline", *keys)] = len(text) + row.index(f" {keys[-1]} =") + 1
    text += row
    path = tmp_path_factory.mktemp("toml") / "c.toml"
    path.write_text(text, newline="")
    _, places = read_toml(path)
    found = {keys: span.start for keys, span in places.spans.items()}
    assert {keys: found.get(keys) for keys in expected} == expected


def test_what_is_not_there_is_where_it_would_be(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("a = 1\n[t.u]\nb = 2\n")
    _, places = read_toml(path)
    for keys, line, column in [(("t", "u", "x"), 2, 2), (("x",), 1, 1), (("t", "x"), 2, 2)]:
        span = places.of(keys)
        assert span is not None
        assert (span.line, span.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a = 1\nb = \n", 2, 5), ("a = 1\na = 2\n", 2, 6), ("[t\n", 1, 3), ('a = "x', 1, 7)],
)
def test_malformed_texts_say_where(tmp_path: Path, text: str, line: int, column: int) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(nesy.NesyError) as error:
        read_toml(path)
    span = error.value.span
    assert (error.value.code, span and (span.line, span.column)) == ("malformed-config", (line, column))
