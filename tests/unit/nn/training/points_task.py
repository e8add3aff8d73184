"""A tiny task in a folder: four kinds of points, of which only the sums of two are seen.

Its network drops out and its data are noisy item by item, from each of the three kinds of random numbers, so
that a run whose random numbers go astray is not the same run.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

RULES = """
nn(net, [X], D, 0..3) :: digit(X, D).
sum(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""

CODE = """
import os, random, signal
import numpy as np
import torch
from torch import nn
from nesy.nn.training import Examples

CORNERS = torch.tensor([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])


class Net(nn.Module):
    # KILL_AT: before which update the process is killed. INTERRUPT_AT: before which it is interrupted.
    # INTERRUPT_JUDGING: at which call in evaluation mode.

    def __init__(self, hidden=16, drop=0.1):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(drop), nn.Linear(hidden, 4)
        )
        self.calls = self.judged = 0

    def forward(self, x):
        self.calls += self.training
        self.judged += not self.training
        for name, number in (("KILL_AT", signal.SIGKILL), ("INTERRUPT_AT", signal.SIGINT)):
            if self.training and self.calls == int(os.environ.get(name, -1)):
                os.kill(os.getpid(), number)
        if not self.training and self.judged == int(os.environ.get("INTERRUPT_JUDGING", -1)):
            os.kill(os.getpid(), signal.SIGINT)
        return self.layers(x)


class Broken(Net):
    def forward(self, x):
        return super().forward(x) * float("nan")


def examples(size, seed, concepts=True):
    generator = torch.Generator().manual_seed(seed)
    digits = torch.randint(4, (2, size), generator=generator)
    a, b = CORNERS[digits] + 0.3 * torch.randn(2, size, 2, generator=generator)
    labels = {"digit(a,_)": digits[0], "digit(b,_)": digits[1]} if concepts else {}
    return Examples({"a": a, "b": b}, digits.sum(dim=0), labels)


class Noisy(torch.utils.data.Dataset):
    def __init__(self, size):
        self.whole = examples(size, 0)

    def __len__(self):
        return len(self.whole)

    def __getitem__(self, i):
        noise = random.gauss(0, 0.02) + np.random.normal(0, 0.02) + torch.randn(()) * 0.02
        return {n: t[i] + noise for n, t in self.whole.inputs.items()}, self.whole.targets[i]


def data(size=150, noisy=True):
    train = Noisy(size) if noisy else examples(size, 0)
    return {"train": train, "held_out": examples(60, 1), "test": examples(70, 2)}


def unreadable():
    return open("a file that is not there").read()


def train_alone(size=40):
    return {"train": examples(size, 0)}
"""

CONFIG = """
rules = "rules.nesy"
epochs = {epochs}
batch_size = 32
seed = 3

[networks.net]
class = "{module}:Net"
returns = "logits"

[data]
function = "{module}:data"

[template]
query = "sum(a, b, S)"
output = "S"

[optimiser]
name = "Adam"
options = {{ lr = 0.03 }}

[write]
picture = false
"""

numbers = count()


def write_task(folder: Path, epochs: int = 4) -> Path:
    """The path of the configuration. Its module has a name that no other task's has."""
    module = f"points_{next(numbers)}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.nesy").write_text(RULES)
    (folder / f"{module}.py").write_text(CODE)
    config = folder / "config.toml"
    config.write_text(CONFIG.format(module=module, epochs=epochs))
    return config


def change(config: Path, old: str, new: str) -> Path:
    """The configuration with one text in place of another, which must be there once."""
    text = config.read_text()
    assert text.count(old) == 1, (old, text)
    config.write_text(text.replace(old, new))
    return config
