"""Diagnostics as people read them: code, place, line, caret, help."""

from __future__ import annotations

import pytest

from nesy import errors
from nesy.errors import Diagnostic, LanguageError, NesyError, Source, Span


def span(text: str, part: str, name: str = "family.nesy") -> Span:
    """The first occurrence of a part of a text."""
    start = text.index(part)
    return Span(Source(name, text), start, start + len(part))


def test_a_finding_without_a_place_is_one_line_and_its_help() -> None:
    assert Diagnostic("missing-network", "no network named n").render() == (
        "error[missing-network]: no network named n"
    )
    assert Diagnostic("missing-network", "no network named n", hint="pass n=").render() == (
        "error[missing-network]: no network named n\n  help: pass n="
    )


def test_the_caret_stands_under_what_is_wrong() -> None:
    text = "% a family\np(X) :- q(Y).\n"
    place = Span(Source("family.nesy", text), text.index("X"), text.index("X") + 1)
    shown = Diagnostic("unsafe-variable", "X is unbound", place, "bind X in the body").render()
    assert shown.splitlines() == [
        "error[unsafe-variable]: X is unbound",
        "  family.nesy:2:3",
        "  2 | p(X) :- q(Y).",
        "    |   ^",
        "  help: bind X in the body",
    ]


def test_the_carets_are_as_long_as_the_span() -> None:
    shown = Diagnostic("unknown-predicate", "no such", span("a :- bcd(1), e.", "bcd(1)")).render()
    assert shown.splitlines()[-2:] == ["  1 | a :- bcd(1), e.", "    |      ^^^^^^"]


def test_tabs_before_the_caret_stay_tabs() -> None:
    shown = Diagnostic("x", "y", span("\ta :-\tb.", "b")).render()
    assert shown.splitlines()[-2:] == ["  1 | \ta :-\tb.", "    | \t    \t^"]


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    shown = Diagnostic("x", "y", span("a :- b,\n  c.\nd.\n", "b,\n  c")).render()
    assert shown.splitlines()[1:] == ["  family.nesy:1:6", "  1 | a :- b,", "    |      ^^"]


@pytest.mark.parametrize(("text", "line", "column"), [("a :-", 1, 5), ("a.\nb :- c\n", 3, 1), ("", 1, 1)])
def test_the_end_of_the_file_has_a_place_and_one_caret(text: str, line: int, column: int) -> None:
    end = Span(Source("f", text), len(text), len(text))
    assert (end.line, end.column) == (line, column)
    shown = Diagnostic("unexpected-end", "the text ends here", end).render().splitlines()
    assert shown[1] == f"  f:{line}:{column}"
    assert shown[3] == "    | " + " " * (column - 1) + "^"


def test_the_gutter_is_as_wide_as_the_line_number() -> None:
    text = "a.\n" * 99 + "bad"
    shown = Diagnostic("x", "y", span(text, "bad")).render().splitlines()
    assert shown[1:] == ["  family.nesy:100:1", "  100 | bad", "      | ^^^"]


def test_lines_that_end_as_on_windows_show_no_carriage_return() -> None:
    text = "a.\r\nbad\r\n"
    assert "\r" not in Diagnostic("x", "y", span(text, "bad")).render()
    assert span(text, "bad").line == 2


def test_a_span_that_starts_at_a_line_break_still_has_a_caret() -> None:
    shown = Diagnostic("x", "y", span("a\nb", "\n")).render().splitlines()
    assert shown[1:] == ["  family.nesy:1:2", "  1 | a", "    |  ^"]


def test_characters_outside_ascii_count_as_one_column() -> None:
    assert span("'héé'(x) :- bad.", "bad").column == 13


def test_of_a_long_line_only_what_is_near_the_caret_is_shown() -> None:
    text = "p([" + "x, " * 3000 + "Bad, " + "y, " * 3000 + "z])."
    _, place, shown, carets = Diagnostic("x", "y", span(text, "Bad")).render().splitlines()
    assert place == "  family.nesy:1:9004"
    assert len(shown) < 120
    assert shown.startswith("  1 | ...")
    assert shown.endswith("...")
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "Bad"


@pytest.mark.parametrize("part", ["first", "last"])
def test_the_ends_of_a_long_line_are_not_marked_as_cut(part: str) -> None:
    text = "first" + " " * 5000 + "last"
    _, _, shown, carets = Diagnostic("x", "y", span(text, part)).render().splitlines()
    assert shown[carets.index("^") : carets.rindex("^") + 1] == part
    assert (shown.startswith("  1 | first"), shown.endswith("last")) == (part == "first", part == "last")


def test_a_long_span_is_marked_no_further_than_its_line_is_shown() -> None:
    text = "a" * 5000
    _, _, shown, carets = Diagnostic("x", "y", span(text, text)).render().splitlines()
    assert shown == "  1 | " + "a" * 100 + "..."
    assert carets == "    | " + "^" * 103


def test_the_end_of_a_long_line_has_a_caret() -> None:
    place = Span(Source("f", "a" * 5000), 5000, 5000)
    _, _, shown, carets = Diagnostic("x", "y", place).render().splitlines()
    assert len(carets) == len(shown) + 1


@pytest.mark.parametrize(
    ("offset", "position"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (5, (3, 2))]
)
def test_positions_count_from_one(offset: int, position: tuple[int, int]) -> None:
    assert Source("f", "ab\n\nc").position(offset) == position


def test_spans_know_their_text() -> None:
    assert span("a :- bcd.", "bcd").text == "bcd"


def test_a_warning_says_so() -> None:
    assert Diagnostic("x", "y", severity="warning").render() == "warning[x]: y"


def test_an_error_carries_its_diagnostic_and_prints_it() -> None:
    place = span("a.\nbad.", "bad")
    other = Diagnostic("later", "another")
    error = LanguageError("unsafe-variable", "message", span=place, hint="remedy", others=(other,))
    assert (error.code, error.message, error.span, error.hint) == (
        "unsafe-variable",
        "message",
        place,
        "remedy",
    )
    assert error.others == (other,)
    assert str(error) == error.diagnostic.render()


def test_every_kind_of_mistake_is_one_family() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, Exception)]
    assert len(kinds) == 9
    for kind in kinds:
        with pytest.raises(NesyError, match=r"error\[some-code\]: what"):
            raise kind("some-code", "what")
