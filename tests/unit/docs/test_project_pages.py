"""What the project says of itself beside docs/: how to cite, contribute, and report; what it says is so."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import nesy
from nesy.cli.main import app
from tests.unit.pages import ROOT, page

PAGES = ("CONTRIBUTING", "SECURITY")
ABOUT = {name: (ROOT / f"{name}.md").read_text(encoding="utf-8") for name in PAGES}
ABOUT["versioning"] = page("versioning")

CITED = {"cff-version", "message", "type", "title", "abstract", "authors", "version", "license", "keywords"}
"""Fields of version 1.2.0 of the format."""


def test_the_citation_is_of_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert set(cited) == CITED
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "software")
    assert str(cited["version"]) == nesy.__version__
    assert cited["license"] == re.search(
        r'^license = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    ).group(1)
    assert all(author.keys() <= {"name", "given-names", "family-names"} for author in cited["authors"])
    assert cited["authors"]
    assert all(isinstance(text, str) for text in (cited["message"], cited["title"], cited["abstract"]))


@pytest.mark.parametrize("name", ABOUT)
def test_what_a_page_links_to_is_there(name: str) -> None:
    folder = ROOT if name in PAGES else ROOT / "docs"
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", ABOUT[name])
    assert links
    assert [link for link in links if not (folder / link).exists()] == []


def test_files_and_targets_that_contributors_are_told_of_exist() -> None:
    text = ABOUT["CONTRIBUTING"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for targets in re.findall(r"make ((?:[a-z]+ ?)+)", text):
        for target in targets.split():
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make has no target {target}"
    for path in re.findall(r"`((?:nesy|tests|docs|benchmarks)/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path
    named = "\n".join(p.name for p in (ROOT / "nesy").rglob("*.py"))
    for file in re.findall(r"`(?:[a-z]+/)*(\w+\.py)`", text):
        assert file in named or any((ROOT / "tests").rglob(file)), file


def test_the_permissions_that_security_speaks_of_are_options() -> None:
    shown = CliRunner().invoke(app, ["run", "--help"], terminal_width=100).stdout
    for option in ("--allow-file", "--allow-python", "--budget"):
        assert option in ABOUT["SECURITY"]
        assert option in shown


def test_a_rule_file_can_do_nothing_that_is_not_allowed(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outer.nesy").write_text("secret.\n")
    (inner / "link.nesy").symlink_to(tmp_path / "outer.nesy")
    (inner / "code.py").write_text("from pathlib import Path\nPath('done').write_text('')\n")
    for directive in ("consult('../outer.nesy')", "consult('link.nesy')", "use_module('code.py')"):
        (inner / "rules.nesy").write_text(f":- {directive}.\nquery(secret).\n")
        result = CliRunner().invoke(app, ["run", str(inner / "rules.nesy")])
        assert result.exit_code == 1, directive
    assert not Path("done").exists()
    (inner / "rules.nesy").write_text(":- consult('../outer.nesy').\nquery(secret).\n")
    allowed = CliRunner().invoke(app, ["run", str(inner / "rules.nesy"), "--allow-file", str(tmp_path)])
    assert allowed.stdout == "secret: 1\n"


def test_the_source_distribution_holds_every_folder() -> None:
    """`.ci/packages` compares file by file; this is seen at once."""
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^include = \[\n(.*?)^\]", declared, re.MULTILINE | re.DOTALL)
    names = {name.strip(' "/,') for name in listed.splitlines()}
    assert [name for name in names if not (ROOT / name).exists()] == []
    if (ROOT / ".git").exists() and shutil.which("git") is not None:
        kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
        top = {path.partition("/")[0] for path in kept.stdout.splitlines()}
        assert top - {"pyproject.toml"} <= names


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_scripts_are_read_and_missing_versions_are_said(tmp_path: Path) -> None:
    for script in (ROOT / ".ci").iterdir():
        subprocess.run(["bash", "-n", str(script)], check=True)
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "pythons"), str(tmp_path), "3.99"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "Python 3.99: not on this machine, not tried\n"), done.stderr
