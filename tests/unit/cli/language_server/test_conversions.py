"""What the protocol is told of findings and places."""

from __future__ import annotations

from pathlib import Path

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.conversions import MOST_SHOWN, diagnostics, locations
from nesy.cli.language_server.lines import Lines
from nesy.errors import Source, Span


def test_errors_come_first_and_no_more_are_shown_than_anybody_reads() -> None:
    text = "".join(f"p{i}(X) :- atom(a).\n" for i in range(2 * MOST_SHOWN)) + "q :- .\n"
    shown = diagnostics(analysis := Analysis(text), Lines(text), analysis.diagnostics())
    assert len(shown) == MOST_SHOWN
    assert [found.code for found in shown[:2]] == ["empty-body", "singleton-variable"]


def test_what_could_be_left_out_is_faded() -> None:
    text = "p :- q.\nq.\nr.\nquery(p).\n"
    (unused,) = diagnostics(analysis := Analysis(text), Lines(text), analysis.diagnostics())
    assert (unused.code, unused.tags) == ("unused-predicate", [1])


def test_places_in_no_file_are_left_out(tmp_path: Path) -> None:
    text = "p."
    analysis = Analysis(text, tmp_path / "a.nesy")
    library = Source("library(cut)", "cut(X) :- call(X).")
    spans = [Span(library, 0, 3), Span(analysis.source, 0, 1)]
    assert [place.uri for place in locations(analysis, "file:///a.nesy", spans, "utf-16")] == [
        "file:///a.nesy"
    ]


def test_many_places_of_one_text_are_found_at_once() -> None:
    text = "".join(f"e({i}).\n" for i in range(20_000))
    analysis = Analysis(text)
    spans = analysis.predicates["e", 1].heads
    found = locations(analysis, "file:///a", spans, "utf-16")
    assert (len(found), found[-1].range.start.line) == (20_000, 19_999)
