"""Lightning: the model is a submodule, and training_step returns its loss."""

import lightning
import torch
from points import accuracy, batches, make_model
from torch import Tensor


class Sums(lightning.LightningModule):
    def __init__(self) -> None:
        super().__init__()
        self.model = make_model()

    def training_step(self, batch: tuple[Tensor, Tensor, Tensor], _: int) -> Tensor:
        a, b, sums = batch
        return self.model.loss(sums, a=a, b=b)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), lr=0.03)


def train(steps: int = 80) -> float:
    data = torch.utils.data.DataLoader(list(batches(steps)), batch_size=None)
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    trainer = lightning.Trainer(max_epochs=1, accelerator="cpu", enable_model_summary=False, **quiet)
    module = Sums()
    trainer.fit(module, data)
    return accuracy(module.model)


if __name__ == "__main__":
    print(f"sums right: {train():.3f}")
