"""Chapter 17: drag a query among four keys; see what it takes of each value, and which way the gradients point."""

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from ...layers import attention_backward, attention_forward
from ..views import front_end

__all__ = ["attention"]

QUESTION = "The output should grow. Which keys are drawn towards the query, and why do some hardly feel it?"
KEYS = [[2.0, 0.0], [0.0, 2.0], [-2.0, 1.0], [-1.0, -2.0]]
VALUES = [4.0, 1.0, -2.0, 3.0]
"""One number a key, so that the output is a number, and its gradient u is 1."""
REACH = 4.0
"""How far the query may be dragged, in both directions."""
FIRST = {"q0": 1.0, "q1": 1.0, "seen": 4}

LINES = """import numpy as np
import bpbook as bp
q = np.array([[[{q0}, {q1}]]])  # one example, one query, two numbers
k = np.array([{keys}])
v = np.array([{values}])[..., None]
k, v = k[:, :{seen}], v[:, :{seen}]  # the keys it may look at
z, cache = bp.layers.attention_forward(q, k, v, causal=False)
dq, dk, dv = bp.layers.attention_backward(cache, np.ones((1, 1, 1)))
print(cache.A.round(3), z.round(3), dq.round(3), dk.round(3), sep="\\n")
"""


class _Attention(anywidget.AnyWidget):
    """A query of two numbers among four keys; the browser computes as `bpbook.layers` does, and tests compare them.

    Attributes
    ----------
    q0, q1 : float
        The query, each from -4 to 4.
    seen : int
        It may look at the first so many keys, 1 to 4.
    numbers : dict
        A of shape (seen,), the output z, and dq of shape (2,), dk of shape (seen, 2), dv of shape (seen,), for u = 1.
    """

    _esm = front_end.module(Path(__file__).with_name("attention"))
    _css = front_end.css(Path(__file__).with_name("attention"))

    title = traitlets.Unicode("A query looks at keys").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    q0 = traitlets.Float(1.0).tag(sync=True)
    q1 = traitlets.Float(1.0).tag(sync=True)
    seen = traitlets.Int(4).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        lines = LINES.replace("{keys}", str(KEYS)).replace("{values}", str(VALUES))
        super().__init__(state={"keys": KEYS, "values": VALUES, "reach": REACH, "first": FIRST, "lines": lines})

    @property
    def numbers(self) -> dict[str, Any]:
        """What the layer computes for this query, forward and backward."""
        q = np.array([[[self.q0, self.q1]]])
        k, v = np.array([KEYS])[:, : self.seen], np.array([VALUES])[:, : self.seen, None]
        z, cache = attention_forward(q, k, v, causal=False)
        dq, dk, dv = attention_backward(cache, np.ones((1, 1, 1)))
        return {"A": cache.A[0, 0], "z": float(z[0, 0, 0]), "dq": dq[0, 0], "dk": dk[0], "dv": dv[0, :, 0]}

    def rewind(self) -> None:
        """Put the query back to (1, 1), with all keys in sight."""
        with self.hold_sync():
            for name, value in FIRST.items():
                setattr(self, name, value)
            self.message = ""

    def lines(self) -> str:
        """Return the lines that make the numbers shown."""
        text: str = self.state["lines"]
        for name in FIRST:
            text = text.replace(f"{{{name}}}", f"{getattr(self, name):g}")
        return text

    @traitlets.validate("q0", "q1", "seen")
    def _within(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        low, high = (1, len(KEYS)) if name == "seen" else (-REACH, REACH)
        if low <= value <= high:
            return value
        stays = getattr(self, name)
        self.message = f"{name} must be from {low:g} to {high:g}; got {value:g}. It stays {stays:g}."
        return stays

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.2f}" for share in self.numbers["A"])
        return f"[experiment] a query looks at keys; weights {shares}, output {self.numbers['z']:.2f}"


def attention() -> _Attention:
    """Return an experiment of chapter 17: one query, four keys with their values, and all gradients for u = 1.

    >>> experiment = attention()
    >>> experiment.seen = 1
    >>> experiment.numbers["A"].tolist(), experiment.numbers["z"], experiment.numbers["dq"].tolist()
    ([1.0], 4.0, [0.0, 0.0])
    """
    return _Attention()
