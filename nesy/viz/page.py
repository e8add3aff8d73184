"""Pictures as one HTML page that needs nothing else: styles, script and data stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from nesy.viz.markup import script_data, text
from nesy.viz.picture import Picture
from nesy.viz.svg import MARKERS, legend_entry, style

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""The page loads nothing, whatever stands in it."""


def page(pictures: Sequence[Picture], title: str) -> str:
    """The page, with a tab for each picture. Cost: linear in the pictures."""
    several = len(pictures) > 1
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{text(title)}</title>",
            f"<style>{style()}{_resource('page.css')}</style></head><body>",
            f"<header><h1>{text(title)}</h1><nav role='tablist'>",
            *(_tab(number, picture) for number, picture in enumerate(pictures) if several),
            f"</nav>{CONTROLS}</header>",
            '<main><div class="views">',
            f'<svg class="nesy" width="0" height="0" aria-hidden="true">{MARKERS}</svg>',
            *(_view(number, picture) for number, picture in enumerate(pictures)),
            '</div><aside id="about" aria-live="polite"></aside></main>',
            f"<footer>{''.join(_legend(*numbered) for numbered in enumerate(pictures))}</footer>",
            f'<script type="application/json" id="data">{script_data([p.data() for p in pictures])}</script>',
            f"<script>{_resource('page.js')}</script>",
            "</body></html>",
            "",
        ]
    )


CONTROLS = """<div class="controls">
<label>find <input id="search" type="search" placeholder="a label"></label>
<label>derivatives of <select id="query"></select></label>
<label>colour by <select id="colour">
<option>kind</option><option>value</option><option>derivative</option></select></label>
<button id="farther" aria-label="smaller" title="smaller (-)">&minus;</button>
<button id="closer" aria-label="larger" title="larger (+)">+</button>
<button id="fit" title="show all (0)">fit</button></div>"""


def _resource(name: str) -> str:
    return files("nesy.viz").joinpath(name).read_text(encoding="utf-8")


def _tab(number: int, picture: Picture) -> str:
    return f'<button role="tab" aria-selected="false" data-tab="{number}">{text(picture.title)}</button>'


def _view(number: int, picture: Picture) -> str:
    return (
        f'<section class="view" data-view="{number}"><p class="note">{text(picture.note)}</p>'
        f'<svg class="nesy" aria-label="{text(picture.title)}"><g class="scene">'
        f"{''.join(picture.inner)}</g></svg></section>"
    )


def _legend(number: int, picture: Picture) -> str:
    line = '<svg class="nesy" width="28" height="8"><path class="edge negative" d="M0 4H28"/></svg>'
    entries = [f"{legend_entry(look)}{text(look.meaning)}" for look in picture.looks]
    entries += [f"{line}negated"] if picture.negative else []
    return "".join(f'<span data-picture="{number}">{entry}</span>' for entry in entries)
