"""Loading files, and what the package's entry points promise."""

import subprocess
import sys
from pathlib import Path

import pytest

from nesy.errors import LanguageError
from nesy.language import check, load, parse


def test_load_names_the_file_in_errors(tmp_path: Path) -> None:
    path = tmp_path / "rules.nesy"
    path.write_text("a b.")
    with pytest.raises(LanguageError) as caught:
        load(path)
    assert f"{path}:1:3" in str(caught.value)


def test_load_reads_utf8_with_and_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "rules.nesy"
    path.write_bytes("café('naïve').".encode())
    program = load(path)
    path.write_bytes("café('naïve').".encode("utf-8-sig"))
    assert load(str(path)) == program == parse("café('naïve').")


def test_load_reads_every_kind_of_line_end(tmp_path: Path) -> None:
    path = tmp_path / "rules.nesy"
    path.write_bytes(b"a.\r\nb c.\r\n")
    with pytest.raises(LanguageError) as caught:
        load(path)
    assert caught.value.span is not None
    assert (caught.value.span.line, caught.value.span.column) == (2, 3)


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "coins.nesy").write_text("a.")
    with pytest.raises(LanguageError) as caught:
        load(tmp_path / "coin.nesy")
    assert caught.value.code == "file-not-found"
    assert "coins.nesy" in str(caught.value.hint)


def test_a_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(LanguageError) as caught:
        load(tmp_path / "nowhere" / "coin.nesy")
    assert caught.value.code == "file-not-found"
    assert "nowhere" in str(caught.value.hint)


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(LanguageError) as caught:
        load(tmp_path)
    assert caught.value.code == "not-a-file"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "rules.nesy"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(LanguageError) as caught:
        load(path)
    assert caught.value.code == "not-text"
    assert "byte 0" in caught.value.message


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_impossible_names(name: str) -> None:
    with pytest.raises(LanguageError):
        load(name)


def test_parse_raises_the_first_error_with_the_others() -> None:
    with pytest.raises(LanguageError) as caught:
        parse("a :- b.\n1.5::c.\nd(X).")
    assert caught.value.code == "unknown-predicate"
    assert [o.code for o in caught.value.others] == ["invalid-probability"]


def test_check_reports_warnings_too_and_parse_ignores_them() -> None:
    assert [f.severity for f in check("d(X).")] == ["warning", "warning"]
    assert len(parse("d(X).").statements) == 1


def test_the_program_keeps_its_source() -> None:
    program = parse("a.\n", "coins.nesy")
    assert (program.source.name, program.source.text) == ("coins.nesy", "a.\n")


def test_the_parser_needs_no_heavy_package() -> None:
    # The package's own `__init__` imports more than the language needs, so it is left out.
    script = (
        "import sys, types, importlib.machinery as m\n"
        "package = types.ModuleType('nesy')\n"
        f"package.__path__ = [{str(Path(__file__).parents[3] / 'nesy')!r}]\n"
        "sys.modules['nesy'] = package\n"
        "import nesy.language\n"
        "print(sorted({'torch', 'numpy', 'networkx', 'rich', 'sympy', 'numba'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
