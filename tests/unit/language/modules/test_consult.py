"""Programs of several files: what is read, once or again, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

import nesy
from nesy.language.syntax import Directive
from tests.unit.language.modules.folders import answers, folder, place, refused

MAIN = "main.pl"


@pytest.mark.parametrize(
    "directive",
    [
        "consult('other.pl')",
        "consult(other)",
        'consult("other.pl")',
        "consult([other])",
        "ensure_loaded(other)",
        "include('other.pl')",
        "use_module('other.pl')",
        "use_module(other, [p/1])",
        "initialization(consult(other))",
    ],
)
def test_the_rules_of_another_file_are_read(tmp_path: Path, directive: str) -> None:
    path = folder(tmp_path, {MAIN: f":- {directive}.\nquery(p(_)).", "other.pl": "0.3::p(a)."})
    assert answers(path) == {"p(a)": 0.3}


def test_files_name_others_relative_to_themselves(tmp_path: Path) -> None:
    files = {
        MAIN: ":- consult('sub/one.nesy'). query(p).",
        "sub/one.nesy": ":- consult(two).\n:- consult('../three').",
        "sub/two.pl": "0.5::p.",
        "three.nesy": "0.5::p.",
    }
    assert answers(folder(tmp_path, files)) == {"p": 0.75}


def test_a_file_is_consulted_once_however_it_is_named(tmp_path: Path) -> None:
    files = {
        MAIN: ":- consult(other). :- consult('./other.pl'). :- use_module('sub/../other').\nquery(p).",
        "other.pl": ":- consult(main).\n0.5::p.",
        "sub/unused.pl": "",
    }
    assert answers(folder(tmp_path, files)) == {"p": 0.5}


def test_what_is_included_twice_is_there_twice(tmp_path: Path) -> None:
    files = {MAIN: ":- include(other). :- include([other]).\nquery(p).", "other.pl": "0.5::p."}
    assert answers(folder(tmp_path, files)) == {"p": 0.75}


def test_files_that_include_one_another_are_an_error(tmp_path: Path) -> None:
    files = {MAIN: ":- include(one).", "one.pl": ":- include(two).", "two.pl": "p.\n:- include(one)."}
    error = refused(folder(tmp_path, files))
    assert place(error) == ("include-cycle", "two.pl", 2, 12)
    assert "one.pl -> two.pl -> one.pl" in error.message


def test_many_files_in_a_row(tmp_path: Path) -> None:
    files = {MAIN: ":- consult(f0). query(p)."}
    files |= {f"f{i}.pl": f":- consult(f{i + 1})." for i in range(1500)}
    files["f1500.pl"] = "0.5::p."
    assert answers(folder(tmp_path, files)) == {"p": 0.5}


def test_rules_stand_where_the_directive_stood(tmp_path: Path) -> None:
    path = folder(tmp_path, {MAIN: "p(1).\n:- consult(other).\np(4).", "other.pl": "p(2).\np(3)."})
    texts = [c.span.text for c in nesy.load(path).clauses if c.span is not None]
    assert texts == ["p(1).", "p(2).", "p(3).", "p(4)."]
    assert not any(isinstance(s, Directive) for s in nesy.load(path).statements)


def test_mistakes_are_shown_in_the_file_they_stand_in(tmp_path: Path) -> None:
    files = {MAIN: ":- consult(other).\nquery(p).", "other.pl": "p :-\n  q(X, )."}
    assert place(refused(folder(tmp_path, files)))[1:] == ("other.pl", 2, 6)
    files["other.pl"] = "p :-\n  unheard_of."
    assert place(refused(folder(tmp_path, files))) == ("unknown-predicate", "other.pl", 2, 3)


def test_mistakes_of_several_files_come_in_order_of_reading(tmp_path: Path) -> None:
    files = {
        MAIN: "a :- x1.\n:- consult(other).\nquery(a). query(b). c :- x3.\nquery(c).",
        "other.pl": "b :- x2.",
    }
    error = refused(folder(tmp_path, files))
    lines = [error.diagnostic, *error.others]
    assert [d.message.split()[-1] for d in lines] == ["x1/0", "x3/0", "x2/0"]


@pytest.mark.parametrize(
    ("directive", "code", "column"),
    [
        ("consult(absent)", "file-not-found", 12),
        ("consult('')", "file-not-found", 12),
        ("consult('sub')", "file-not-found", 12),
        ("consult(X)", "malformed-directive", 12),
        ("consult(f(x))", "malformed-directive", 12),
        ("use_module(library(nothing))", "unknown-library", 15),
        ("use_module(other, [q/1])", "not-exported", 15),
        ("use_module(other, p)", "malformed-directive", 22),
        ("use_module(other, [p])", "malformed-directive", 23),
        ("csv_load('absent.csv', p)", "file-not-found", 4),
        ("sqlite_load(3)", "malformed-directive", 16),
    ],
)
def test_directives_that_ask_for_what_is_not_there(
    tmp_path: Path, directive: str, code: str, column: int
) -> None:
    files = {
        MAIN: f":- {directive}.\nquery(a).",
        "other.pl": ":- module(other, [p/1]).\np(1).",
        "sub/x.pl": "",
    }
    # The missing rules define what is asked, perhaps: nothing is said of that.
    error = refused(folder(tmp_path, files))
    assert place(error) == (code, MAIN, 1, column)
    assert error.others == ()
    assert error.hint


def test_a_missing_file_is_told_from_its_neighbours(tmp_path: Path) -> None:
    error = refused(folder(tmp_path, {MAIN: ":- consult('othr.pl').", "other.pl": ""}))
    assert error.hint == "did you mean 'other.pl'?"


def test_known_libraries_need_no_import(tmp_path: Path) -> None:
    libraries = " ".join(f":- use_module(library({name}))." for name in ("lists", "apply", "db", "string"))
    text = f"{libraries}\n:- use_module(library(lists), [member/2]).\np(X) :- member(X, [1]).\nquery(p(_))."
    assert answers(folder(tmp_path, {MAIN: text})) == {"p(1)": 1.0}
    assert nesy.solve(nesy.parse(text))["p(1)"].probability == 1.0


def test_a_module_and_another_file_cannot_define_one_predicate(tmp_path: Path) -> None:
    files = {
        MAIN: ":- use_module(other).\nhidden(1).\nquery(p(_)).",
        "other.pl": ":- module(other, [p/1]).\np(X) :- hidden(X).\nhidden(2).",
    }
    error = refused(folder(tmp_path, files))
    assert error.code == "module-clash"
    files[MAIN] = ":- use_module(other).\nquery(p(_))."
    assert answers(folder(tmp_path, files)) == {"p(2)": 1.0}


def test_a_text_has_no_folder_unless_it_is_given_one(tmp_path: Path) -> None:
    text = ":- consult(other).\nquery(p)."
    with pytest.raises(nesy.NesyError) as caught:
        nesy.parse(text)
    assert caught.value.code == "no-folder"
    folder(tmp_path, {"other.pl": "0.5::p."})
    assert nesy.solve(nesy.parse(text, base=tmp_path))["p"].probability == 0.5


def test_check_reads_the_other_files_too(tmp_path: Path) -> None:
    path = folder(tmp_path, {MAIN: ":- consult(other).\nquery(p).", "other.pl": "p :- q(Once)."})
    found = nesy.check(path.read_text(), str(path), base=path)
    codes = {d.code: d.span.source.name for d in found if d.span is not None}
    assert set(codes) >= {"unknown-predicate", "singleton-variable"}
    assert {Path(name).name for name in codes.values()} == {"other.pl"}
