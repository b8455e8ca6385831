"""Chapter 17: slide a kernel over an image of five by five pixels, and see what every gradient is the sum of."""

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from ...layers import conv_backward, conv_forward
from ..views import front_end

__all__ = ["kernel"]

QUESTION = "Which outputs does one pixel reach, and through which weight each? And one weight?"
X = [[0, 1, 2, 1, 0], [1, 3, 1, 0, 0], [2, 1, 0, 0, 1], [3, 0, 0, 1, 2], [1, 0, 2, 2, 1]]
W = [[1, 2, 0], [0, 1, -1], [-1, 0, 2]]
U = [[1, -1, 2, 0, 1], [2, 0, 1, -2, 1], [-1, 1, 3, 1, 0], [0, 2, -1, 1, 2], [1, 0, 1, -1, -2]]
"""Small whole numbers for the image, the kernel and the upstream gradient, which is cut to the size of z."""
FIRST: dict[str, Any] = {"stride": 1, "padding": 0, "chosen": ["x", 2, 2]}
STRIDES, PADDINGS, GRIDS = (1, 2), (0, 1), ("z", "x", "W")

LINES = """import numpy as np
import bpbook as bp
x = np.array({x}, float)
W = np.array({w}, float)
z, cache = bp.layers.conv_forward(
    x[None, :, :, None], W[:, :, None, None], np.zeros(1), stride={stride}, padding={padding}
)
u = np.array({u}, float)  # dC/dz
dx, dW, db = bp.layers.conv_backward(cache, u[None, :, :, None])
print(dx[0, :, :, 0], dW[:, :, 0, 0], sep="\\n")
"""


def _computed(stride: int, padding: int) -> dict[str, Any]:
    """Return z, u, dx and dW as nested lists, from the layer itself."""
    x, w = np.array(X, float)[None, :, :, None], np.array(W, float)[:, :, None, None]
    z, cache = conv_forward(x, w, np.zeros(1), stride=stride, padding=padding)
    rows, columns = z.shape[1:3]
    u = np.array(U, float)[None, :rows, :columns, None]
    dx, dW, _ = conv_backward(cache, u)
    arrays = {"z": z[0, :, :, 0], "u": u[0, :, :, 0], "dx": dx[0, :, :, 0], "dW": dW[:, :, 0, 0]}
    return {name: array.astype(int).tolist() for name, array in arrays.items()}


class _Kernel(anywidget.AnyWidget):
    """A convolution of whole numbers, forward and backward; the browser shows the products of the chosen sum.

    Attributes
    ----------
    stride, padding : int
        1 or 2, and 0 or 1.
    chosen : list
        The grid, "z", "x" or "W", and the row and column of the number whose sum is shown: of an output the output
        itself, of a pixel or a weight its gradient.
    numbers : dict
        z, u, dx and dW at this stride and padding.
    """

    _esm = front_end.module(Path(__file__).with_name("kernel"))
    _css = front_end.css(Path(__file__).with_name("kernel"))

    title = traitlets.Unicode("Slide a kernel").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    stride = traitlets.Int(1).tag(sync=True)
    padding = traitlets.Int(0).tag(sync=True)
    chosen: Any = traitlets.List(FIRST["chosen"]).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        self._all = {f"{s} {p}": _computed(s, p) for s in STRIDES for p in PADDINGS}
        state = {"x": X, "W": W, "numbers": self._all, "first": FIRST, "lines": LINES.replace("{x}", str(X))}
        state["lines"] = str(state["lines"]).replace("{w}", str(W))
        super().__init__(state=state)

    @property
    def numbers(self) -> dict[str, Any]:
        """What is shown at this stride and padding."""
        return self._all[f"{self.stride} {self.padding}"]

    def terms(self) -> list[tuple[float, float]]:
        """Return the pairs of numbers whose products add up to the chosen number, in the order of reading."""
        kind, row, column = self.chosen
        found = []
        for i, j in np.ndindex(np.shape(self.numbers["z"])):
            for p, q in np.ndindex(np.shape(W)):
                a, b = self.stride * i + p - self.padding, self.stride * j + q - self.padding
                pixel = X[a][b] if 0 <= a < len(X) and 0 <= b < len(X) else 0
                if {"z": (i, j), "x": (a, b), "W": (p, q)}[kind] == (row, column):
                    pair = {"z": (pixel, W[p][q]), "x": (self.numbers["u"][i][j], W[p][q])}
                    found.append(pair.get(kind, (self.numbers["u"][i][j], pixel)))
        return found

    def rewind(self) -> None:
        """Go back to stride 1, no padding, and the pixel in the middle."""
        with self.hold_sync():
            for name, value in FIRST.items():
                setattr(self, name, value)
            self.message = ""

    def lines(self) -> str:
        """Return the lines that make the numbers shown."""
        text = self.state["lines"].replace("{stride}", str(self.stride)).replace("{padding}", str(self.padding))
        return text.replace("{u}", str(self.numbers["u"]))

    @traitlets.validate("stride", "padding")
    def _offered(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        offered = {"stride": STRIDES, "padding": PADDINGS}[name]
        if value in offered:
            return value
        stays = getattr(self, name)
        self.message = f"{name} must be {offered[0]} or {offered[1]}; got {value}. It stays {stays}."
        return stays

    @traitlets.observe("stride", "padding")
    def _keep_inside(self, _: Any) -> None:
        kind, row, column = self.chosen
        last = len(self.numbers["z"]) - 1
        if kind == "z" and max(row, column) > last:
            self.chosen = [kind, min(row, last), min(column, last)]

    @traitlets.validate("chosen")
    def _there(self, proposal: Any) -> Any:
        value = proposal["value"]
        if len(value) == 3 and value[0] in GRIDS:
            size = len({"x": X, "W": W}.get(value[0], self.numbers["z"]))
            if all(isinstance(n, int) and 0 <= n < size for n in value[1:]):
                return value
        self.message = f"chosen must be 'z', 'x' or 'W' with a row and a column that exist; got {value}."
        return self.chosen

    def __repr__(self) -> str:
        kind, row, column = self.chosen
        name = {"z": "z", "x": "dx", "W": "dW"}[kind]
        value = self.numbers[name][row][column]
        return f"[experiment] slide a kernel; {name}[{row}, {column}] = {value}, a sum of {len(self.terms())} products"


def kernel() -> _Kernel:
    """Return an experiment of chapter 17: a kernel of 3 by 3 on an image of 5 by 5, forward and backward.

    Choose an output, a pixel or a weight, by mouse or by keys, and see which products its sum consists of.

    >>> experiment = kernel()
    >>> experiment.chosen, len(experiment.terms())
    (['x', 2, 2], 9)
    >>> experiment.chosen = ["x", 0, 0]
    >>> experiment.terms(), experiment.numbers["dx"][0][0]
    ([(1, 1)], 1)
    """
    return _Kernel()
