"""The deep network as a program: what is shown is what runs.

`text` writes the lines that make a network at birth, `train` those that take some steps, and `measure` those that
look at every layer. A `Run` hands them to Python.
"""

from typing import Any, NamedTuple

import numpy as np

__all__ = ["ACTIVATIONS", "EPOCH", "LAYERS", "STARTS", "Run", "Settings"]

ACTIVATIONS = ["sigmoid", "tanh", "relu"]
STARTS = {"standard": "uniform", "Glorot": "glorot", "He": "he", "orthogonal": "orthogonal"}
"""What a reader sees, and the name of the initializer."""
LAYERS = {
    "f(z)": "{f}(z)",
    "h + f(z)": "h + {f}(z)",
    "h + f(z) / √depth": "h + {f}(z) / depth**0.5",
    "h + f(z) / depth": "h + {f}(z) / depth",
    "f(layer norm z)": "{f}(normalise(z, axis=1))",
    "f(batch norm z)": "{f}(normalise(z, axis=0))",
    "h + f(layer norm z)": "h + {f}(normalise(z, axis=1))",
}
"""What a reader sees, and what `layer` returns."""
EPOCH = 20
"""Steps for one press of the button."""

HEAD = """import numpy as np
import bpbook as bp
from bpbook import graph
x, y = bp.datasets.digits()
order = np.random.default_rng(0).permutation(len(x))
x, y = x[order], y[order]
x = (x - x[:1400].mean()) / x[:1400].std()
depth = {depth}
settings = {{"hidden": "{activation}", "init": "{init}", "loss": "softmax_cross_entropy", "seed": 0}}
net = bp.MLP([64] * (depth + 1) + [10], **settings)
for l in range(1, depth + 1):
    net.W[l] *= {gain!r}
optimizer, rng = bp.Adam(eta=0.01), np.random.default_rng(0)
"""
NORMALISE = """
def normalise(z, axis):
    z = z - graph.mean(z, axis=axis, keepdims=True)
    return z / (graph.mean(z**2, axis=axis, keepdims=True) + 1e-5)**0.5
"""
NETWORK = """
def layer(h, z):
    return {layer}

def forward(x):
    W, b = ([graph.variable(w) for w in arrays[1:]] for arrays in (net.W, net.b))
    h = [graph.variable(x)]
    for l in range(depth):
        h.append(layer(h[-1], h[-1] @ W[l] + b[l]))
    return h, W + b, h[-1] @ W[-1] + b[-1]

def gradients(x, y):
    h, weights, z = forward(x)
    C = graph.softmax_cross_entropy(z, y)
    return C, h, weights, graph.backward(C)
"""
TRAIN = """
for step in range({steps}):
    rows = rng.integers(1400, size=64)
    C, h, weights, adjoint = gradients(x[rows], y[rows])
    if not np.isfinite(C.value):
        break
    optimizer.update(net.W[1:] + net.b[1:], [adjoint[w] for w in weights])
"""
MEASURE = """
C, h, weights, adjoint = gradients(x[:100], y[:100])
sd = [float(h_l.value.std()) for h_l in h[1:]]
back = [float(np.linalg.norm(adjoint[h_l])) for h_l in h[1:]]
dW = [float(np.linalg.norm(adjoint[W_l])) for W_l in weights[:depth]]
right = float(np.mean(forward(x[1400:])[2].value.argmax(axis=1) == y[1400:]))
"""


class Settings(NamedTuple):
    """A deep network: what the controls say.

    Attributes
    ----------
    depth : int
        Hidden layers, all of 64 units, as wide as the images.
    activation, start, layer : str
        One of `ACTIVATIONS`, of `STARTS`, of `LAYERS`.
    gain : float
        What the weights of all hidden layers are multiplied by at birth.
    """

    depth: int = 20
    activation: str = "sigmoid"
    start: str = "Glorot"
    layer: str = "f(z)"
    gain: float = 1.0

    def text(self) -> str:
        """Return the lines that make the network at birth."""
        layer = LAYERS[self.layer].format(f=f"graph.{self.activation}")
        head = HEAD.format(depth=self.depth, activation=self.activation, init=STARTS[self.start], gain=self.gain)
        return head + (NORMALISE if "normalise" in layer else "") + NETWORK.format(layer=layer)


class Run:
    """A network at birth and as it learns.

    Attributes
    ----------
    settings : Settings
    steps : int
        Steps that it was to take so far.
    sd, back, dW : lists of float
        For each hidden layer: the standard deviation of its output h, the norm of dC/dh and that of dC/dW, on the same
        100 images.
    C, right : float
        The loss on these images, and the share of the 397 images it does not learn from that it reads right.

    >>> run = Run(Settings(depth=1))
    >>> run.train(20)
    >>> run.steps, len(run.dW), run.right > 0.5
    (20, 1, True)
    """

    def __init__(self, settings: Settings) -> None:
        self.settings, self.steps = settings, 0
        self.names: dict[str, Any] = {}
        self._execute(settings.text())
        self._measure()

    def train(self, steps: int) -> None:
        """Take some more steps, unless the loss is not finite any more."""
        self._execute(TRAIN.format(steps=steps))
        self._measure()
        self.steps += steps

    def lines(self) -> str:
        """Return the lines that make the numbers shown."""
        return self.settings.text() + (TRAIN.format(steps=self.steps) if self.steps else "") + MEASURE

    @property
    def exploded(self) -> bool:
        """Whether a number somewhere is inf or nan."""
        return not np.isfinite([self.C, *self.sd, *self.back, *self.dW]).all()

    @np.errstate(all="ignore")
    def _execute(self, lines: str) -> None:
        exec(lines, self.names)  # lines of this module, with numbers and names of the controls in them

    def _measure(self) -> None:
        self._execute(MEASURE)
        self.sd: list[float] = self.names["sd"]
        self.back: list[float] = self.names["back"]
        self.dW: list[float] = self.names["dW"]
        self.C, self.right = float(self.names["C"].value), float(self.names["right"])
