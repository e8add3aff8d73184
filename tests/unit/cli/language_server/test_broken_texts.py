"""Whatever stands in a text, at whatever place, every question has an answer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.completion import completions
from nesy.cli.language_server.definition import definitions
from nesy.cli.language_server.hover import hover
from nesy.cli.language_server.outline import outline

CORPUS = sorted((Path(__file__).parents[4] / "grammar" / "corpus").glob("*/*.nesy"))
PIECES = st.sampled_from(
    [*"()[],|.%'\"\\ \n:;X_", ":-", "::", "\\+", "nn(", "query(", "p", "q(", "0.3", "/*", "*/", " is ", ".\n"]
)


def ask_everything(text: str, offsets: list[int]) -> None:
    analysis = Analysis(text)
    outline(analysis)
    for offset in offsets:
        hover(analysis, offset)
        definitions(analysis, offset)
        completions(analysis, offset)


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: p.stem)
def test_texts_cut_anywhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    draw = random.Random(path.stem)
    cut = draw.randint(0, len(text))
    ask_everything(text[:cut], [cut, draw.randint(0, cut)])
    ask_everything(text, [draw.randint(0, len(text))])


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=12), st.integers(0, 20))
def test_pieces_in_any_order(pieces: list[str], offset: int) -> None:
    text = "".join(pieces)
    ask_everything(text, [min(offset, len(text)), len(text)])


def test_large_texts_take_no_recursion() -> None:
    ask_everything("p(" + "f(" * 50_000, [50_000])
    ask_everything("p([" + "1, " * 30_000 + "1]).\nq :- p(X).", [90_010])
