"""Pictures as text: well-formed, the same each time, and safe whatever a rule file holds."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

import nesy
from nesy import viz
from nesy.language.syntax import Program
from nesy.viz.page import page
from tests.unit.viz.programs import calls, observed

NASTY = """
0.5::'</script><script>alert(1)</script>'. 0.5::says("<img src=x onerror=alert(2)>", '&amp;"').
0.5::'\x01\x7f]]>'.
'<!-- &' :- '</script><script>alert(1)</script>', \\+ says(_, _), '\x01\x7f]]>'.
query('<!-- &').
"""


def nasty() -> Program:
    return nesy.parse(NASTY)


def every(program: Program) -> list[viz.Picture]:
    return [viz.predicates(program), viz.ground(program), viz.circuit(program)]


class Reading(HTMLParser):
    """The elements of a page, what they load, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "data", "action")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script":
            self.scripts.append(data)


@pytest.mark.parametrize("program", [calls, observed, nasty], ids=["calls", "observed", "nasty"])
def test_svg_is_well_formed(program: object) -> None:
    assert callable(program)
    for picture in every(program()):
        root = ET.fromstring(picture.svg())
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        numbers = [e.get("data-node") for e in root.iter() if e.get("data-node") is not None]
        assert numbers == [str(i) for i in range(len(picture.nodes))]
        assert not [e for e in root.iter() if e.tag.endswith(("script", "image"))]


def test_pictures_are_the_same_each_time() -> None:
    assert [p.svg() for p in every(observed())] == [p.svg() for p in every(observed())]
    assert page(every(observed()), "x") == page(every(observed()), "x")


def test_labels_in_svg_are_texts() -> None:
    root = ET.fromstring(viz.predicates(nasty()).svg())
    titles = [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "</script><script>alert(1)</script>/0" in titles


def test_no_text_becomes_markup_in_a_page() -> None:
    text = page(every(nasty()), "<b>&'\"")
    found = Reading(text)
    assert (found.tags.count("script"), found.tags.count("img"), found.tags.count("b")) == (2, 0, 0)
    assert found.loaded == []
    data = json.loads(found.scripts[0])
    assert "'</script><script>alert(1)</script>'" in {node["label"] for node in data[1]["nodes"]}
    assert "alert" not in "".join(found.scripts[1:])


def test_a_page_needs_nothing_else() -> None:
    text = page(every(observed()), "burglary.nesy")
    assert re.findall(r"(?:https?:)?//[\w.]+", text.replace("http://www.w3.org/2000/svg", "")) == []
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert len(text) < 120_000


def test_the_data_of_a_page_are_the_nodes() -> None:
    pictures = every(observed())
    data = json.loads(Reading(page(pictures, "x")).scripts[0])
    for picture, told in zip(pictures, data, strict=True):
        assert told["queries"] == list(picture.queries)
        for node, shown in zip(picture.nodes, told["nodes"], strict=True):
            assert (node.label, node.value) == (shown["label"], shown["value"])
            assert list(node.derivatives) == shown["derivatives"]


def test_saving(tmp_path: Path) -> None:
    picture = viz.predicates(calls())
    viz.save(tmp_path / "a.svg", picture)
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == picture.svg()
    viz.save(tmp_path / "a.HTML", [picture, viz.circuit(calls())])
    assert "<title>a</title>" in (tmp_path / "a.HTML").read_text(encoding="utf-8")
    assert picture._repr_svg_() == picture.svg()


@pytest.mark.parametrize(
    ("name", "count", "code"),
    [
        ("a.png", 1, "unknown-picture-format"),
        ("a", 1, "unknown-picture-format"),
        ("a.svg", 2, "several-pictures"),
        ("missing/a.svg", 1, "file-not-writable"),
    ],
)
def test_what_cannot_be_saved(tmp_path: Path, name: str, count: int, code: str) -> None:
    with pytest.raises(nesy.NesyError) as error:
        viz.save(tmp_path / name, [viz.predicates(calls())] * count)
    assert error.value.code == code
    assert list(tmp_path.iterdir()) == []
