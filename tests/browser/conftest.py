"""A headless Chromium, where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str | None:
    """NESY_CHROMIUM, or the first browser on the path."""
    given = os.environ.get("NESY_CHROMIUM")
    return given or next((path for path in map(shutil.which, NAMES) if path), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser of playwright; the tests that want one are skipped where it cannot be had."""
    path = executable()
    if path is None:
        pytest.skip("there is no Chromium: apt-get install chromium, or name one in NESY_CHROMIUM")
    api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Watched:
    """A page of the browser, everything it says, and everything it asks for."""

    def __init__(self, browser: Any, path: Path, scheme: str = "light") -> None:
        self.page = browser.new_page(viewport={"width": 1200, "height": 760}, color_scheme=scheme)
        self.page.set_default_timeout(10_000)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def node(self, label: str) -> Any:
        """A node of the picture that is shown, by its label."""
        return self.page.locator(f'.view:not([hidden]) .node[aria-label="{label}"]')

    def number(self, name: str) -> float:
        """What is told of the node: `value` or `derivative`."""
        return float(self.page.locator(f"#{name}").get_attribute("data-raw"))

    def scale(self) -> float:
        """How large the picture is shown."""
        moved = self.page.locator(".view:not([hidden]) .scene").get_attribute("transform")
        return float(moved.partition("scale(")[2].rstrip(")"))


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Opens a file; when the test is over, the page has said nothing and asked for nothing else."""
    pages: list[Watched] = []

    def opening(path: Path, scheme: str = "light") -> Watched:
        pages.append(Watched(browser, path, scheme))
        return pages[-1]

    yield opening
    for watched in pages:
        assert watched.said == []
        assert len(watched.asked) == 1
        watched.page.close()
