"""Statements that are entered, loaded, taken back and saved."""

from __future__ import annotations

from pathlib import Path

import pytest

import nesy
from nesy.cli.repl.commands import COMMANDS
from tests.unit.cli.repl.talking import Talk
from tests.unit.cli.rule_files import BURGLARY, CONTRADICTION


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.chdir(tmp_path)
    return Talk()


def test_rules_may_come_before_what_they_call(talk: Talk) -> None:
    assert talk.enter("p(X) :- q(X).\nevidence(q(1)).\nr :- later.") == []
    assert talk.enter("q(1). ?- p(X).") == ["p(1): 1"]


def test_a_mistake_loses_nothing_and_what_stands_behind_it_is_read(talk: Talk) -> None:
    assert talk.codes("0.3::a. b :- . c :- a.\n1.5::d.\np(X) :- Y > 3, q(X, Y).") == [
        "empty-body",
        "invalid-probability",
        "unsafe-variable",
    ]
    assert talk.enter("?- c.") == ["c: 0.3"]
    assert talk.enter(":list") == ["0.3::a.", "c :- a."]


def test_advice_is_given_and_does_not_hinder(talk: Talk) -> None:
    assert talk.codes("p(X) :- q(X, Y).") == ["singleton-variable"]
    assert talk.enter(":list p") == ["p(X) :- q(X, Y)."]


def test_operators_hold_for_what_follows(talk: Talk) -> None:
    talk.enter(":- op(700, xfx, likes). ann likes bob.\nbob likes eve.")
    assert talk.enter("?- X likes bob, true.") == ["ann likes bob, true: 1"]
    talk.enter(":undo\n:undo\n:undo")
    assert talk.codes("ann likes bob.") == ["unexpected-token"]


def test_a_file_and_what_it_asks(talk: Talk) -> None:
    Path("burglary.nesy").write_text(BURGLARY)
    assert talk.enter(":load burglary.nesy") == ["burglary.nesy: 9 statements, 2 queries (:run asks)"]
    assert talk.enter(":run") == ["alarm: 0.28", "burglary: 0.1"]
    assert talk.enter("?- alarm.") == ["alarm: 0.28"]
    assert talk.enter(":list hears/1") == ["0.7 :: hears(X) :- person(X)."]
    assert talk.enter(":list hears/2") == ["% nothing of hears/2"]


def test_a_file_loaded_again_is_read_anew_in_its_place(talk: Talk) -> None:
    Path("a.nesy").write_text("0.3::a.\n")
    assert talk.enter(":load a.nesy\nb :- a. ?- b.")[-1] == "b: 0.3"
    Path("a.nesy").write_text("0.4::a.\n")
    assert talk.enter(":load a.nesy\n?- b.") == ["a.nesy: 1 statement", "b: 0.4"]
    assert talk.enter(":undo") == ["taken back: b :- a."]
    Path("a.nesy").write_text("0.4::a")
    assert talk.codes(":load a.nesy") == ["missing-dot"]
    assert talk.enter("?- a.") == ["a: 0.4"]


def test_files_of_files_and_of_the_folder(talk: Talk) -> None:
    Path("inner").mkdir()
    Path("inner/main.nesy").write_text(":- consult('facts.pl').\n:- op(700, xfx, to).\np(X) :- f(X).\n")
    Path("inner/facts.pl").write_text("0.3::f(1).\n")
    Path("table.csv").write_text("name,size\na,1\nb,2\n")
    talk.enter(":load inner/main.nesy")
    assert talk.enter("?- p(X).") == ["p(1): 0.3"]
    assert talk.enter("a to b. ?- a to X, true.") == ["a to b, true: 1"]
    assert talk.enter(":- csv_load('table.csv', town).\n?- town(X, 2).") == ["town(b,2): 1"]
    assert talk.codes(":- consult('../else.nesy').") == ["file-outside-folder"]
    assert talk.codes(":load none.nesy") == ["file-not-found"]


def test_what_is_saved_is_what_was_entered(talk: Talk) -> None:
    Path("a.nesy").write_text("% The event.\n0.3::a.\n\n")
    talk.enter(":load a.nesy\n:- op(700, xfx, to).\n% A rule.\nb :- a. % why\na to b. ?- b.")
    assert talk.enter(":save all.nesy") == ["saved: all.nesy"]
    saved = "% The event.\n0.3::a.\n:- op(700, xfx, to).\n% A rule.\nb :- a. % why\na to b.\n"
    assert Path("all.nesy").read_text() == saved
    talk.enter("0.1::c.\n:save all.nesy")
    assert Path("all.nesy").read_text() == saved + "0.1::c.\n"
    assert len(nesy.load("all.nesy").clauses) == 4


def test_saving_overwrites_no_stranger_and_leaves_no_half(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mine.nesy").write_text("precious.\n")
    talk.enter("0.3::a.")
    assert talk.codes(":save mine.nesy") == ["file-exists"]
    assert talk.codes(":save none/x.nesy") == ["file-not-writable"]
    assert talk.codes(":save") == ["missing-argument"]
    assert Path("mine.nesy").read_text() == "precious.\n"
    talk.enter(":load mine.nesy\n:save mine.nesy")
    assert Path("mine.nesy").read_text() == "0.3::a.\nprecious.\n"

    def refuse(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    assert talk.codes("b.\n:save mine.nesy") == ["file-not-writable"]
    assert Path("mine.nesy").read_text() == "0.3::a.\nprecious.\n"
    assert [p.name for p in Path().iterdir()] == ["mine.nesy"]


def test_what_would_be_read_otherwise_is_not_saved(talk: Talk) -> None:
    Path("late.nesy").write_text("p(to - 1).\n")
    talk.enter(":- op(200, fy, to).\n:load late.nesy")
    assert talk.codes(":save all.nesy") == ["unsaveable"]
    assert not Path("all.nesy").exists()


def test_checking(talk: Talk) -> None:
    talk.enter("0.3::a. query(a).")
    assert talk.enter(":check") == ["no problems found"]
    assert talk.codes("b :- c.\n:check") == ["unknown-predicate", "unused-predicate"]


def test_explaining_a_probability(talk: Talk) -> None:
    talk.enter("0.3::a. b :- a. 0.4::b.\nquery(a).")
    (said,) = talk.enter(":explain b.")
    assert said.splitlines()[:6] == [
        "b: 0.58",
        "",
        "its 2 proofs:",
        "  1. 0.4, by b (0.4)",
        "     0.4::b.  <input 3>:1",
        "  2. 0.3, by a (0.3)",
    ]
    assert talk.codes(":explain\n:explain d\n:explain b(X)") == [
        "missing-argument",
        "unknown-predicate",
        "not-ground",
    ]


def test_what_forces_an_answer(talk: Talk) -> None:
    talk.enter("0.3::a. b :- a. evidence(b). 0.4::c.")
    (said,) = talk.enter(":why a")
    assert said.startswith("a holds in every possible world, because of\n")
    assert "evidence(b)." in said
    assert "<input 3>:1" in said
    assert talk.enter(":why c.") == ["c holds in some possible worlds, and not in others"]
    assert talk.enter(":why") == ["there is a possible world"]


def test_evidence_that_cannot_be_is_explained_and_taken_back(talk: Talk) -> None:
    Path("c.nesy").write_text(CONTRADICTION)
    talk.enter(":load c.nesy")
    assert talk.codes(":run") == ["inconsistent-evidence"]
    assert talk.enter(":why")[0].startswith("there is no possible world, because of\n")
    assert talk.enter(":undo") == ["taken back: c.nesy"]
    assert talk.enter("0.2::a. ?- a.") == ["a: 0.2"]


def test_words_that_are_no_commands(talk: Talk) -> None:
    assert talk.codes(":frob\n:\n:e x\n:help me\n:undo") == [
        "unknown-command",
        "unknown-command",
        "unknown-command",
        "unknown-command",
        "nothing-to-undo",
    ]
    assert (
        "commands are :engine, :explain" in talk.try_to(":e x") or ":engine, :explain" in talk.complaints[0]
    )


def test_help_names_every_command_and_beginnings_do(talk: Talk) -> None:
    (shown,) = talk.enter(":help")
    assert all(f"  {command.name}" in shown for command in COMMANDS)
    assert talk.enter(":he") == [shown]
    talk.enter(":quit\n0.3::a.")
    assert talk.console.ended


def test_long_programs_are_listed_in_part(talk: Talk) -> None:
    Path("many.nesy").write_text("".join(f"n({i}).\n" for i in range(150)))
    talk.enter(":load many.nesy")
    listed = talk.enter(":list n")
    assert (listed[0], listed[-1], len(listed)) == ("n(0).", "% and 50 more", 101)
