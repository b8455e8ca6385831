"""The JavaScript and CSS of an experiment drawn in the browser: what all of them share, then its own."""

from pathlib import Path

__all__ = ["css", "module"]

HERE = Path(__file__).parent


def module(name: str) -> str:
    """Return experiment.js and NAME.js as one JavaScript module; nothing is built or fetched."""
    return _joined("experiment", name, ".js")


def css(name: str) -> str:
    """Return experiment.css and NAME.css as one style sheet."""
    return _joined("experiment", name, ".css")


def _joined(*parts: str) -> str:
    *names, ending = parts
    return "\n".join((HERE / f"{name}{ending}").read_text(encoding="utf-8") for name in names)
