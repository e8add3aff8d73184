"""What the page about the engine of most probable proofs shows is what happens."""

from __future__ import annotations

import re

from tests.unit.pages import mistakes, page, printing, raised_in

PAGE = page("topk")


def test_the_examples_print_what_stands_below_them() -> None:
    examples = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, flags=re.DOTALL)
    assert len(examples) >= 4
    printing(examples)


def test_every_code_stands_on_the_page_of_errors() -> None:
    errors = page("errors")
    codes = mistakes(PAGE) | raised_in("nesy/engines/topk")
    assert {code for code in codes if f"`{code}`" not in errors} == set()
