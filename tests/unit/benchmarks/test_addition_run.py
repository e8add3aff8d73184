"""Whole runs on the embedded digits, as short as they can be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import nesy
from benchmarks.command_line import main
from benchmarks.drawing import write_picture
from benchmarks.learning.networks import digit_network
from benchmarks.mnist_addition.experiment import RULES
from nesy.errors import DataError, ModelError

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("digits", [1, 3])
def test_the_outputs_are_the_digits_of_the_sum(digits: int) -> None:
    networks = {"digit_net": nesy.logits(digit_network(8))}
    model = nesy.Model(nesy.load(RULES), networks=networks, query=f"sum({digits}, I, S)", output="S")
    assert [o.name for o in model.outputs] == [f"sum({digits},{i})" for i in range(digits + 1)]
    assert [o.domain for o in model.outputs] == [tuple(range(10))] * digits + [(0, 1)]


def test_addition_of_one_digit_is_learnt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--epochs", "12", "--batch-size", "32", "--json", str(out)]
    assert main(["mnist_addition", *words]) == 0
    record = json.loads(out.read_text())
    assert record["task_accuracy"] > 0.85
    assert record["concept_accuracy"] > 0.9
    assert record["steps"] == 12 * (698 // 32)
    assert record["options"]["epochs"] == 12
    assert (record["train_pairs"], record["test_pairs"]) == (698, 200)
    assert record["circuit_nodes"] > 0
    assert record["compile_seconds"] > 0
    assert record["examples_per_second"] > 0
    assert 0 < record["task_calibration_error"] < 0.2
    assert 0 < record["concept_calibration_error"] < 0.2
    assert record["peak_memory"] > 0
    assert 0 < record["engine_share"] < 1
    assert record["query_batch"] == 128
    assert record["reached_on"] == "698 training pairs"
    assert "sum accuracy" in capsys.readouterr().out


def test_a_budget_of_seconds_ends_training(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["mnist_addition", "--data", "digits", "--seconds", "0.2", "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    assert record["options"]["epochs"] is None
    assert record["train_seconds"] >= 0.2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--data", "digits", "--engine", "nonsense"], "unknown-engine"),
        (["--data", "digits", "--device", "nonsense"], "unknown-device"),
        (["--data", "digits", "--digits", "500"], "too-few-images"),
        (["--data-dir", "/nowhere/at/all"], "missing-data"),
        (["--data", "digits", "--json", "/nowhere/at/all/out.jsonl"], "unwritable-output"),
    ],
)
def test_mistakes_exit_1(words: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mnist_addition", *words]) == 1
    assert f"error[{code}]" in capsys.readouterr().err


def test_the_demo_writes_two_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pictures"
    assert main(["demo", "--epochs", "1", "--out", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["learning_curve.png", "test_pairs.png"]
    assert all(path.read_bytes().startswith(PNG) for path in folder.iterdir())
    shown = capsys.readouterr().out
    assert "100%  loss" in shown
    assert "sum accuracy" in shown
    assert "digit accuracy" in shown


def test_the_demo_refuses_a_folder_it_cannot_make(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["demo", "--out", str(tmp_path / "file")]) == 1
    assert "error[unwritable-output]" in capsys.readouterr().err


def test_a_picture_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match="no space left"):
        write_picture(Figure(), tmp_path / "picture.png")
    assert not list(tmp_path.iterdir())


def test_no_network_for_other_image_sizes() -> None:
    with pytest.raises(ModelError) as caught:
        digit_network(16)
    assert caught.value.code == "unknown-image-size"
