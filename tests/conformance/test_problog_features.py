"""The table of features names programs that are there."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "problog"


def rows() -> dict[str, list[str]]:
    """The programs of each feature."""
    table = (FOLDER / "FEATURES.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (.+?) \| ([a-z0-9_, ]+) \|$", table, re.MULTILINE)
    return {feature: programs.split(", ") for feature, programs in found if feature != "feature"}


def test_every_feature_has_programs_that_exist() -> None:
    features = rows()
    assert len(features) >= 40
    missing = [p for programs in features.values() for p in programs if not (FOLDER / f"{p}.pl").is_file()]
    assert not missing


def test_no_program_stands_for_two_features() -> None:
    programs = [p for named in rows().values() for p in named]
    assert len(programs) == len(set(programs))
