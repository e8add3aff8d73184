"""A run that was cut short goes on to the same bits, whatever cut it and whenever."""

from __future__ import annotations

import csv
import os
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

import nesy
from nesy.nn.training import Interrupted, Lines, train
from tests.unit.nn.training.points_task import change, write_task

TIMES = ("seconds", "examples_per_second")
RUN = """
import sys
from nesy.nn.training import Lines, train
train("config.toml", resume="--resume" in sys.argv, watcher=Lines(sys.stdout, sys.stderr))
"""
KILLED_AS_IT_WRITES = """
import os, signal, nesy.circuit.formats.whole_files as files
flush, count = os.fsync, [0]
def fsync(number):
    count[0] += 1
    if count[0] == int(os.environ["KILL_AT_FLUSH"]):
        os.kill(os.getpid(), signal.SIGKILL)
    flush(number)
files.os.fsync = fsync
"""


@pytest.fixture(autouse=True)
def interrupts() -> Iterator[None]:
    """Whoever starts the tests may have them ignored, as shells do for what runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def process(folder: Path, *arguments: str, code: str = "", **environment: str) -> Any:
    root = str(Path(nesy.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code + RUN, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root, "OMP_NUM_THREADS": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def log_of(folder: Path) -> list[dict[str, str]]:
    with open(folder / "run" / "log.csv", newline="") as file:
        return [{k: v for k, v in row.items() if k not in TIMES} for row in csv.DictReader(file)]


def newest(folder: Path) -> dict[str, Any]:
    path = max((folder / "run" / "checkpoints").glob("step-*.pt"))
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


def same(found: Any, expected: Any) -> bool:
    """Equal to the last bit, whatever holds it."""
    if isinstance(expected, torch.Tensor):
        return torch.equal(found, expected)
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[k], expected[k]) for k in expected)
    if isinstance(expected, (list, tuple)):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected)


def check_same_run(found: Path, expected: Path) -> None:
    mine, straight = newest(found), newest(expected)
    for part in ("model", "optimiser", "schedule", "random"):
        assert same(mine[part], straight[part]), part
    assert log_of(found) == log_of(expected)
    best = [torch.load(f / "run" / "checkpoints" / "best.pt", weights_only=True) for f in (found, expected)]
    assert same(best[0]["model"], best[1]["model"])


@pytest.fixture
def straight(tmp_path: Path) -> Path:
    """A run that nothing has cut short."""
    train(write_task(tmp_path / "straight"))
    return tmp_path / "straight"


def twin(straight: Path, name: str) -> Path:
    """The same task in another folder, with nothing done; its module is the one that is loaded."""
    folder = straight.parent / name
    folder.mkdir()
    for file in ("rules.nesy", "config.toml"):
        (folder / file).write_bytes((straight / file).read_bytes())
    return folder


def test_a_run_killed_again_and_again_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    config = write_task(tmp_path / "straight")
    change(config, "picture = false", "picture = false\nevery_steps = 2")
    config.write_text(config.read_text() + '[schedule]\nname = "OneCycleLR"\noptions = { max_lr = 0.05 }\n')
    straight, killed = config.parent, twin(config.parent, "killed")
    for code in straight.glob("points_*.py"):
        (killed / code.name).write_bytes(code.read_bytes())
    train(config)

    # In the middle of an epoch, a step after a checkpoint.
    assert process(killed, KILL_AT="10").returncode == -signal.SIGKILL
    assert len(log_of(killed)) == 1
    # While a checkpoint is written: before it come two logs and the checkpoint of step 10.
    written = process(killed, "--resume", code=KILLED_AS_IT_WRITES, KILL_AT_FLUSH="3")
    assert written.returncode == -signal.SIGKILL
    assert "epoch 2, after 3 of 5 steps" in written.stderr
    assert len(log_of(killed)) == 2, "of an epoch whose checkpoint there is not"
    done = process(killed, "--resume")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    check_same_run(killed, straight)
    assert [row["epoch"] for row in log_of(killed)] == ["1", "2", "3", "4"]
    left = {p.name for p in (killed / "run" / "checkpoints").iterdir()}
    assert left == {"best.pt", "step-000000016.pt", "step-000000018.pt", "step-000000020.pt"}


@pytest.mark.parametrize("when", [1, 7, 10], ids=["first step", "within an epoch", "last of an epoch"])
def test_an_interrupt_keeps_the_run(
    straight: Path, when: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = twin(straight, "interrupted")
    monkeypatch.setenv("INTERRUPT_AT", str(when))
    with pytest.raises(Interrupted) as stop:
        train(folder / "config.toml")
    assert stop.value.path == folder / "run" / "checkpoints" / f"step-{when:09d}.pt"
    monkeypatch.delenv("INTERRUPT_AT")
    train(folder / "config.toml", resume=True, watcher=Lines(sys.stdout, sys.stderr))
    assert f"epoch {1 + (when - 1) // 5}, after {(when - 1) % 5 + 1} of 5 steps" in capsys.readouterr().err
    check_same_run(folder, straight)


def one_bit_other(path: Path) -> bytes:
    """The bytes of a checkpoint with one bit of a tensor's changed."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        (entry,) = [info for info in archive.infolist() if info.filename.endswith("/data/0")]
    names = struct.unpack("<HH", data[entry.header_offset + 26 : entry.header_offset + 30])
    data[entry.header_offset + 30 + sum(names) + entry.file_size // 2] ^= 1
    return bytes(data)


def test_an_interrupt_while_held_out_examples_are_judged(
    straight: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = twin(straight, "interrupted")
    # Two batches an epoch, each of which goes through the network twice: in the second epoch.
    monkeypatch.setenv("INTERRUPT_JUDGING", "6")
    with pytest.raises(Interrupted):
        train(folder / "config.toml")
    monkeypatch.delenv("INTERRUPT_JUDGING")
    train(folder / "config.toml", resume=True, watcher=Lines(sys.stdout, sys.stderr))
    assert "epoch 2, after 5 of 5 steps" in capsys.readouterr().err
    check_same_run(folder, straight)


@pytest.mark.parametrize("damage", ["cut short", "one bit", "empty"])
def test_a_corrupt_checkpoint_is_said_and_the_one_before_taken(
    straight: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = twin(straight, "damaged")
    train(folder / "config.toml")
    path = max((folder / "run" / "checkpoints").glob("step-*.pt"))
    data = path.read_bytes()
    broken = {"cut short": data[: len(data) // 2], "one bit": one_bit_other(path), "empty": b""}
    path.write_bytes(broken[damage])
    train(folder / "config.toml", resume=True, watcher=Lines(sys.stdout, sys.stderr))
    said = capsys.readouterr().err
    assert f"the checkpoint `{path}` cannot be read" in said
    assert "step-000000015.pt`: epoch 4, after 0 of 5 steps" in said
    check_same_run(folder, straight)


def test_where_no_checkpoint_can_be_read_nothing_is_trained(straight: Path) -> None:
    for path in (straight / "run" / "checkpoints").glob("step-*.pt"):
        path.write_bytes(b"")
    with pytest.raises(nesy.NesyError) as error:
        train(straight / "config.toml", resume=True)
    assert error.value.code == "no-usable-checkpoint"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lr = 0.03", "lr = 0.04", "optimiser.options.lr was 0.03, and is 0.04"),
        ("seed = 3", "seed = 4", "seed was 3, and is 4"),
        (
            'returns = "logits"',
            'returns = "logits"\noptions = { hidden = 8 }',
            "networks.net.options.hidden was absent, and is 8",
        ),
    ],
)
def test_a_changed_configuration_is_refused(straight: Path, old: str, new: str, said: str) -> None:
    config = change(straight / "config.toml", old, new)
    with pytest.raises(nesy.NesyError) as error:
        train(config, resume=True)
    assert error.value.code == "changed-config"
    assert said in error.value.message
    assert error.value.span is not None
    assert error.value.span.text == said.split(maxsplit=1)[0].rpartition(".")[2]


def test_changed_rules_are_refused_and_where_a_run_is_written_decides_nothing(straight: Path) -> None:
    config = change(straight / "config.toml", "picture = false", "picture = false\nkeep = 7")
    assert train(config, resume=True).history[-1].epoch == 4
    with open(straight / "rules.nesy", "a") as file:
        file.write("% a comment\n")
    train(config, resume=True)
    with open(straight / "rules.nesy", "a") as file:
        file.write("changed.\n")
    with pytest.raises(nesy.NesyError, match="the rules have changed"):
        train(config, resume=True)


def test_a_run_may_be_made_longer_unless_a_schedule_knows_its_length(straight: Path) -> None:
    folder = twin(straight, "longer")
    config = change(folder / "config.toml", "epochs = 4", "epochs = 2")
    train(config)
    train(change(config, "epochs = 2", "epochs = 4"), resume=True)
    check_same_run(folder, straight)
    config.write_text(config.read_text() + '[schedule]\nname = "CosineAnnealingLR"\n')
    train(config, restart=True)
    with pytest.raises(nesy.NesyError, match="epochs was 4, and is 5"):
        train(change(config, "epochs = 4", "epochs = 5"), resume=True)


def test_a_run_is_not_overwritten_unless_asked(straight: Path) -> None:
    config, before = straight / "config.toml", log_of(straight)
    with pytest.raises(nesy.NesyError) as error:
        train(config)
    assert error.value.code == "run-exists"
    broken = change(config, "sum(a, b, S)", "sum(a, b, S")
    with pytest.raises(nesy.NesyError):
        train(broken, restart=True)
    assert log_of(straight) == before, "a mistake costs no run"
    train(change(config, "sum(a, b, S", "sum(a, b, S)"), restart=True)
    assert log_of(straight) == before


def test_resuming_nothing_starts_at_the_beginning(straight: Path) -> None:
    folder = twin(straight, "fresh")
    train(folder / "config.toml", resume=True)
    check_same_run(folder, straight)


def test_an_engine_that_draws_goes_on_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write_task(tmp_path / "straight", epochs=2)
    config.write_text(config.read_text() + '[engine]\nname = "sampling"\noptions = { samples = 20 }\n')
    train(config)
    folder = twin(tmp_path / "straight", "cut")
    monkeypatch.setenv("INTERRUPT_AT", "7")
    with pytest.raises(Interrupted):
        train(folder / "config.toml")
    train(folder / "config.toml", resume=True)
    check_same_run(folder, tmp_path / "straight")
