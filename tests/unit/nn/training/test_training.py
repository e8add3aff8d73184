"""What training from a configuration leaves: a model that has learnt, a log, a picture, checkpoints."""

from __future__ import annotations

import csv
import importlib.util
import io
import math
import sys
from pathlib import Path

import pytest
import torch

import nesy
from nesy.nn.training import (
    Config,
    Imported,
    Lines,
    Named,
    NetworkConfig,
    TemplateConfig,
    Watcher,
    WriteConfig,
    prepare,
    read_config,
    restored,
    train,
    watcher_for,
)
from nesy.nn.training.history import Epoch, best_of
from nesy.nn.training.watching import Bar
from tests.unit.nn.training.points_task import change, write_task

PNG = b"\x89PNG\r\n\x1a\n"


def rows(config: Path) -> list[dict[str, str]]:
    with open(config.parent / "run" / "log.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_learns_and_leaves_its_log(tmp_path: Path) -> None:
    config = write_task(tmp_path)
    out, messages = io.StringIO(), io.StringIO()
    trained = train(config, watcher=Lines(out, messages))
    found = rows(config)
    assert [row["epoch"] for row in found] == ["1", "2", "3", "4"]
    assert [row["steps"] for row in found] == ["5", "10", "15", "20"]
    assert [float(row["train_loss"]) for row in found] == [line.train_loss for line in trained.history]
    assert float(found[-1]["held_out_accuracy"]) > 0.9 > float(found[0]["held_out_accuracy"])
    assert trained.history[-1].train_loss < trained.history[0].train_loss
    assert all(float(row["examples_per_second"]) > 0 for row in found)
    assert out.getvalue() == "".join(f"{line.shown()}\n" for line in trained.history)
    assert messages.getvalue() == ""
    names = {p.name for p in (tmp_path / "run" / "checkpoints").iterdir()}
    assert names == {"best.pt", "step-000000010.pt", "step-000000015.pt", "step-000000020.pt"}


def test_the_first_loss_is_that_of_the_model_as_it_is_made(tmp_path: Path) -> None:
    config = change(write_task(tmp_path, epochs=1), "batch_size = 32", "batch_size = 150")
    module = next(tmp_path.glob("points_*.py")).stem
    change(config, f'"{module}:data"', f'"{module}:data"\noptions = {{ noisy = false }}')
    change(config, 'returns = "logits"', 'returns = "logits"\noptions = { drop = 0.0 }')
    task = prepare(read_config(config))
    whole = task.parts["train"]
    loss = task.model.loss(whole.targets, **whole.inputs)  # type: ignore[union-attr]
    assert train(config).history[0].train_loss == pytest.approx(float(loss.detach()), rel=1e-6)


def test_the_best_checkpoint_is_that_of_the_best_line(tmp_path: Path) -> None:
    config = write_task(tmp_path)
    trained = train(config)
    best = best_of(trained.history)
    assert best is not None
    assert trained.checkpoint.name == "best.pt"
    task = restored(config)
    held_out = task.parts["held_out"]
    task.model.eval()
    guess = task.model.predict(**held_out.inputs)  # type: ignore[union-attr]
    right = (guess[:, 0] == held_out.targets).float().mean()  # type: ignore[union-attr]
    assert float(right) == pytest.approx(best.held_out_accuracy)


def line(epoch: int, accuracy: float | None, loss: float | None) -> Epoch:
    return Epoch(epoch, epoch, 1.0, loss, accuracy, 0.1, 1.0, 1.0)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([line(1, 0.5, 1.0), line(2, 0.6, 2.0), line(3, 0.6, 1.5), line(4, 0.6, 1.5)], 3),
        ([line(1, 0.5, 1.0), line(2, 0.4, 0.5)], 1),
        ([line(1, None, None)], None),
        ([], None),
        ([line(1, 0.5, math.inf), line(2, 0.5, 3.0)], 2),
    ],
)
def test_which_epoch_is_best(history: list[Epoch], expected: int | None) -> None:
    found = best_of(history)
    assert (found and found.epoch) == expected


def test_without_held_out_examples_the_last_is_taken(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=2)
    change(config, ":data", ":train_alone")
    trained = train(config)
    assert trained.checkpoint.name == "step-000000004.pt"
    assert [row["held_out_loss"] for row in rows(config)] == ["", ""]


def test_a_configuration_made_in_python_is_the_same_run(tmp_path: Path) -> None:
    path = write_task(tmp_path, epochs=1)
    module = next(tmp_path.glob("points_*.py")).stem
    made = Config(
        rules=Path("rules.nesy"),
        networks={"net": NetworkConfig(Imported(f"{module}:Net"), "logits")},
        data=Imported(f"{module}:data"),
        template=TemplateConfig("sum(a, b, S)", ("S",)),
        optimiser=Named("Adam", {"lr": 0.03}),
        epochs=1,
        batch_size=32,
        seed=3,
        write=WriteConfig(Path("other"), picture=False),
        folder=tmp_path,
    )
    assert train(made).history[0].train_loss == train(path).history[0].train_loss


def test_the_same_seed_is_the_same_run_and_another_is_not(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=1)
    first = train(config).history[0].train_loss
    torch.rand(3)  # what has been drawn before decides nothing
    assert train(config, restart=True).history[0].train_loss == first
    change(config, "seed = 3", "seed = 4")
    assert train(config, restart=True).history[0].train_loss != first


def test_a_one_cycle_schedule_lasts_as_long_as_training(tmp_path: Path) -> None:
    config = write_task(tmp_path)
    config.write_text(config.read_text() + '[schedule]\nname = "OneCycleLR"\noptions = { max_lr = 0.05 }\n')
    rates = [line.learning_rate for line in train(config).history]
    assert 0.05 > rates[0] > rates[1] > rates[2] > rates[3], "it has risen within the first epoch"
    assert rates[-1] == pytest.approx(0.05 / 25 / 1e4, rel=1e-3), "where one cycle ends"


def test_other_schedules_count_epochs_or_what_they_are_told(tmp_path: Path) -> None:
    config = write_task(tmp_path)
    text = config.read_text()
    config.write_text(text + '[schedule]\nname = "StepLR"\noptions = { step_size = 2, gamma = 0.1 }\n')
    assert [line.learning_rate for line in train(config).history] == pytest.approx([0.03, 0.03, 0.003, 0.003])
    by_step = '[schedule]\nname = "StepLR"\nper = "step"\noptions = { step_size = 10, gamma = 0.1 }\n'
    config.write_text(text + by_step)
    rates = [line.learning_rate for line in train(config, restart=True).history]
    assert rates == pytest.approx([0.03, 0.03, 0.003, 0.003])
    config.write_text(text + '[schedule]\nname = "CosineAnnealingLR"\n')
    rates = [line.learning_rate for line in train(config, restart=True).history]
    assert rates == pytest.approx([0.015 * (1 + math.cos(math.pi * i / 4)) for i in range(4)])


def test_double_precision_reaches_networks_and_inputs(tmp_path: Path) -> None:
    config = change(write_task(tmp_path, epochs=1), "seed = 3", 'dtype = "float64"')
    model = train(config).model
    assert {p.dtype for p in model.parameters()} == {torch.float64}


def test_other_engines_and_losses_by_a_word(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=1)
    text = config.read_text()
    losses = {train(config).history[0].train_loss}
    config.write_text(text + '[engine]\nname = "sampling"\noptions = { samples = 50 }\n')
    losses.add(train(config, restart=True).history[0].train_loss)
    config.write_text(text + "[loss]\nentropy = 0.5\n")
    losses.add(train(config, restart=True).history[0].train_loss)
    config.write_text(text.replace('output = "S"', 'output = "S"\nsemantics = "product"'))
    losses.add(train(config, restart=True).history[0].train_loss)
    assert len(losses) == 4


def test_rules_reach_what_the_configuration_allows(tmp_path: Path) -> None:
    config = write_task(tmp_path / "task", epochs=1)
    rules = tmp_path / "task" / "rules.nesy"
    (tmp_path / "shared.nesy").write_text(rules.read_text())
    rules.write_text(":- consult('../shared.nesy').\n")
    with pytest.raises(nesy.NesyError) as error:
        train(config)
    assert error.value.span is not None
    assert error.value.span.source.name == str(rules)
    change(config, "seed = 3", 'seed = 3\nallow_files = ["../shared.nesy"]')
    train(config)
    with open(tmp_path / "shared.nesy", "a") as file:
        file.write("more.\n")
    with pytest.raises(nesy.NesyError, match="the rules have changed"):
        train(config, resume=True)


def test_facts_from_a_file_are_a_part_of_the_rules(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=1)
    with open(tmp_path / "rules.nesy", "a") as file:
        file.write(":- use_module(library(db)).\n:- csv_load('people.csv', person).\n")
    (tmp_path / "people.csv").write_text("name,age\nann,3\n")
    train(config)
    train(config, resume=True)
    (tmp_path / "people.csv").write_text("name,age\nann,4\n")
    with pytest.raises(nesy.NesyError, match="the rules have changed"):
        train(config, resume=True)


def test_a_picture_is_drawn_after_every_epoch(tmp_path: Path) -> None:
    config = change(write_task(tmp_path, epochs=2), "picture = false", "picture = true")
    seen = []

    class Looking(Watcher):
        def epoch(self, line: Epoch) -> None:
            seen.append((tmp_path / "run" / "learning_curve.png").read_bytes())

    train(config, watcher=Looking())
    assert len(seen) == len(set(seen)) == 2
    assert all(picture.startswith(PNG) for picture in seen)


def test_what_has_diverged_is_an_error_and_is_not_kept(tmp_path: Path) -> None:
    config = write_task(tmp_path)
    change(config, ":Net", ":Broken")
    with pytest.raises(nesy.NesyError) as error:
        train(config)
    assert error.value.code == "diverged"
    assert not list((tmp_path / "run").rglob("*.pt"))


@pytest.mark.parametrize("package", ["tensorboard", "matplotlib"])
def test_a_package_that_is_not_there_is_an_error_before_anything_is_trained(
    tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"tensorboard": "tensorboard = true", "matplotlib": "picture = true"}[package]
    config = change(write_task(tmp_path), "picture = false", f"{key}")
    if package == "tensorboard":
        config.write_text(config.read_text() + "picture = false\n")
    for name in [n for n in sys.modules if n.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(nesy.NesyError) as error:
        train(config)
    assert error.value.code == "missing-package"
    assert error.value.span is not None
    assert error.value.span.text == key.partition(" ")[0]
    assert "pip install 'nesy[" in (error.value.hint or "")
    assert not (tmp_path / "run").exists()


@pytest.mark.filterwarnings("ignore")  # of the library's own
def test_tensorboard_is_told_of_each_epoch_once(tmp_path: Path) -> None:
    if importlib.util.find_spec("tensorboard") is None:
        pytest.skip("tensorboard is not installed")
    accumulators = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    config = change(write_task(tmp_path, epochs=2), "picture = false", "picture = false\ntensorboard = true")
    trained = train(config)
    # As if the second epoch's checkpoint had never been written.
    max((tmp_path / "run" / "checkpoints").glob("step-*.pt")).unlink()
    train(config, resume=True)
    events = accumulators.EventAccumulator(str(tmp_path / "run" / "tensorboard"))
    events.Reload()
    found = [(e.step, e.value) for e in events.Scalars("train_loss")]
    assert found == [(e.epoch, pytest.approx(e.train_loss)) for e in trained.history]


def test_on_a_terminal_a_bar_is_shown(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    assert isinstance(watcher_for(screen, screen), Bar)
    assert isinstance(watcher_for(io.StringIO(), screen), Lines)
    trained = train(write_task(tmp_path, epochs=2), watcher=Bar(screen))
    shown = screen.getvalue()
    assert "epoch 2" in shown
    for epoch in trained.history:
        assert epoch.shown()[:20] in shown
