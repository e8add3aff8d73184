"""The page about the command line names every subcommand, and shows the help of each on the site."""

from __future__ import annotations

import re

from nesy_site.commands import MARKER, names, with_commands
from tests.unit.pages import page


def test_every_subcommand_has_its_line() -> None:
    told = {
        name
        for row in re.findall(r"^\| (`nesy .*?) \|", page("command_line"), re.M)
        for name in row.split("`")
    }
    assert {f"nesy {name}" for name in names()} == {name for name in told if name.startswith("nesy ")}


def test_the_help_of_each_stands_in_the_place_of_the_marker() -> None:
    shown = with_commands(page("command_line"))
    assert not MARKER.search(shown)
    assert shown.count("Usage: nesy ") == len(names()) > 10
