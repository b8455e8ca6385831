"""What a training run of the playground depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....datasets import TOYS, VALUED
from ....optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSProp

__all__ = ["DEEPEST", "ETAS", "GOES_ON", "OPTIMIZERS", "OWN", "OWN_VALUES", "POINTS", "WIDEST", "Point", "Settings"]

Array = NDArray[Any]
Point = tuple[float, float, float]
"""x_0, x_1, and the class or the value."""
OPTIMIZERS: dict[str, type[Optimizer]] = {kind.__name__: kind for kind in (GradientDescent, Momentum, RMSProp, Adam)}
OWN, OWN_VALUES = "your own points", "your own values"
ETAS = [float(f"{digit}e{power}") for power in range(-4, 2) for digit in (1, 2, 5)] + [100.0]
"""Which eta can be chosen."""
WIDEST, DEEPEST = 8, 4
"""Units that a layer may have, and hidden layers that there may be."""
POINTS = 200
"""Points of a data set that comes with bpbook."""


@dataclass(frozen=True)
class Settings:
    """What a training run depends on. A change of one of `GOES_ON` goes on from the weights that are there.

    The hidden layers are `depth` times `width` units, or those of `widths` where it is not empty. `loss` counts where
    the points have classes; where they have values it is squared_error.
    """

    dataset: str = "circles"
    noise: float = 0.1
    share: float = 0.25
    inputs: tuple[str, ...] = ("x0", "x1")
    depth: int = 2
    width: int = 4
    hidden: str = "tanh"
    loss: str = "binary_cross_entropy"
    seed: int = 0
    optimizer: str = "Adam"
    eta: float = 0.02
    lmbda: float = 0.0
    lmbda_1: float = 0.0
    batch_size: int = 16
    widths: tuple[int, ...] = ()

    @property
    def valued(self) -> bool:
        """Whether the points have values, not classes."""
        return self.dataset in (*VALUED, OWN_VALUES)

    @property
    def measure(self) -> str:
        """The loss that counts."""
        return "squared_error" if self.valued else self.loss

    @property
    def penalties(self) -> dict[str, Any]:
        """The lambda of weight decay (L2) and that of the L1 penalty."""
        return {"lmbda": self.lmbda, "lmbda_1": self.lmbda_1}

    def layers(self) -> tuple[int, ...]:
        """Return how many units each hidden layer has."""
        return self.widths or (self.width,) * self.depth

    def sizes(self) -> list[int]:
        """Return how many inputs, hidden units and outputs the network has."""
        return [len(self.inputs), *self.layers(), 2 if self.measure == "softmax_cross_entropy" else 1]

    def points(self, own: Sequence[Point]) -> tuple[Array, Array]:
        """Return x of shape (m, 2) and y of shape (m,) of the data set, or of the reader's own points."""
        if self.dataset in (OWN, OWN_VALUES):
            kind = float if self.valued else int
            return np.array([point[:2] for point in own]).reshape(-1, 2), np.array([point[2] for point in own], kind)
        return (TOYS | VALUED)[self.dataset](m=POINTS, noise=self.noise, seed=self.seed)


GOES_ON = ("optimizer", "eta", "lmbda", "lmbda_1", "batch_size")
