"""A rule file reads its own folder and nothing else, by whatever way it asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.language.modules.folders import answers, folder, place, refused

OUTSIDE = {"inner/main.pl": "", "outer/secret.pl": "0.5::p.", "outer/secret.csv": "a\n1\n"}


def main(root: Path, text: str) -> Path:
    return folder(root, {**OUTSIDE, "inner/main.pl": text})


@pytest.mark.parametrize(
    "directive",
    [
        "consult('../outer/secret.pl')",
        "consult('../outer/secret')",
        "consult('sub/../../outer/secret.pl')",
        "include('../outer/secret.pl')",
        "use_module('../outer/secret.pl')",
        "csv_load('../outer/secret.csv', p)",
        "sqlite_load('../outer/secret.db')",
        "consult('../outer/no_such_file')",
        "consult('..')",
        "consult('/etc/passwd')",
        "consult(link)",
        "consult('linked/secret.pl')",
    ],
)
def test_files_outside_are_refused_whether_they_exist_or_not(tmp_path: Path, directive: str) -> None:
    path = main(tmp_path, f":- {directive}.\n")
    (tmp_path / "inner" / "link.pl").symlink_to(tmp_path / "outer" / "secret.pl")
    (tmp_path / "inner" / "linked").symlink_to(tmp_path / "outer")
    error = refused(path)
    assert place(error)[:3] == ("file-outside-folder", "main.pl", 1)
    assert "allow_files" in str(error.hint)


def test_a_folder_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    path = folder(tmp_path, {"inner/main.pl": ":- consult('../inner2/a.pl').", "inner2/a.pl": "p."})
    assert refused(path).code == "file-outside-folder"


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    path = folder(tmp_path, {"main.pl": ":- consult(link).\nquery(p).", "sub/real.pl": "0.5::p."})
    (tmp_path / "link.pl").symlink_to(tmp_path / "sub" / "real.pl")
    assert answers(path) == {"p": 0.5}


@pytest.mark.parametrize("allowed", ["outer", "outer/secret.pl"])
def test_the_caller_allows_files_and_folders(tmp_path: Path, allowed: str) -> None:
    path = main(tmp_path, ":- consult('../outer/secret.pl').\nquery(p).")
    assert answers(path, allow_files=[tmp_path / allowed]) == {"p": 0.5}
    assert refused(path, allow_files=[tmp_path / "other"]).code == "file-outside-folder"


def test_a_relative_path_is_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, {"main.pl": ":- consult(other). query(p).", "other.pl": "0.5::p."})
    monkeypatch.chdir(tmp_path)
    assert answers(Path("main.pl")) == {"p": 0.5}


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    path = folder(tmp_path, {"main.pl": ":- consult(pipe)."})
    (tmp_path / "pipe.pl").mkdir()
    assert refused(path).code == "file-not-found"
