"""Learning rates that fall, or rise at first: functions of the number of steps already taken."""

import math
from collections.abc import Callable

from . import checks

__all__ = ["Schedule", "cosine_decay", "exponential_decay", "step_decay", "warmup"]

Schedule = Callable[[int], float]


def step_decay(eta: float, factor: float, every: int) -> Schedule:
    """Return the schedule that multiplies eta by `factor` after every `every` steps.

    >>> [step_decay(1.0, 0.5, every=2)(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    eta, factor, every = checks.positive("eta", eta), checks.positive("factor", factor), checks.whole("every", every)
    return lambda t: eta * factor ** (t // every)


def exponential_decay(eta: float, half_life: float) -> Schedule:
    """Return the schedule that halves eta every `half_life` steps, smoothly.

    >>> exponential_decay(1.0, half_life=10)(20)
    0.25
    """
    eta, half_life = checks.positive("eta", eta), checks.positive("half_life", half_life)
    return lambda t: eta * 0.5 ** (t / half_life)


def cosine_decay(eta: float, steps: int) -> Schedule:
    """Return the schedule that falls from eta to 0 along half a cosine, over `steps` steps, and stays there.

    References
    ----------
    Loshchilov and Hutter 2017, equation 5, without restarts.

    >>> [round(cosine_decay(1.0, steps=4)(t), 3) for t in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    eta, steps = checks.positive("eta", eta), checks.whole("steps", steps)
    return lambda t: 0.5 * eta * (1 + math.cos(math.pi * min(t / steps, 1)))


def warmup(schedule: float | Schedule, steps: int) -> Schedule:
    """Return another schedule, or a number, times a factor that rises to 1 in equal parts over the first `steps` steps.

    >>> [warmup(1.0, steps=4)(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    steps = checks.whole("steps", steps)
    eta = schedule if callable(schedule) else step_decay(schedule, 1.0, every=1)
    return lambda t: eta(t) * min((t + 1) / steps, 1)
