"""The page about reasoning names every task of the command; its examples are in `test_engine_pages.py`."""

from __future__ import annotations

import pytest

from nesy.cli.solve.options import TaskName
from tests.unit.pages import page


@pytest.mark.parametrize("task", list(TaskName))
def test_every_task_of_the_command_stands_on_the_page(task: TaskName) -> None:
    assert f"`{task.value}`" in page("reasoning").partition("## On the command line")[2]
