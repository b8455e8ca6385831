"""Starting again, and how often."""

import math

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Number


def _stuck(rng: np.random.Generator) -> tuple[float, float]:
    """Draw two chances for which rounding the quotient of their logarithms gives one run too few."""
    while True:
        stuck = float(rng.choice([0.15, 0.2, 0.3, 0.4, 0.6]))
        risk = float(rng.choice([1e-3, 1e-4, 1e-5, 1e-6, 1e-7]))
        if math.log(risk) / math.log(stuck) % 1 < 0.5:
            return stuck, risk


EXERCISES = [
    Number(
        name="restarts",
        given=_stuck,
        expected=lambda stuck, risk: math.ceil(math.log(risk) / math.log(stuck) - 1e-9),
        mistakes={
            lambda stuck, risk: math.ceil(math.log(risk) / math.log(1 - stuck) - 1e-9): "That asks how long until a "
            "run gets stuck for once. All of them must be stuck for the plan to fail.",
            lambda stuck, risk: math.ceil(math.log(risk) / math.log(stuck) - 1e-9) - 1: "That is one run too few; with "
            "it the risk is still larger.",
            lambda stuck, risk: round(stuck / risk): DESCENT["failures added"],
            lambda stuck, risk: math.log(stuck) / math.log(risk): "Your fraction is upside down, and the number of "
            "runs is a whole number.",
            lambda stuck, risk: (
                math.log(risk) / math.log(stuck)
            ): "Count whole runs: which is the first number of them that is enough?",
            lambda stuck, risk: math.ceil(math.log(risk) / math.log(stuck) - 1e-9) + 1: "That is safe, but one run "
            "more than it takes.",
        },
        hints=(
            "When does a plan of several runs fail?",
            "It fails when every run gets stuck. With two independent runs the chance of that is stuck times stuck.",
            "Look for the smallest power of `stuck` that is not above `risk`; logarithms find it at once.",
        ),
    ),
]
