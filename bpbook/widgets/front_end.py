"""The JavaScript and CSS of an experiment drawn in the browser: what all of them share, then its own."""

import json
from pathlib import Path
from typing import Any

__all__ = ["AS_TEXT", "css", "module"]

HERE = Path(__file__).parent
AS_TEXT: dict[str, Any] = {
    "sync": True,
    "to_json": lambda state, _: json.dumps(state),
    "from_json": lambda text, _: json.loads(text),
}
"""Tags of a trait that travels as one text: a stored chapter then holds it in one line, not in a line a number."""


def module(name: str) -> str:
    """Return experiment.js and NAME.js as one JavaScript module; nothing is built or fetched."""
    return _joined("experiment", name, ".js")


def css(name: str) -> str:
    """Return experiment.css and NAME.css as one style sheet."""
    return _joined("experiment", name, ".css")


def _joined(*parts: str) -> str:
    *names, ending = parts
    return "\n".join((HERE / f"{name}{ending}").read_text(encoding="utf-8") for name in names)
