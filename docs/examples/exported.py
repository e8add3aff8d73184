"""torch.export: the way from inputs to log-probabilities as one graph, for batches of any size.

The graph knows its circuit by a hash of its content: it runs in processes where a model of the same rules has
been made and called once.
"""

import torch
from points import batches, make_model
from torch import Tensor, nn

import nesy


class Answers(nn.Module):
    def __init__(self, model: nesy.Model) -> None:
        super().__init__()
        self.model = model.eval()

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return self.model(a=a, b=b)


def export(model: nesy.Model) -> torch.export.ExportedProgram:
    a, b, _ = next(batches(1))
    model(a=a, b=b)  # the first call checks what networks return, which a graph cannot
    batch = {0: torch.export.Dim("batch")}
    return torch.export.export(Answers(model), (a, b), dynamic_shapes=(batch, batch))


if __name__ == "__main__":
    program = export(make_model())
    a, b, _ = next(batches(1, size=5))
    print(program.module()(a, b).shape)
