"""The page of pictures in a real browser: what it shows, and that it can be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nesy
from nesy import viz
from nesy.viz.page import page
from tests.browser.conftest import Watched
from tests.unit.viz.programs import CALLS, EVIDENCE, QUERIES, changed, observed
from tests.unit.viz.test_files import nasty

Opening = Callable[..., Watched]
STEP = 1e-4


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Predicates, ground rules and the circuit of one program."""
    path = tmp_path_factory.mktemp("pages") / "calls.html"
    program = observed()
    viz.save(path, [viz.predicates(program), viz.ground(program), viz.circuit(program)])
    return path


def test_pointing_at_a_node_tells_its_value_and_derivative(file: Path, opened: Opening) -> None:
    shown = opened(file)
    shown.page.click("text=Ground rules")
    asked = nesy.parse(CALLS + EVIDENCE + "query(hears(john)). query(burglary).")
    expected = nesy.solve(asked)
    shown.node("burglary").hover()
    assert shown.page.inner_text("#about h2") == "burglary"
    assert shown.number("value") == pytest.approx(expected["burglary"].probability, abs=1e-9)
    shown.node("hears(john)").hover()
    assert shown.number("value") == pytest.approx(0.7, abs=1e-9)
    old, new = "0.7::hears(X) :- person(X).", "{}::hears(john). 0.7::hears(mary)."
    slope = (changed(old, new.format(0.7 + STEP)) - changed(old, new.format(0.7 - STEP))) / (2 * STEP)
    assert shown.number("derivative") == pytest.approx(slope, abs=1e-6)
    assert abs(slope) > 0.1


def test_clicking_keeps_a_node_and_other_queries_have_other_derivatives(file: Path, opened: Opening) -> None:
    shown = opened(file)
    shown.page.click("text=Circuit")
    shown.node("hears(john)").first.click()
    kept = shown.number("derivative")
    shown.node("calls(john)").hover()
    assert shown.page.inner_text("#about h2") == "hears(john)"
    shown.page.select_option("#query", label="alarm")
    assert shown.number("derivative") == pytest.approx(0.0, abs=1e-9)
    shown.page.select_option("#query", label="calls(john)")
    assert shown.number("derivative") == kept
    shown.page.keyboard.press("Escape")
    shown.node("calls(john)").hover()
    solution = nesy.solve(nesy.parse(CALLS + QUERIES + EVIDENCE))
    assert shown.number("value") == pytest.approx(solution["calls(john)"].probability, abs=1e-9)


def test_the_wheel_zooms_about_the_pointer_and_dragging_moves(file: Path, opened: Opening) -> None:
    shown = opened(file)
    node = shown.node("alarm/0")
    before, scale = node.bounding_box(), shown.scale()
    middle = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    shown.page.mouse.move(*middle)
    shown.page.mouse.wheel(0, -400)
    shown.page.wait_for_function("old => document.querySelector('.scene').getCTM().a > old * 1.5", arg=scale)
    after = node.bounding_box()
    assert after["x"] + after["width"] / 2 == pytest.approx(middle[0], abs=2)
    assert after["y"] + after["height"] / 2 == pytest.approx(middle[1], abs=2)
    shown.page.mouse.move(300, 600)
    shown.page.mouse.down()
    shown.page.mouse.move(360, 560, steps=4)
    shown.page.mouse.up()
    moved = node.bounding_box()
    assert (moved["x"] - after["x"], moved["y"] - after["y"]) == pytest.approx((60, -40), abs=2)
    shown.page.click("#fit")
    assert shown.scale() == pytest.approx(scale)


def test_folding_hides_what_is_reached_only_through_a_node(file: Path, opened: Opening) -> None:
    shown = opened(file)
    shown.page.click("text=Ground rules")
    assert shown.node("0.9::alarm").is_visible()
    shown.node("alarm").dblclick()
    assert not shown.node("0.9::alarm").is_visible()
    # The constraint leads to it as well.
    assert shown.node("burglary").is_visible()
    shown.node("alarm").dblclick()
    assert shown.node("0.9::alarm").is_visible()


def test_nodes_can_be_found_and_reached_by_keys(file: Path, opened: Opening) -> None:
    shown = opened(file)
    shown.page.fill("#search", "quake")
    assert shown.page.locator(".view:not([hidden]) .node.found").count() == 1
    shown.page.press("#search", "Enter")
    assert shown.page.inner_text("#about h2") == "earthquake/0"
    shown.page.keyboard.press("Escape")
    shown.node("alarm/0").focus()
    assert shown.page.inner_text("#about h2") == "alarm/0"
    shown.page.keyboard.press("Enter")
    shown.page.click("#about .links >> text=burglary/0")
    assert shown.page.inner_text("#about h2") == "burglary/0"


def test_texts_of_rules_stay_texts(tmp_path: Path, opened: Opening) -> None:
    program = nasty()
    pictures = [viz.predicates(program), viz.ground(program), viz.circuit(program)]
    (tmp_path / "nasty.html").write_text(page(pictures, "<b>title</b>"), encoding="utf-8")
    shown = opened(tmp_path / "nasty.html")
    assert shown.page.inner_text("h1") == "<b>title</b>"
    shown.page.click("text=Ground rules")
    labels = shown.page.locator(".view:not([hidden]) .node").evaluate_all("n => n.map(e => e.ariaLabel)")
    assert "'</script><script>alert(1)</script>'" in labels
    shown.page.locator(".view:not([hidden]) .node").first.hover()
    assert shown.page.inner_text("#about h2") == "'<!-- &'"


CONTRAST = """
() => [...document.querySelectorAll('.view:not([hidden]) .node')].map(node => {
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (text) => rgb(text).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const a = light(getComputedStyle(node.querySelector('text')).fill);
  const b = light(getComputedStyle(node.querySelector('.shape')).fill);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
})
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_labels_can_be_read_in_light_and_in_dark(
    file: Path, opened: Opening, scheme: str, tmp_path: Path
) -> None:
    shown = opened(file, scheme)
    shown.page.click("text=Circuit")
    ratios = shown.page.evaluate(CONTRAST)
    # What WCAG 2 asks of text, at level AA.
    assert min(ratios) >= 4.5
    back = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(255, 255, 255)") == (scheme == "light")
    shown.page.screenshot(path=str(tmp_path / f"{scheme}.png"))
    assert (tmp_path / f"{scheme}.png").stat().st_size > 20_000


def test_charts(tmp_path: Path, opened: Opening) -> None:
    (tmp_path / "log.csv").write_text(
        "epoch,train_loss,held_out_loss,held_out_accuracy\n1,2,2,0.5\n2,1,1,0.75\n"
    )
    viz.save(tmp_path / "run.html", viz.training(tmp_path))
    shown = opened(tmp_path / "run.html")
    marks: Any = shown.page.locator(".mark")
    assert marks.count() == 6
    marks.last.hover()
    assert shown.page.inner_text("#about h2") == "epoch 2"
    assert shown.number("value") == 0.75
    assert not shown.page.locator("#search").is_visible()


def test_an_svg_file_alone(tmp_path: Path, opened: Opening) -> None:
    viz.save(tmp_path / "p.svg", viz.predicates(observed()))
    shown = opened(tmp_path / "p.svg")
    assert shown.page.locator(".node").count() == 7
