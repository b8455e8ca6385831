"""What the gradient at the pixels says: which ink carries an answer, and which nudge overturns it."""

from typing import Any

import numpy as np

from ...bugs.images import IMAGES
from ...kinds import Array, Expression, Function


def _by_hand(rng: np.random.Generator) -> tuple[float, float, float, float]:
    x_0, x_1 = rng.choice([0.2, 0.4, 0.5, 0.8], size=2, replace=False)
    a, b = rng.choice([2, 3, 5, 7], size=2, replace=False)
    return float(x_0), float(x_1), -float(a), float(b)


def _seen(rng: np.random.Generator) -> tuple[Any, Any]:
    x = rng.uniform(0.1, 1, (3, 8)) * (rng.random((3, 8)) < 0.7)
    return x, rng.normal(size=(3, 8))


def _salient(rng: np.random.Generator) -> tuple[Any, Any, int]:
    x = rng.uniform(0.1, 0.9, 12)
    return x, rng.normal(size=12), int(rng.integers(2, 5))


def _wiped(x: Any, rows: Any, ink: float = 0.0) -> Any:
    made = x.copy()
    made[rows] = ink
    return made


def _pushed(rng: np.random.Generator) -> tuple[Any, Any, float]:
    x = rng.choice([0, 1, 0.3, 0.6, 0.5], size=10)
    return np.append(x, [0.0, 1.0]), np.append(rng.normal(size=10), [-1.5, 1.5]), float(rng.uniform(0.3, 0.9))


def _far(rng: np.random.Generator) -> tuple[Any, Any, float]:
    x, dx, _ = _pushed(rng)
    return x, dx, 4.0


def _unit(dx: Any) -> Any:
    return dx / np.linalg.norm(dx)


def _moved(x: Any, step: Any) -> Any:
    return np.clip(x + step, 0, 1)


EXERCISES = [
    Array(
        name="saliency_by_hand",
        given=_by_hand,
        expected=lambda x_0, x_1, a, b: [-x_0 * a, -x_1 * b],
        mistakes={
            lambda x_0, x_1, a, b: [x_0 * a, x_1 * b]: IMAGES["sign of the saliency"],
            lambda x_0, x_1, a, b: [-a, -b]: IMAGES["saliency without ink"],
            lambda x_0, x_1, a, b: [abs(x_0 * a), abs(x_1 * b)]: IMAGES["size of the saliency"],
            lambda x_0, x_1, a, b: [a, b]: "Those are the derivatives. What does wiping the ink change?",
            lambda x_0, x_1, a, b: [-x_1 * b, -x_0 * a]: "The two pixels are exchanged.",
            lambda x_0, x_1, a, b: [-x_1 * a, -x_0 * b]: "Each derivative belongs to the ink of its own pixel.",
        },
        hints=(
            "What are the two derivatives of C? It is linear, so they are constants.",
            "Wiping a pixel changes it by minus its ink.",
            "Multiply each derivative by the change of its pixel. One of the two comes out positive.",
        ),
    ),
    Function(
        name="saliency",
        arguments=_seen,
        reference=lambda x, dx: -x * dx,
        mistakes={
            lambda x, dx: x * dx: IMAGES["sign of the saliency"],
            lambda x, dx: -dx: IMAGES["saliency without ink"],
            lambda x, dx: np.abs(dx): IMAGES["saliency without ink"],
            lambda x, dx: np.abs(x * dx): IMAGES["size of the saliency"],
            lambda x, dx: -((x > 0) * dx): IMAGES["ink as yes or no"],
            lambda x, dx: (
                -len(x) * x * dx
            ): "Here every row has its own C already, so nothing is to be multiplied by m.",
        },
        hints=(
            "By how much does pixel i change when its ink is wiped?",
            "To first order, C changes by the derivative times the change of the pixel.",
            "The pixel goes from x to 0. Multiply that change by the derivative.",
        ),
    ),
    Function(
        name="wipe",
        arguments=_salient,
        reference=lambda x, s, n: _wiped(x, np.argsort(-s)[:n]),
        mistakes={
            lambda x, s, n: _wiped(x, np.argsort(s)[:n]): IMAGES["least salient wiped"],
            lambda x, s, n: _wiped(x, np.argsort(-s)[n:]): IMAGES["all others wiped"],
            lambda x, s, n: _wiped(x, np.argsort(-s)[:n], 1.0): IMAGES["wiped to full ink"],
            lambda x, s, n: _wiped(x, np.argsort(-np.abs(s))[:n]): IMAGES["wiped by size"],
            lambda x, s, n: _wiped(x, np.argsort(-s)[: n - 1]): IMAGES["one pixel too few"],
            lambda x, s, n: _wiped(x, np.argsort(-x)[:n]): "You wiped the darkest pixels, whatever their saliency.",
            lambda x, s, n: x[np.argsort(-s)[:n]]: "Those are the most salient pixels alone. The whole image is asked "
            "for, with them wiped.",
        },
        hints=(
            "Copy the image first, since the original must stay as it is.",
            "`np.argsort` gives the order from the smallest to the largest. You want the largest first.",
            "Take the first n of that order as an index, and set those pixels of the copy to paper.",
        ),
    ),
    Expression(
        name="random_nudge",
        expected="t * g / sqrt(n)",
        variables={"t": (0.5, 2), "g": (0.5, 3), "n": (4, 900)},
        ratios={-1.0: "A size is never negative."},
        mistakes={
            "t * g": "That is the change along the gradient. A random direction is nearly at right angles to it.",
            "t * g / n": "Of a random direction of length 1, each of n squared entries is 1/n on average. What is the "
            "entry itself?",
            "g / sqrt(n)": "The length of the nudge is missing.",
            "t / sqrt(n)": "The length of the gradient is missing.",
            "t * g * sqrt(n)": "The more pixels there are, the less of a random direction lies along the gradient.",
            "t**2 * g**2 / n": "That is the mean of the squared change. Its root is asked for.",
            "t * g**2 / sqrt(n)": "The gradient enters once: the change is the gradient times the step.",
        },
        hints=(
            "Turn the axes so that one of them points along the gradient. Only that entry of the nudge matters.",
            "A random direction treats all n axes alike, and its n squared entries add up to 1.",
            "So each squared entry is one nth on average. Take the root, then mind both lengths.",
        ),
    ),
    Function(
        name="nudge",
        points=2,
        arguments=_pushed,
        special=(_far,),
        reference=lambda x, dx, length: _moved(x, length * _unit(dx)),
        mistakes={
            lambda x, dx, length: _moved(x, -length * _unit(dx)): IMAGES["downhill"],
            lambda x, dx, length: _moved(x, length * dx): IMAGES["not of that length"],
            lambda x, dx, length: _moved(x, _unit(dx)): "The given length is not used.",
            lambda x, dx, length: _moved(x, length * dx / (dx @ dx)): IMAGES["length by its square"],
            lambda x, dx, length: _moved(x, length * dx / np.abs(dx).sum()): "You divided by the sum of the sizes. The "
            "length of a vector is the root of the sum of its squares.",
            lambda x, dx, length: _moved(x, length * np.sign(dx)): IMAGES["every pixel alike"],
            lambda x, dx, length: _moved(x, length * _unit(np.sign(dx))): IMAGES["every pixel alike"],
            lambda x, dx, length: x + length * _unit(dx): IMAGES["ink beyond"],
            lambda x, dx, length: x + np.clip(length * _unit(dx), 0, 1): IMAGES["clipped before the step"],
            lambda x, dx, length: length * _unit(dx): "That is the nudge alone. The nudged image is asked for.",
        },
        hints=(
            "Which way does the loss of the answer grow?",
            "Divide the gradient by its length, and multiply by the length you want.",
            "Add that to the image, and then use `np.clip` so that the ink stays between paper and full.",
        ),
    ),
]
