"""The way of a ball: where it is after each step, and how the loss is bent there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...optimizers import Momentum
from ..controls.words import number
from ..views.plane import place
from .landscapes import Landscape

__all__ = ["FAR", "STILL", "Roll"]

FAR, STILL = 1e2, 1e-9
"""How far out a ball is gone; a gradient and a curvature smaller than this count as zero on the board."""


class Roll:
    """So many steps of gradient descent, with momentum and noise if asked for, from one start.

    Parameters
    ----------
    surface : Landscape
    start : (w_0, w_1)
    eta, mu, noise : float
        Learning rate; momentum; standard deviation of what is added to both numbers of every gradient, from seed 0.
    steps : int

    Attributes
    ----------
    way : array of shape (k, 2)
        The places, the start first; it ends early when the ball is gone.
    curvatures : array of shape (k, 2)
        The lowest and the highest curvature at each place: the eigenvalues of the exact Hessian.

    >>> from .landscapes import LANDSCAPES
    >>> roll = Roll(LANDSCAPES["two links"], (1.5, 1.5), eta=0.1, mu=0.0, noise=0.0, steps=200)
    >>> roll.way[-1].round(6).tolist(), round(float(roll.sharpness[-1]), 6)
    ([1.0, 1.0], 2.0)
    """

    def __init__(
        self, surface: Landscape, start: tuple[float, float], eta: float, mu: float, noise: float, steps: int
    ) -> None:
        self.surface, self.start, self.eta, self.mu, self.noise, self.steps = surface, start, eta, mu, noise, steps
        self.way = self._way()
        self.curvatures = np.array([surface.curvature(w) for w in self.way])

    def _way(self) -> NDArray[Any]:
        optimizer, rng = Momentum(self.eta, self.mu), np.random.default_rng(0)
        w = np.array(self.start, dtype=float)
        way = [w.copy()]
        for _ in range(self.steps):
            optimizer.update([w], [self.surface.gradient(w) + self.noise * rng.normal(size=2)])
            if np.abs(w).max() > FAR:
                break
            way.append(w.copy())
        return np.array(way)

    @property
    def gone(self) -> bool:
        """Whether the ball left everything behind before its steps were over."""
        return len(self.way) <= self.steps

    @property
    def sharpness(self) -> NDArray[Any]:
        """The highest curvature at each place, shape (k,)."""
        return self.curvatures[:, 1]

    @property
    def edge(self) -> float:
        """The curvature above which a small swing grows: 2 (1 + mu) / eta."""
        return 2 * (1 + self.mu) / self.eta

    def state(self) -> dict[str, float]:
        """Return C, the length of the gradient and both curvatures where the ball is now."""
        w, (lowest, highest) = self.way[-1], self.curvatures[-1]
        length = float(np.linalg.norm(self.surface.gradient(w)))
        return {"C": self.surface(w), "gradient": length, "lowest": float(lowest), "highest": float(highest)}

    def verdict(self) -> str:
        """Return in words what this place is."""
        now = self.state()
        if self.gone:
            return f"The ball is gone: its next step ended beyond ±{FAR:g}."
        if now["gradient"] > STILL:
            sharp = " The slope is bent more sharply than the edge, so swings across it grow."
            still = f"Not a critical point: the gradient is {number(now['gradient'], 2)}, which is not zero."
            return still + (sharp if now["highest"] > self.edge else "")
        if now["lowest"] < -STILL:
            return (
                "A saddle: the gradient is zero to nine decimals, and one way leads down."
                if now["highest"] > STILL
                else "No minimum."
            )
        if now["lowest"] > STILL:
            return "A strict local minimum: the gradient is zero to nine decimals, and every way leads up."
        return "The gradient is zero to nine decimals, and one direction is flat: curvature alone cannot decide."

    def words(self) -> str:
        """Return the description of the picture."""
        now, w = self.state(), self.way[-1]
        text = f"{self.surface.name.capitalize()}, step {len(self.way) - 1} from {place(self.start)}: the ball is at "
        text += f"{place(w)}, C = {number(now['C'], 3)}, sharpness {number(now['highest'], 3)}, "
        return text + f"edge {number(self.edge, 3)}."

    def lines(self) -> str:
        """Return the lines of bpbook that make these numbers: w, C, lowest and highest."""
        return "\n".join(
            [
                "import numpy as np",
                "import bpbook as bp",
                f'surface = bp.widgets.LANDSCAPES["{self.surface.name}"]',
                f"optimizer, rng = bp.Momentum(eta={self.eta!r}, mu={self.mu!r}), np.random.default_rng(0)",
                f"w = np.array({[float(number) for number in self.start]})",
                f"for _ in range({len(self.way) - 1}):",
                f"    g = surface.gradient(w) + {self.noise!r} * rng.normal(size=2)",
                "    optimizer.update([w], [g])",
                "C = surface(w)",
                "lowest, highest = surface.curvature(w)  # the eigenvalues of the exact Hessian",
                f"edge = 2 * (1 + {self.mu!r}) / {self.eta!r}",
            ]
        )
