"""What a model answers, as a table."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator

from nesy.circuit.formats.whole_files import write_text
from nesy.nn.training.data import Part, batches
from nesy.nn.training.evaluation import confidences, evaluating
from nesy.nn.training.task import Task

Row = list[object]


def prediction_rows(task: Task, part: Part) -> Iterator[Row]:
    """For each example its number, from 0, and of each output the value predicted and its probability.

    Cost: one pass through the networks, and the engine's prediction and marginals.
    """
    model, number = task.model, 0
    with evaluating(task):
        for batch in batches(part, task.config.batch_size):
            beliefs = model.beliefs(**batch.to(task.device, task.dtype).inputs)
            guess = model.inference.predict(beliefs)[:, : len(model.outputs)]
            sure = confidences(model, beliefs, guess).tolist()
            for chosen, probabilities in zip(guess.tolist(), sure, strict=True):
                row: Row = [number]
                for output, index, probability in zip(model.outputs, chosen, probabilities, strict=True):
                    row += [output.domain[index], probability]
                yield row
                number += 1


def write_predictions(task: Task, part: Part, path: str | os.PathLike[str]) -> int:
    """A CSV file of predictions, whole or not at all; returns how many there are.

    Columns: `example`, and for each output its name and `P(name)`.
    Raises `DataError` (file-not-writable) and what the model raises.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["example", *(c for o in task.model.outputs for c in (o.name, f"P({o.name})"))])
    count = 0
    for row in prediction_rows(task, part):
        writer.writerow(row)
        count += 1
    write_text(path, text.getvalue())
    return count
