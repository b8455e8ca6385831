"""The JavaScript and CSS of an experiment drawn in the browser: what all of them share, then the parts of its own."""

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


def module(*names: str | Path) -> str:
    """Return experiment.js and each NAME.js as one JavaScript module; nothing is built or fetched.

    A name is a place in this folder, such as "network/picture", or a whole path without its ending where an experiment
    has a part of its own.
    """
    return _joined(names, ".js")


def css(*names: str | Path) -> str:
    """Return experiment.css and each NAME.css as one style sheet."""
    return _joined(names, ".css")


def _joined(names: tuple[str | Path, ...], ending: str) -> str:
    return "\n".join((HERE / f"{name}{ending}").read_text(encoding="utf-8") for name in ("experiment", *names))
