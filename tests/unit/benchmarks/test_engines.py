"""The comparison of engines: every one on the same task, and refusals said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from benchmarks.command_line import main
from benchmarks.engines.command import table
from benchmarks.engines.experiment import COMPARED, Compared
from benchmarks.engines.gradients import cosine


def test_engines_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, picture = tmp_path / "out.jsonl", tmp_path / "picture.png"
    words = ["--data", "digits", "--epochs", "0.2", "--engines", "exact", "auto", "sampling", "diffusion"]
    assert main(["engines", *words, "--json", str(out), "--picture", str(picture)]) == 0
    record = json.loads(out.read_text())
    for engine in ("exact", "auto", "sampling", "diffusion"):
        for name in COMPARED:
            assert record[f"{engine}_{name}"] >= 0
    # The engine that chooses takes the exact one here: the same to the last digit.
    assert record["auto_task_accuracy"] == record["exact_task_accuracy"]
    assert record["auto_gradient_cosine_at_start"] == record["exact_gradient_cosine_at_end"] == 1
    # Ten pairs of digits at most have a sum: all are found, and then nothing is estimated.
    assert 0.99 < record["sampling_gradient_cosine_at_start"] <= 1
    assert 0 < record["diffusion_gradient_cosine_at_start"] < 1
    assert "the same pairs, initial weights, batches and budget" in record["protocol"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().out.splitlines()[0].split()[:3] == ["engine", "sums", "digits"]


def test_one_engine_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--epochs", "0.02", "--engine", "exact", "--json", str(out)]
    assert main(["engines", *words]) == 0
    assert json.loads(out.read_text())["options"]["engines"] == ["exact"]


def test_a_picture_that_cannot_be_written_is_refused_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["engines", "--epochs", "1000", "--picture", str(tmp_path / "absent" / "a.png")]) == 1
    assert "unwritable-output" in capsys.readouterr().err


def test_a_refusal_is_shown_with_its_reason() -> None:
    refused = Compared("topk", None, "engine 'topk' cannot do this: it is too large")
    assert refused.figures() == {"topk_refused": "engine 'topk' cannot do this: it is too large"}
    assert "it is too large" in table([refused])


def test_the_cosine_of_gradients() -> None:
    one = torch.tensor([1.0, 2.0, -1.0])
    assert cosine(one, 3 * one) == pytest.approx(1)
    assert cosine(one, -one) == pytest.approx(-1)
    assert cosine(one, torch.zeros(3)) == 0
