"""`nesy train`, `nesy eval` and `nesy predict`, as commands and some of it as processes."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

import nesy
from nesy.cli.main import app
from tests.unit.nn.training.points_task import change, write_task

ROOT = Path(nesy.__file__).parents[1]


@pytest.fixture(autouse=True)
def one_thread_and_its_own_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_machines_are_told_of_a_run_when_it_has_ended(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=2)
    trained = invoke("train", config, "--json")
    assert trained.exit_code == 0, trained.output
    told = json.loads(trained.stdout)
    assert told["checkpoint"] == str(tmp_path / "run" / "checkpoints" / "best.pt")
    assert [line["epoch"] for line in told["epochs"]] == [1, 2]
    assert [line.split("  ")[0] for line in trained.stderr.splitlines()] == ["epoch 1", "epoch 2"]
    predicted = invoke("predict", config, "--out", tmp_path / "p.csv", "--json")
    assert json.loads(predicted.stdout) == {"file": str(tmp_path / "p.csv"), "predictions": 70}
    again = json.loads(invoke("train", config, "--json").stdout)
    assert again["error"]["code"]


def test_a_run_from_training_to_predictions(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=2)
    trained = invoke("train", config)
    assert trained.exit_code == 0, trained.output
    lines = trained.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines[:2]] == ["epoch 1", "epoch 2"]
    assert lines[2] == f"the checkpoint to use: {tmp_path / 'run' / 'checkpoints' / 'best.pt'}"

    shown = invoke("eval", config)
    assert shown.exit_code == 0, shown.output
    figures = json.loads(invoke("eval", config, "--json").stdout)
    assert figures["examples"] == 70
    assert f"accuracy: {figures['accuracy']:.4f}" in shown.stdout.splitlines()
    assert f"concept accuracy of digit(a,_): {figures['per_concept']['digit(a,_)']:.4f}" in shown.stdout

    predicted = invoke("predict", config, "--out", tmp_path / "p.csv")
    assert (predicted.exit_code, predicted.stdout) == (0, f"70 predictions: {tmp_path / 'p.csv'}\n")
    with open(tmp_path / "p.csv", newline="") as file:
        assert len(list(csv.reader(file))) == 71

    first = tmp_path / "run" / "checkpoints" / "step-000000005.pt"
    other = json.loads(invoke("eval", config, "--json", "--checkpoint", first).stdout)
    assert (other["checkpoint"], other["examples"]) == (str(first), 70)
    assert other["negative_log_likelihood"] != figures["negative_log_likelihood"]


def test_a_second_run_needs_a_word(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=1)
    assert invoke("train", config).exit_code == 0
    again = invoke("train", config)
    assert again.exit_code == 1
    assert again.stderr.startswith("error[run-exists]")
    assert "--resume" in again.stderr
    resumed = invoke("train", config, "--resume")
    assert (resumed.exit_code, "all epochs have ended" in resumed.stderr) == (0, True)
    assert invoke("train", config, "--restart").stdout.startswith("epoch 1  ")
    assert invoke("train", config, "--restart", "--resume").exit_code == 2


@pytest.mark.parametrize("command", ["train", "eval", "predict"])
def test_a_mistake_is_a_diagnostic_with_its_place(tmp_path: Path, command: str) -> None:
    config = change(write_task(tmp_path), "epochs = 4", "epoch = 4")
    more = ["--out", tmp_path / "p.csv"] if command == "predict" else []
    found = invoke(command, config, *more)
    assert found.exit_code == 1
    assert "error[missing-key]: the configuration has no epochs" in found.stderr
    config.write_text(config.read_text().replace("epoch = 4", "epochs = 4\nepoch = 4"))
    found = invoke(command, config, *more)
    assert "error[unknown-key]" in found.stderr
    assert f"{config}:4:1" in found.stderr
    assert "help: did you mean epochs?" in found.stderr


@pytest.mark.parametrize("command", ["eval", "predict"])
def test_what_is_asked_of_no_checkpoint(tmp_path: Path, command: str) -> None:
    config = write_task(tmp_path)
    more = ["--out", tmp_path / "p.csv"] if command == "predict" else []
    assert "error[no-checkpoint]" in invoke(command, config, *more).stderr
    assert "error[file-not-found]" in invoke(command, config, *more, "--checkpoint", tmp_path / "x").stderr
    (tmp_path / "x").write_text("hello")
    assert (
        "error[corrupt-checkpoint]" in invoke(command, config, *more, "--checkpoint", tmp_path / "x").stderr
    )
    torch.save({"model": {}}, tmp_path / "x")
    found = invoke(command, config, *more, "--checkpoint", tmp_path / "x")
    assert (found.exit_code, "error[unknown-format]" in found.stderr) == (1, True)
    assert not (tmp_path / "p.csv").exists()


def test_a_checkpoint_of_another_model_is_refused_and_of_other_training_is_not(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=1)
    invoke("train", config)
    change(config, "lr = 0.03", "lr = 0.5")
    assert invoke("eval", config).exit_code == 0
    code = next(tmp_path.glob("points_*.py")).stem
    change(config, f'"{code}:Net"', f'"{code}:Net"\noptions = {{ hidden = 8 }}')
    assert "networks.net.options.hidden was absent, and is 8" in invoke("eval", config).stderr
    change(config, 'query = "sum(a, b, S)"', 'query = "sum(b, a, S)"')
    assert "template.query" in invoke("eval", config).stderr


def test_json_mistakes_are_json(tmp_path: Path) -> None:
    config = change(write_task(tmp_path), "seed = 3", "seed = true")
    found = json.loads(invoke("eval", config, "--json").stdout)["error"]
    assert (found["code"], found["line"], found["column"]) == ("wrong-type", 5, 1)


def test_data_without_a_test_part(tmp_path: Path) -> None:
    config = change(write_task(tmp_path, epochs=1), ":data", ":train_alone")
    assert invoke("train", config).exit_code == 0
    assert "error[no-such-part]" in invoke("eval", config).stderr


def test_ctrl_c_as_a_process(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=100_000)
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    command = [sys.executable, "-W", "error", "-c", f"{code}from nesy.cli.main import main; main()"]
    process = subprocess.Popen(
        [*command, "train", "config.toml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline().startswith("epoch ")
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, messages = process.communicate(timeout=30)
    assert process.returncode == 130, messages
    assert time.monotonic() - begun < 10
    assert "to go on: nesy train config.toml --resume" in messages
    assert "Traceback" not in messages + out
    newest = max((config.parent / "run" / "checkpoints").glob("step-*.pt"))
    assert f"`{newest.relative_to(tmp_path)}`" in messages
    assert torch.load(newest, weights_only=True)["place"]["steps"] == int(newest.stem.split("-")[1])


@pytest.mark.parametrize("command", ["train", "eval", "predict"])
def test_help_shows_an_example(command: str) -> None:
    shown = invoke(command, "--help")
    assert shown.exit_code == 0
    assert f"Example: nesy {command} config.toml" in shown.stdout
