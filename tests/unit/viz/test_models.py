"""Curves of training, confusion and calibration."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import torch

import nesy
from nesy import viz
from nesy.nn.training.configuration.reading import read_config
from nesy.nn.training.evaluation import calibration_error
from nesy.nn.training.history import Epoch, write_history
from nesy.nn.training.judgement import Claims, Confusion, judgement
from nesy.nn.training.task import prepare
from nesy.viz.axes import ticks
from tests.unit.nn.training.points_task import write_task


def epochs(count: int, *, held_out: bool = True) -> list[Epoch]:
    def judged(value: float) -> float | None:
        return value if held_out else None

    steps = range(1, count + 1)
    return [Epoch(i, i * 10, 2 / i, judged(2.2 / i), judged(1 - 1 / i), 0.1, 0.5, 20.0) for i in steps]


def test_curves_of_a_run(tmp_path: Path) -> None:
    write_history(tmp_path / "log.csv", epochs(4))
    picture = viz.training(tmp_path)
    assert picture.note == "4 epochs, 2.0 s of updates; best held-out accuracy 0.7500 after epoch 4"
    assert [n.value for n in picture.nodes if n.kind == "train_loss"] == [2.0, 1.0, pytest.approx(2 / 3), 0.5]
    assert ("held out accuracy", "0.75") in picture.nodes[-1].told
    assert viz.training(tmp_path / "log.csv").svg() == picture.svg()


def test_curves_without_held_out_examples(tmp_path: Path) -> None:
    write_history(tmp_path / "log.csv", epochs(1, held_out=False))
    picture = viz.training(tmp_path)
    assert {n.kind for n in picture.nodes} == {"train_loss"}
    assert "held" not in picture.note


def test_long_curves_have_fewer_marks(tmp_path: Path) -> None:
    write_history(tmp_path / "log.csv", epochs(1000))
    assert len(viz.training(tmp_path).nodes) <= 600


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed-log"),
        ("a,b\n1,2\n", "malformed-log"),
        ("epoch,train_loss\n1,x\n", "malformed-log"),
        ("epoch,train_loss\n,1\n", "malformed-log"),
        (None, "file-not-found"),
    ],
)
def test_what_is_no_log(tmp_path: Path, text: str | None, code: str) -> None:
    if text is not None:
        (tmp_path / "log.csv").write_text(text)
    with pytest.raises(nesy.NesyError) as error:
        viz.training(tmp_path)
    assert error.value.code == code


def test_losses_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("epoch,train_loss,seconds\n1,2,1\n2,nan,1\n3,inf,1\n4,1,1\n")
    assert [n.label for n in viz.training(tmp_path).nodes] == ["epoch 1", "epoch 4"]


def test_confusion_counts_by_row_and_column() -> None:
    picture = viz.confusion(Confusion("net", ("a", "<b>"), ((3, 1), (0, 0))))
    assert picture.note == "4 labelled concepts, 75.00% right; rows are true, columns were read"
    assert [(n.label, n.told[0][1]) for n in picture.nodes] == [
        ("a read rightly", "3"),
        ("a read as <b>", "1"),
        ("<b> read as a", "0"),
        ("<b> read rightly", "0"),
    ]
    assert "<b>" not in picture.svg()


def test_reliability_has_the_calibration_error_of_evaluation() -> None:
    rng = Random(0)
    confidence = [*(rng.random() for _ in range(200)), 0.0, 1.0, 1 / 15, 2 / 15]
    right = [rng.random() < c for c in confidence]
    expected = calibration_error(torch.tensor(confidence, dtype=torch.float64), torch.tensor(right))
    picture = viz.reliability(Claims(tuple(confidence), tuple(right)), "outputs")
    assert f"expected calibration error {expected:.4f}" in picture.note
    assert sum(int(dict(n.told)["predictions"]) for n in picture.nodes) == 204
    assert viz.reliability(Claims((), ()), "outputs").nodes == []


def test_judgement_of_a_task(tmp_path: Path) -> None:
    task = prepare(read_config(write_task(tmp_path, epochs=1)))
    part = task.part("test")
    found = judgement(task, part)
    assert found.examples == len(part)
    assert len(found.outputs.right) == len(part)
    (table,) = found.confusions
    assert table.values == tuple(task.model.symbols[0].values)
    labelled = sum(map(sum, table.counts))
    assert labelled == len(found.concepts.right) > 0
    assert sum(table.counts[i][i] for i in range(len(table.values))) == sum(found.concepts.right)


def test_ticks_are_round_and_few() -> None:
    assert ticks(0, 1) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert ticks(0.5, 3.5, whole=True) == [1, 2, 3]
    assert ticks(2, 2) == [2]
    for high in (0.003, 7, 1234):
        assert 2 <= len(ticks(0, high)) <= 6
