"""What the page about reasoning shows is what happens."""

from __future__ import annotations

import re

import pytest

from nesy.cli.solve_options import TaskName
from tests.unit.pages import mistakes, page, printing, raised_in

PAGE = page("reasoning")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)
CODES = mistakes(PAGE)


def test_the_examples_print_what_stands_below_them() -> None:
    assert len(EXAMPLES) == PAGE.count("```python")
    printing(EXAMPLES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_mistakes_stand_on_the_page_of_errors(code: str) -> None:
    assert f"`{code}`" in page("errors")


def test_every_code_that_reasoning_raises_stands_on_the_page() -> None:
    raised = raised_in("nesy/engines/reasoning")
    assert len(raised) > 6
    assert raised <= CODES


@pytest.mark.parametrize("task", list(TaskName))
def test_every_task_of_the_command_stands_on_the_page(task: TaskName) -> None:
    assert f"`{task.value}`" in PAGE.partition("## On the command line")[2]
