"""An error sent back through time without a network: a body that falls through air."""

from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...judging.verdict import Mistake
from ...kinds import Array, Gradient

Fall = tuple[Any, ...]


def _fallen(v: Any, kappa: Any, g: Any, h: Any, steps: int) -> list[Any]:
    """Return the speed before the first step and after each."""
    speeds = [v]
    for _ in range(steps):
        speeds.append(speeds[-1] + h * (g - kappa * speeds[-1] ** 2))
    return speeds


def _back(v: Any, kappa: Any, g: Any, h: Any, steps: int, goal: Any, wrong: str = "") -> tuple[Any, Any]:
    """Return dC/dv and dC/dkappa of half the squared distance to a goal, with one thing wrong if asked."""
    speeds = _fallen(v, kappa, g, h, steps)
    seen = speeds[1:] if wrong == "speeds after" else speeds[:-1]
    dv, dkappa = speeds[-1] - goal, 0 * kappa
    dv = {"sign": -dv, "factor 2": 2 * dv, "no goal": speeds[-1], "no loss": 1 + 0 * dv}.get(wrong, dv)
    for t in reversed(range(steps)):
        share = -h * seen[t] ** 2 * dv
        if wrong == "kappa's sign":
            share = -share
        keep = (wrong == "last share" and t < steps - 1) or (wrong == "first share" and t > 0)
        dkappa = dkappa + (0 if keep else share / (steps if wrong == "mean" else 1))
        factor = {"no drag": 1.0, "no 2": 1 - h * kappa * seen[t], "no straight": -2 * h * kappa * seen[t]}
        factor["no h"] = 1 - 2 * kappa * seen[t]
        if not (wrong == "one step" and t < steps - 1):
            dv = dv * factor.get(wrong, 1 - 2 * h * kappa * seen[t])
    return dv, dkappa


def _twin(wrong: str) -> Any:
    return lambda v, kappa, g, h, steps, goal: _back(v, kappa, g, h, steps, goal, wrong)


def _fall(rng: np.random.Generator, steps: int = 6, scale: float = 1.0) -> Fall:
    """Draw a fall that is far from its goal; scaled, all speeds are smaller by a factor and the drag larger."""
    v, kappa, g, goal = rng.uniform(1, 4), rng.uniform(0.05, 0.3), rng.uniform(3, 10), rng.uniform(-2, 1)
    return np.array(scale * v), np.array(kappa / scale), scale * g, float(rng.choice([0.1, 0.2])), steps, scale * goal


STARTS = [(v, g) for v in range(1, 5) for g in range(2, 9) if _fallen(v, 0.25, g, 1, 2)[-1] > 0]  # still falling


def _by_hand(rng: np.random.Generator) -> tuple[int, int, int]:
    v, g = STARTS[rng.integers(len(STARTS))]
    return v, g, int(rng.integers(0, 10))


def _in_two_steps(v: Any, g: Any, goal: Any, wrong: str = "") -> list[float]:
    """Return v_2, dC/dv_0 and dC/dkappa where h = 1 and kappa = 1/4."""
    last = _fallen(v, 0.25, g, 1, 2)[-1]
    dv, dkappa = _back(v, 0.25, g, 1, 2, goal, wrong)
    return [float(last), float(dv), float(dkappa)]


def _hand_twin(wrong: str) -> Any:
    return lambda v, g, goal: _in_two_steps(v, g, goal, wrong)


EXERCISES = [
    Array(
        name="fall_by_hand",
        points=2,
        given=_by_hand,
        expected=_in_two_steps,
        mistakes={
            _hand_twin("no drag"): "The drag passes nothing back. A faster body is also held back more, so the factor "
            "of a step is less than 1.",
            _hand_twin("no 2"): "The square of the speed has lost its 2 on the way back.",
            _hand_twin("no straight"): "Only the drag sends something back. The old speed also goes into the new one "
            "directly, by the factor 1.",
            _hand_twin("last share"): "dC/dkappa holds the last step's share alone. The drag acts in both steps.",
            _hand_twin("first share"): "dC/dkappa holds the first step's share alone. The drag acts in both steps.",
            _hand_twin("one step"): "The error passes one step only on its way to v_0. There are two.",
            _hand_twin("sign"): "The error at the end has the wrong sign. It is the speed less the goal.",
            _hand_twin("factor 2"): "The loss has a one half, which cancels the 2 of the square.",
            _hand_twin("kappa's sign"): "More drag makes the body slower. The share of each step needs a minus sign.",
            _hand_twin("speeds after"): "The slopes are taken at the speeds after each step. A step saw the speed "
            "before it.",
        },
        names=("`v_2`", "`dC/dv_0`", "`dC/dkappa`"),
        hints=(
            "Go forward first, and keep v_1 and v_2. What is the derivative of half a squared distance?",
            "A step multiplies what comes back by 1 less twice h kappa v, with the speed that it began with.",
            "kappa is used in both steps. In each it gets minus h times the squared speed, times what arrives there.",
        ),
    ),
    Gradient(
        name="fall_back",
        points=3,
        arguments=_fall,
        special=(
            lambda rng: _fall(rng, 1),
            lambda rng: _fall(rng, 12),
            lambda rng: _fall(rng, 3, 0.1),
        ),
        reference=lambda v, kappa, g, h, steps, goal: _back(v, kappa, g, h, steps, goal),
        loss=lambda v, kappa, g, h, steps, goal: 0.5 * (_fallen(v, kappa, g, h, steps)[-1] - goal) ** 2,
        wrt=(0, 1),
        returns=("dv", "dkappa"),
        steep=lambda rng: _fall(rng, 4, 1e-6),
        times=3,
        nudged=Mistake("finite differences", BUGS["finite differences"].words),
        mistakes={
            _twin("no drag"): "The drag passes nothing back. A faster body is also held back more.",
            _twin("no 2"): "The square of the speed has lost its 2 on the way back.",
            _twin("no h"): "On the way back the drag acts without its factor h.",
            _twin("no straight"): "Only the drag sends something back. The old speed also goes into the new one "
            "directly, by the factor 1.",
            _twin("last share"): "kappa gets the share of the last step alone. It is used in every step.",
            _twin("first share"): "kappa gets the share of the first step alone. It is used in every step.",
            _twin("mean"): "kappa gets the mean of its shares. A number that is used several times adds them up.",
            _twin("one step"): "The error is passed back through one step only. It has to reach the first one.",
            _twin("sign"): "The error at the end has the wrong sign. It is the speed less the goal.",
            _twin("factor 2"): "The loss has a one half, which cancels the 2 of the square.",
            _twin("no goal"): "The goal is missing. The loss sees how far the last speed is from it.",
            _twin("no loss"): "That is the derivative of the last speed. The loss sees its distance from the goal.",
            _twin("kappa's sign"): "More drag makes the body slower. The share of each step needs a minus sign.",
            _twin("speeds after"): "The slopes are taken at the speeds after each step. A step sees the one before.",
        },
        quantities=lambda v, kappa, g, h, steps, goal: {"the number of steps": steps},
        hints=(
            "Run forward first and keep every speed. The way back meets them in reverse order.",
            "Begin with the last speed less the goal. Each step multiplies it by what a nudge of the old speed does to "
            "the new one.",
            "Before you multiply, take kappa's share of this step: minus h times the squared old speed, times what has "
            "arrived. Add up the shares.",
        ),
    ),
]
