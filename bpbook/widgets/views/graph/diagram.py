"""GraphDiagram: a small computational graph as a picture that goes through prepared frames."""

from typing import Any

import anywidget
import traitlets

from ...controls.words import read
from .. import front_end

__all__ = ["GraphDiagram"]


LEFT = " It is left as it was."


class GraphDiagram(anywidget.AnyWidget):
    """A graph drawn in the browser: values in the nodes, local derivatives on the links, what comes back below.

    An experiment says what its graph is: it fills `state`, answers `set` and `rewind`, and gives `lines`. The browser
    gets every frame at once, so that stepping and clicking also work on a page without Python.

    Attributes
    ----------
    state : dict
        `size`, and `nodes` with `name`, `formula`, `at` and `frames` (those that a click on it leads to, in turn);
        `links` with `start`, `end` and `path`; `fields`, what the reader can set; `stepped`, whether frames follow
        each other; `legend`; `code`; `frames`, each with a `title`, `words` (see `factor`) and `table` in HTML, and for
        every node its `value`, two `lines` below it and a `look` ("", "now", "known"), for every link a `slope` and
        whether it is `on`, and more `code`.
    frame : int
        Which one is shown.
    digits : int
        Significant digits shown, 2 to 6.
    message : str
        What went wrong, or what was done.
    """

    _esm = front_end.module("factors", "graph/diagram")
    _css = front_end.css("factors", "graph/diagram")

    title = traitlets.Unicode().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    frame = traitlets.Int(0).tag(sync=True)
    digits = traitlets.Int(6).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, title: str, question: str) -> None:
        super().__init__(title=title, question=question, state=self._state())
        self.on_msg(self._answer)

    def set(self, name: str, value: object) -> None:
        """Set what the reader can set; say so in `message` when it cannot be."""
        raise NotImplementedError

    def rewind(self) -> None:
        """Go back to the first numbers."""
        raise NotImplementedError

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown."""
        return self.state["code"] + self.state["frames"][self.frame].get("code", "")

    def _state(self) -> dict[str, Any]:
        raise NotImplementedError

    def _answer(self, _: object, request: dict[str, Any], __: object) -> None:
        """Do what the browser asks, and tell it when that is done."""
        if request["do"] == "set":
            self.set(request["place"], request["text"])
        elif request["do"] == "rewind":
            self.rewind()
        self.send({"did": request["do"], "refused": bool(self.message)})

    @traitlets.validate("frame", "digits")
    def _within(self, proposal: Any) -> int:
        """Keep a number within its range; otherwise leave it as it was and say so."""
        name, value = proposal["trait"].name, proposal["value"]
        low, high = (2, 6) if name == "digits" else (0, len(self.state["frames"]) - 1)
        if low <= value <= high:
            return int(value)
        self.message = f"{name} must be from {low} to {high}; got {value}."
        return int(getattr(self, name))


def factor(written: str, part: str, label: str = "") -> str:
    """Return what is written in HTML as a factor that belongs to "n0", a node, or "l0", a link of the picture.

    Pointing at one lights the other. With a label, keys reach it too; a number beside its symbol needs none.

    Examples
    --------
    >>> factor("5", "l2")
    '<span class="factor" data-of="l2">5</span>'
    """
    reached = f' role="math" tabindex="-1" aria-label="{label}"' if label else ""
    return f'<span class="factor" data-of="{part}"{reached}>{written}</span>'


def typed(name: str, value: object, low: float, high: float) -> float:
    """Return the number that a reader typed or slid to.

    Raises
    ------
    ValueError
        It is no number from `low` to `high`.
    """
    number = read(value)
    if isinstance(number, float) and low <= number <= high:
        return number
    got = repr(str(value)[:40])
    raise ValueError(f"{name} must be a number from {low:g} to {high:g}; got {got}.{LEFT}")
