"""Shares of a batch, what travels between machines, and when it pays."""

from typing import Any

import numpy as np

from ...bugs.fields.costs import COSTS
from ...kinds import Choice, Expression, Function, Number


def _shares(rng: np.random.Generator) -> tuple[Any, Any, Any, float]:
    """Draw gradients of some machines, their unequal shares, the weights and a decay."""
    machines = int(rng.integers(2, 5))
    m = rng.permutation(np.array([3, 8, 20, 50]))[:machines]
    W = rng.normal(size=(3, 2))
    return [rng.normal(size=(3, 2)) for _ in m], m, W, float(rng.choice([0.1, 0.25, 0.5]))


def _one(rng: np.random.Generator) -> tuple[Any, Any, Any, float]:
    return [rng.normal(size=(3, 2))], np.array([7]), rng.normal(size=(3, 2)), 0.5


def _together(dW: Any, m: Any, W: Any, lmbda: float, wrong: str = "") -> Any:
    """Return the gradient of all machines together, with one thing wrong if asked."""
    dW, m = np.asarray(dW), np.asarray(m, float)
    weights = {
        "sum": np.ones(len(m)),
        "unweighted": np.ones(len(m)) / len(m),
        "upside down": (1 / m) / (1 / m).sum(),
        "twice": m / m.sum() / len(m),
        "examples": m,
    }.get(wrong, m / m.sum())
    decays = {"each": len(m), "none": 0.0, "shared": 1 / len(m), "mean": 1 / m.sum(), "minus": -1.0, "half": 0.5}
    decay = decays.get(wrong, 1.0) * lmbda * W
    return np.tensordot(weights, dW, 1) + decay


def _twin(wrong: str) -> Any:
    return lambda dW, m, W, lmbda: _together(dW, m, W, lmbda, wrong)


def _link(rng: np.random.Generator) -> tuple[float, float, int, int]:
    """Draw a processor, a link that is slow enough for a share to be more than an example, and machines."""
    speed = float(rng.choice([1e9, 2e9, 5e9, 2e10]))
    rate = float(rng.choice([1e7, 2e7, 5e7, 1e8]))
    return speed, rate, int(rng.choice([4, 8])), int(rng.choice([3, 4, 5, 6, 10]))


EXERCISES = [
    Function(
        name="gradient_of_all",
        points=3,
        equations=("DP",),
        arguments=_shares,
        special=(_one,),
        reference=lambda dW, m, W, lmbda: _together(dW, m, W, lmbda),
        mistakes={
            _twin("sum"): COSTS["sum for a mean"],
            _twin("unweighted"): COSTS["shares not weighted"],
            _twin("each"): COSTS["decay on every machine"],
            _twin("none"): "The weight decay is missing.",
            _twin(
                "shared"
            ): "The decay is divided by the number of machines. It does not depend on how many there are.",
            _twin("mean"): "The decay is divided by the number of examples. It stands outside the mean.",
            _twin("minus"): "The decay is subtracted. Its gradient is lmbda times W, with the sign of W.",
            _twin("half"): "The half of lmbda/2 cancels when the square of W is differentiated.",
            _twin("upside down"): "The small shares have the most to say here. It should be the other way round.",
            _twin("twice"): "You divided by the number of machines once more. The shares sum to one already.",
            _twin("examples"): "Each gradient is multiplied by its number of examples. Divide by the number of all.",
        },
        hints=(
            "What is the mean over all examples, if you know the means of some groups?",
            "Each machine's gradient counts by its share of the examples, m[k] divided by the sum of m.",
            "Add these up, and add the decay of the weights at the end, outside the sum.",
        ),
    ),
    Expression(
        name="with_w_machines",
        points=2,
        expected="m * d / (m * d / w + t)",
        variables={"m": (100, 900), "d": (0.01, 0.09), "w": (2, 9), "t": (1, 9)},
        mistakes={
            "w": "That would be so if nothing had to travel.",
            "(m * d / w + t) / (m * d)": "That is upside down: a speed-up above 1 means that it got faster.",
            "m * d / (m * d + t)": "The machines share the examples, so that each computes a part of the time.",
            "w * m * d / (m * d + t)": "The traffic is not shared out: its time is added to that of each share.",
            "m * d / (m * d / w + w * t)": "The time t is that of all the traffic of one step. It is there once.",
            "m * d - (m * d / w + t)": "That is the time you save. How many times as fast is it?",
            "m * d / w + t": "That is the time of one step with all machines. Compare it with the time of one machine.",
            "m * d / t": "The machines must compute, too.",
            "d / (d / w + t)": "That sets t against the work on one example. It belongs to a step, in which a machine "
            "computes its share of the whole batch.",
        },
        hints=(
            "How long does one machine take, and how long do w of them?",
            "One machine takes m d. With w of them each computes its share of that, and then there is the traffic.",
            "A speed-up is the time of one machine divided by the time of all of them together.",
        ),
    ),
    Number(
        name="even_share",
        points=2,
        given=_link,
        expected=lambda speed, rate, size, w: 2 * size * speed / (3 * rate * (w - 1)),
        mistakes={
            lambda speed, rate, size, w: size * speed / (3 * rate * (w - 1)): COSTS["only one way"],
            lambda speed, rate, size, w: 2 * speed / (3 * rate * (w - 1)): COSTS["floats for bytes"],
            lambda speed, rate, size, w: (
                2 * size * speed / (rate * (w - 1))
            ): "Each example passes each parameter three times, once forward and twice on the way back.",
            lambda speed, rate, size, w: 2 * size * speed * w / (3 * rate * (w - 1)): "That is the batch of all "
            "machines together. How much of it does one of them get?",
            lambda speed, rate, size, w: 2 * size * speed / (3 * rate * w): "One machine would have to compute all the "
            "shares. What you save is the time of the others.",
            lambda speed, rate, size, w: 2 * size * speed / (3 * rate): "That is where computing and travelling take "
            "equally long. It pays as soon as the traffic takes less than the time you save.",
            lambda speed, rate, size, w: 3 * rate * (w - 1) / (2 * size * speed): "That is upside down.",
            lambda speed, rate, size, w: 2 * speed * (w - 1) * size / (3 * rate): "The more machines there are, the "
            "more they save, so the smaller a share may be.",
        },
        hints=(
            "Write down the time of one machine for all w shares, and the time of one share plus the traffic.",
            "With s examples in a share, one machine takes 3 P s w / speed. Together they take 3 P s / speed for the "
            "computing, and the weights and the gradients travel.",
            "The traffic is 2 P floats. Set both times equal and solve for s, where P cancels.",
        ),
    ),
    Choice(
        name="what_decides",
        right="c",
        options={
            "a": "Both send the same. But do both compute the same before they send it?",
            "b": "It has less to compute for the same parcel, so it spends the larger part of its time waiting.",
            "c": "Right. For the same parcel it has a hundred times as much to compute, so a hundredth of the examples "
            "will do.",
            "d": "A faster link helps both. But on any link both wait equally long, and one has more to compute.",
        },
        hints=(
            "Compare what each has to compute with what it has to send.",
            "Both send equally many parameters. How often does an example use each of them?",
            "The speed-up is large where the computing of a share takes much longer than the travelling.",
        ),
    ),
]
