"""A configuration is read into what it says, and each mistake in it has its code, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

import nesy
from nesy.nn.training import (
    Config,
    Imported,
    LossConfig,
    Named,
    NetworkConfig,
    ScheduleConfig,
    TemplateConfig,
    WriteConfig,
    read_config,
    train,
)
from tests.unit.nn.training.points_task import write_task

FULL = """\
rules = "r.nesy"
epochs = 2
batch_size = 8
seed = 5
dtype = "float64"
device = "cpu"
networks.short = "n:Short"
allow_files = "facts"
allow_python = true
[networks.net]
class = "n:Net"
returns = "log_probs"
options = { hidden = 3, deep = [1, 2] }
[data]
function = "d:make"
options.size = 4
[template]
query = "both(S, M)"
output = ["S", "M"]
semantics = "godel"
[engine]
name = "sampling"
options = { samples = 9 }
[loss]
likelihood = "joint"
semantic = 1
entropy = 0.5
batch_entropy = 0.25
[optimiser]
name = "SGD"
options = { lr = 1.0 }
[schedule]
name = "StepLR"
per = "step"
options = { step_size = 1 }
[write]
folder = "out"
keep = 1
every_steps = 7
picture = false
tensorboard = true
"""


def test_a_configuration_is_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(FULL)
    assert read_config(tmp_path / "c.toml") == Config(
        rules=Path("r.nesy"),
        networks={
            "short": NetworkConfig(Imported("n:Short")),
            "net": NetworkConfig(Imported("n:Net", {"hidden": 3, "deep": [1, 2]}), "log_probs"),
        },
        data=Imported("d:make", {"size": 4}),
        template=TemplateConfig("both(S, M)", ("S", "M"), "godel"),
        optimiser=Named("SGD", {"lr": 1.0}),
        schedule=ScheduleConfig("StepLR", {"step_size": 1}, "step"),
        engine=Named("sampling", {"samples": 9}),
        loss=LossConfig("joint", 1.0, 0.5, batch_entropy=0.25),
        epochs=2,
        batch_size=8,
        seed=5,
        dtype="float64",
        write=WriteConfig(Path("out"), 1, 7, picture=False, tensorboard=True),
        allow_files=(Path("facts"),),
        allow_python=True,
        folder=tmp_path,
    )


MISTAKES = [
    # The text in place of another; the code, the line and the column, and a word of the remedy.
    ("seed = 5", "sead = 5", "unknown-key", 4, 1, "did you mean seed"),
    ('returns = "log_probs"', 'return = "log_probs"', "unknown-key", 12, 1, "did you mean returns"),
    ("epochs = 2", "epochs = 2.5", "wrong-type", 2, 1, None),
    ("epochs = 2", "epochs = true", "wrong-type", 2, 1, None),
    ("epochs = 2", "epochs = 0", "wrong-value", 2, 1, "1 or more"),
    ("epochs = 2\n", "", "missing-key", 1, 1, "epochs = 20"),
    ('dtype = "float64"', 'dtype = "float16"', "wrong-value", 5, 1, "float32"),
    ('query = "both(S, M)"\n', "", "missing-key", 17, 2, "for example"),
    ("[template]", "[templates]", "missing-key", 1, 1, "[template]"),
    ("[engine]\n", "[[engine]]\n", "wrong-type", 21, 3, "a table"),
    ('["S", "M"]', '["S", 3]', "wrong-type", 19, 1, None),
    ('"log_probs"', '"scores"', "wrong-value", 12, 1, "logits"),
    ('likelihood = "joint"', 'likelihood = "all"', "wrong-value", 25, 1, "per-output"),
    ("entropy = 0.5", 'entropy = "high"', "wrong-type", 27, 1, None),
    ("keep = 1", "keep = 0", "wrong-value", 38, 1, "1 or more"),
    ("every_steps = 7", "every_steps = -1", "wrong-value", 39, 1, "1 or more"),
    ('per = "step"', 'per = "batch"', "wrong-value", 34, 1, "epoch"),
    ('networks.short = "n:Short"', "networks.short = 3", "wrong-type", 7, 1, "table"),
    ("options.size = 4", "options = 4", "wrong-type", 16, 1, "table"),
    ("seed = 5", "seed = ", "malformed-config", 4, 8, "key = value"),
]


@pytest.mark.parametrize(("old", "new", "code", "line", "column", "hint"), MISTAKES)
def test_each_mistake_has_its_place(
    tmp_path: Path, old: str, new: str, code: str, line: int, column: int, hint: str | None
) -> None:
    assert FULL.count(old) == 1
    (tmp_path / "c.toml").write_text(FULL.replace(old, new))
    with pytest.raises(nesy.NesyError) as caught:
        read_config(tmp_path / "c.toml")
    error = caught.value
    assert error.span is not None
    assert (error.code, error.span.line, error.span.column) == (code, line, column), error
    assert hint is None or hint in (error.hint or "")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(FULL)
    with pytest.raises(nesy.NesyError) as error:
        read_config(tmp_path / "confg.toml")
    assert error.value.code == "file-not-found"
    assert "config.toml" in (error.value.hint or "")


def test_values_are_checked_without_a_file_too() -> None:
    with pytest.raises(nesy.NesyError) as error:
        Config(
            rules=Path("r.nesy"),
            networks={},
            data=Imported("d:make"),
            template=TemplateConfig("q"),
            optimiser=Named("SGD"),
            epochs=0,
            batch_size=1,
        )
    assert (error.value.code, error.value.span) == ("wrong-value", None)


NAMED = [
    # What is named and cannot be had: the text in place of another, the code, the key that is blamed.
    ('class = "{}:Net"', 'class = "nowhere:Net"', "module-not-found", "class"),
    ('class = "{}:Net"', 'class = "{}:Nett"', "name-not-found", "class"),
    ('class = "{}:Net"', 'class = "{}"', "malformed-import", "class"),
    ('class = "{}:Net"', 'class = "{}:CORNERS"', "name-not-found", "class"),
    ('class = "{}:Net"', 'class = "broken:Net"', "module-failed", "class"),
    ('class = "{}:Net"', 'class = "importing:Net"', "module-failed", "class"),
    ('class = "{}:Net"', 'class = "json:Net"', "module-name-taken", "class"),
    ('class = "{}:Net"', 'class = "{}:Net"\noptions = {{ width = 3 }}', "invalid-options", "class"),
    ('class = "{}:Net"', 'class = "builtins:dict"', "not-a-module", "class"),
    ("[networks.net]", "[networks.nett]", "missing-network", None),
    ('function = "{}:data"', 'function = "builtins:list"', "wrong-data", "function"),
    ('function = "{}:data"', 'function = "builtins:dict"', "wrong-data", "function"),
    (
        'function = "{}:data"',
        'function = "{}:data"\noptions = {{ sizes = 3 }}',
        "invalid-options",
        "function",
    ),
    ('function = "{}:data"', 'function = "{}:unreadable"', "call-failed", "function"),
    ('name = "Adam"', 'name = "Adamm"', "unknown-optimiser", "name"),
    ('name = "Adam"', 'name = "LBFGS"', "unknown-optimiser", "name"),
    ("lr = 0.03", "rate = 0.03", "invalid-options", "options"),
    ("lr = 0.03", "lr = -0.03", "invalid-options", "options"),
    ("seed = 3", 'seed = 3\ndevice = "cuda:77"', "unavailable-device", "device"),
    ("seed = 3", 'seed = 3\ndevice = "abacus"', "unavailable-device", "device"),
    ("[write]", '[engine]\nname = "exactly"\n[write]', "unknown-engine", "name"),
    ("[write]", '[engine]\nname = "exact"\noptions = {{ speed = 3 }}\n[write]', "invalid-options", "speed"),
    (
        "[write]",
        '[engine]\nname = "sampling"\noptions = {{ samples = 1 }}\n[write]',
        "invalid-option",
        "options",
    ),
    ("picture = false", 'picture = false\nfolder = "rules.nesy/run"', "unusable-folder", "folder"),
    ("[write]", '[schedule]\nname = "LambdaLR"\n[write]', "unknown-schedule", "name"),
    ("[write]", '[schedule]\nname = "StepLR"\n[write]', "invalid-options", "schedule"),
    ('rules = "rules.nesy"', 'rules = "rule.nesy"', "file-not-found", "rules"),
    ('output = "S"', 'output = "S"\nsemantics = "vague"', "unknown-semantics", "semantics"),
    ('query = "sum(a, b, S)"', 'query = "summ(a, b, S)"', None, "query"),
]


@pytest.mark.parametrize(("old", "new", "code", "key"), NAMED)
def test_what_cannot_be_had_is_blamed_on_its_key(
    tmp_path: Path, old: str, new: str, code: str | None, key: str | None
) -> None:
    config = write_task(tmp_path, epochs=1)
    module = next(tmp_path.glob("points_*.py")).stem
    (tmp_path / "broken.py").write_text("class Net:\n  x = 1 / zero\n")
    (tmp_path / "importing.py").write_text("import a_package_that_is_not_there\n")
    (tmp_path / "json.py").write_text("Net = dict\n")
    text = config.read_text()
    assert text.count(old.format(module)) == 1
    config.write_text(text.replace(old.format(module), new.format(module)))
    with pytest.raises(nesy.NesyError) as caught:
        train(config)
    error = caught.value
    assert code is None or error.code == code, error
    if key is not None:
        assert error.span is not None, error
        assert error.span.source.name == str(config), error
        assert error.span.text == key, error
