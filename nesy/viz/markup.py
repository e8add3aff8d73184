"""Text within SVG and HTML: nothing a rule file holds can be taken for markup or for script."""

from __future__ import annotations

import json
import re
from html import escape

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """A text between tags or in quotes. What XML cannot hold at all becomes a replacement sign."""
    return escape(_NOT_IN_XML.sub("\ufffd", value), quote=True)


def script_data(value: object) -> str:
    """A value as JSON within a `script` element: it cannot end the element, nor begin a comment."""
    found = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return found.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0") if value != 0 else "0"
