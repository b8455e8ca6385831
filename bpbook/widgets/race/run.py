"""A race of four optimizers over a surface: where each is after each step, who has arrived, who is gone."""

import numpy as np
from numpy.typing import NDArray

from ...optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSProp
from ..controls.words import number
from ..views.plane import place
from .surfaces import Surface

__all__ = ["CLOSE", "FAR", "RUNNERS", "RaceRun"]

RUNNERS: dict[str, type[Optimizer]] = {
    "gradient descent": GradientDescent,
    "momentum": Momentum,
    "RMSProp": RMSProp,
    "Adam": Adam,
}
CLOSE, FAR = 0.01, 1e3
"""How near the least C counts as there; how far out counts as gone."""


class RaceRun:
    """So many steps of all four from one start.

    Parameters
    ----------
    surface : Surface
    start : (w_0, w_1)
    etas : dict
        The learning rate of each of `RUNNERS`.
    steps : int

    Attributes
    ----------
    ways : dict of lists of arrays of shape (2,)
        The places w of each optimizer, the start first; they end early when it is gone.
    optimizers : dict of Optimizer
        With what each remembers of its steps.

    >>> from .surfaces import SURFACES
    >>> run = RaceRun(SURFACES["narrow valley"], (-4, 1.5), dict.fromkeys(RUNNERS, 0.08), 100)
    >>> run.arrival("gradient descent"), run.arrival("Adam")
    (41, 74)
    """

    def __init__(self, surface: Surface, start: tuple[float, float], etas: dict[str, float], steps: int) -> None:
        self.surface, self.start, self.etas, self.steps = surface, start, etas, steps
        self.optimizers = {name: kind(etas[name]) for name, kind in RUNNERS.items()}
        self.ways = {name: self._way(optimizer) for name, optimizer in self.optimizers.items()}

    def _way(self, optimizer: Optimizer) -> list[NDArray[np.float64]]:
        w = np.array(self.start, dtype=float)
        way = [w.copy()]
        for _ in range(self.steps):
            optimizer.update([w], [self.surface.gradient(w)])
            way.append(w.copy())
            if np.abs(w).max() > FAR:
                break
        return way

    def gone(self, name: str) -> bool:
        """Say whether this optimizer went so far out that its race is over."""
        return bool(np.abs(self.ways[name][-1]).max() > FAR)

    def arrival(self, name: str) -> int | None:
        """Return the first step after which C is within 0.01 of the least, None when there is none yet."""
        there = (step for step, w in enumerate(self.ways[name]) if self.surface(w) - self.surface.least < CLOSE)
        return next(there, None)

    def under_way(self) -> bool:
        """Say whether someone is neither there nor gone."""
        return any(self.arrival(name) is None and not self.gone(name) for name in RUNNERS)

    def words(self) -> str:
        """Return the description of the picture: where everyone is."""
        heights = {name: self.surface(way[-1]) for name, way in self.ways.items()}
        lowest = min(heights, key=heights.__getitem__)
        text = f"{self.surface.name.capitalize()}, step {self.steps} from {place(self.start)}"
        gone = "".join(f"; {name} is gone" for name in RUNNERS if self.gone(name))
        C = number(heights[lowest], 4)
        return text + gone + (f"; lowest is {lowest} with C = {C}." if self.steps else ".")

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers of this race: w and C of each optimizer."""
        runners = [
            f'    "{name}": (bp.{kind.__name__}(eta={self.etas[name]!r}), {len(self.ways[name]) - 1}),'
            for name, kind in RUNNERS.items()
        ]
        return "\n".join(
            [
                "import numpy as np",
                "import bpbook as bp",
                f'surface = bp.widgets.SURFACES["{self.surface.name}"]',
                "runners = {  # each with its number of steps",
                *runners,
                "}",
                "w = {}",
                "for name, (optimizer, steps) in runners.items():",
                f"    w[name] = np.array({[float(number) for number in self.start]})",
                "    for _ in range(steps):",
                "        optimizer.update([w[name]], [surface.gradient(w[name])])",
                "C = {name: surface(w[name]) for name in runners}",
            ]
        )
