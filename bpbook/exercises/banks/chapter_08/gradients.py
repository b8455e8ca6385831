"""What the gradient at the pixels says: which ink carries an answer, and which nudge overturns it."""

from typing import Any

import numpy as np

from ...bugs.fields.images import IMAGES
from ...kinds import Array, Expression, Function


def _by_hand(rng: np.random.Generator) -> tuple[float, float, float, float]:
    x_0, x_1 = rng.choice([0.2, 0.4, 0.5, 0.8], size=2, replace=False)
    a, b = rng.choice([2, 3, 5, 7], size=2, replace=False)
    return float(x_0), float(x_1), -float(a), float(b)


def _seen(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    paper = rng.uniform(0.1, 0.4, 3)
    x = np.maximum(paper[:, None], rng.uniform(0.2, 1, (3, 8)) * (rng.random((3, 8)) < 0.7))
    x[0] = paper[0] + rng.uniform(0.1, 0.5, 8)  # no bare paper here: the lightest pixel has ink
    return x, rng.normal(size=(3, 8)), paper


def _salient(rng: np.random.Generator) -> tuple[Any, Any, float]:
    s = rng.permutation(np.append(rng.uniform(0.5, 2, 9), -rng.uniform(1.5, 2.5, 3)))
    return rng.uniform(0.1, 0.9, 12), s, float(rng.choice([0.4, 0.5, 0.6, 0.7]))


def _just_enough(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw saliencies of which the two largest hold just the share, and all of which are exact."""
    return rng.uniform(0.1, 0.9, 6), rng.permutation([8.0, 4.0, 3.0, 1.0, -2.0, -9.0]), 0.75


def _first(s: Any, share: float, order: Any, wrong: str = "") -> Any:
    """Return the first of `order` that together hold the share of the saliency, with one thing wrong if asked."""
    whole = {"all": s.sum(), "as it is": 1.0}.get(wrong, s[s > 0].sum())
    held = np.cumsum(s[order])
    if wrong == "falls again":
        return order[held <= share * whole]
    enough = held > share * whole if wrong == "more than" else held >= share * whole
    n = int(np.argmax(enough)) + {"too few": 0, "too many": 2}.get(wrong, 1)
    return order[:n]


def _wiped_wrongly(wrong: str) -> Any:
    return lambda x, s, share: _wiped(x, _first(s, share, np.argsort(-s), wrong))


def _wiped(x: Any, rows: Any, ink: float = 0.0) -> Any:
    made = x.copy()
    made[rows] = ink
    return made


def _pushed(rng: np.random.Generator) -> tuple[Any, Any, float]:
    x = rng.choice([0, 1, 0.3, 0.6, 0.5], size=10)
    return np.append(x, [0.0, 1.0]), np.append(rng.normal(size=10), [-2.5, 1.5]), float(rng.uniform(0.3, 0.9))


def _in_between(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw an image without bare paper or full ink."""
    _, dx, _ = _pushed(rng)
    return rng.uniform(0.3, 0.7, 12), dx, 0.9


def _far(rng: np.random.Generator) -> tuple[Any, Any, float]:
    x, dx, _ = _pushed(rng)
    return x, dx, 4.0


def _unit(dx: Any) -> Any:
    """Return dx times a number, so that its largest entry has the size 1."""
    return dx / np.abs(dx).max()


def _free(x: Any, dx: Any) -> Any:
    """Return dx without the entries that would take ink from bare paper or add it to full ink."""
    return np.where((x <= 0) & (dx < 0) | (x >= 1) & (dx > 0), 0, dx)


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
        reference=lambda x, dx, paper: (paper[:, None] - x) * dx,
        mistakes={
            lambda x, dx, paper: (x - paper[:, None]) * dx: IMAGES["sign of the saliency"],
            lambda x, dx, paper: -dx: IMAGES["saliency without ink"],
            lambda x, dx, paper: np.abs(dx): IMAGES["saliency without ink"],
            lambda x, dx, paper: np.abs((x - paper[:, None]) * dx): IMAGES["size of the saliency"],
            lambda x, dx, paper: -((x > paper[:, None]) * dx): IMAGES["ink as yes or no"],
            lambda x, dx, paper: (
                -x * dx
            ): "That wipes every pixel to 0. On these scans it becomes as grey as the paper.",
            lambda x, dx, paper: paper[:, None] * dx: "By how much does a pixel change, from its ink to the paper?",
            lambda x, dx, paper: (x.min(axis=1, keepdims=True) - x) * dx: "You took the lightest pixel for the paper. "
            "An image may have ink everywhere, which is why `paper` is given.",
            lambda x, dx, paper: (
                len(x) * (paper[:, None] - x) * dx
            ): "Here every row has its own C already, so do not multiply by m.",
            lambda x, dx, paper: (
                (paper[:, None] - x) * dx / len(x)
            ): "Here every row has its own C already, so do not divide by m.",
            lambda x, dx, paper: x * dx: "Two things are wrong: the sign, and that every pixel is wiped to 0. On these "
            "scans it becomes as grey as the paper.",
        },
        hints=(
            "By how much does pixel i change when its ink is wiped?",
            "To first order, C changes by the derivative times the change of the pixel.",
            "The pixel goes from x to the paper of its image. Multiply that change by the derivative.",
        ),
    ),
    Function(
        name="wipe",
        arguments=_salient,
        special=(_just_enough,),
        reference=lambda x, s, share: _wiped(x, _first(s, share, np.argsort(-s))),
        mistakes={
            lambda x, s, share: _wiped(x, np.argsort(s)[: len(_first(s, share, np.argsort(-s)))]): IMAGES[
                "least salient wiped"
            ],
            lambda x, s, share: _wiped(x, np.argsort(-s)[len(_first(s, share, np.argsort(-s))) :]): IMAGES[
                "all others wiped"
            ],
            lambda x, s, share: _wiped(x, _first(s, share, np.argsort(-s)), 1.0): IMAGES["wiped to full ink"],
            lambda x, s, share: _wiped(x, _first(np.abs(s), share, np.argsort(-np.abs(s)))): IMAGES["wiped by size"],
            _wiped_wrongly("too few"): IMAGES["one pixel too few"],
            _wiped_wrongly("too many"): "One pixel too many is wiped.",
            _wiped_wrongly("more than"): "Where the sum is exactly the share, it is enough already.",
            _wiped_wrongly("falls again"): "The cumulative sum falls again where the negative saliencies begin, so "
            "that they pass your comparison. Wipe up to the first place where it reaches the share.",
            _wiped_wrongly("as it is"): "You compared the sum with `share` itself. It is a share of all positive "
            "saliency, so multiply.",
            _wiped_wrongly("all"): "The share is of the saliency that "
            "speaks for the answer. You took it of the sum of all, in which the negative ones count against.",
            lambda x, s, share: _wiped(x, np.argsort(-s)[: round(share * len(s))]): "The share is of the saliency, and "
            "not of the number of pixels.",
            lambda x, s, share: _wiped(x, s > 0): "That wipes all ink that speaks for the answer. A share of it is "
            "asked for, and no more pixels than that takes.",
            lambda x, s, share: _wiped(x, s >= share * s.max()): "You compared each saliency with the largest one. "
            "The share is of the sum of all that are positive.",
            lambda x, s, share: x[
                _first(s, share, np.argsort(-s))
            ]: "Those are the most salient pixels alone. The whole image is asked for, with them wiped.",
        },
        hints=(
            "Copy the image first, since the original must stay as it is. Then sort the saliencies, largest first.",
            "`np.cumsum` of the sorted saliencies tells how much the first so many of them hold together.",
            "Find the first of these sums that reaches the share of the positive saliencies, and wipe up to there.",
        ),
    ),
    Expression(
        name="random_nudge",
        expected="d * g",
        variables={"d": (0.02, 0.5), "g": (0.5, 3), "n": (4, 900)},
        ratios={-1.0: "A size is never negative."},
        mistakes={
            "d * g / sqrt(n)": "That is for a nudge of the length d. Here every pixel moves by d.",
            "d * g * sqrt(n)": "That is the change by a nudge as long as this one, but along the gradient.",
            "d * g / n": "How large is the mean of the squared change? Its root is asked for.",
            "d * g * n": "The signs are as often wrong as right, so the terms do not all add up.",
            "d": "The length of the gradient is missing.",
            "g": "The size of the nudge is missing.",
            "d * sqrt(n)": "That is the length of the nudge. How much of it lies along the gradient?",
            "d**2 * g**2": "That is the mean of the squared change. Its root is asked for.",
            "0": "That is the mean change, in which the signs cancel. The mean of its *square* is not 0.",
            "d * g**2": "The gradient enters once: the change is the gradient times the step.",
        },
        hints=(
            "How long is this nudge? Its n entries all have the size d.",
            "The chapter says what a random step of length t does. Put the length of this one in its place.",
            "Or square the sum of the gradient's entries times plus or minus d: on average only the squares remain.",
        ),
    ),
    Function(
        name="nudge",
        points=2,
        arguments=_pushed,
        special=(_far, _in_between),
        reference=lambda x, dx, most: _moved(x, most * _unit(dx)),
        mistakes={
            lambda x, dx, most: _moved(x, -most * _unit(dx)): IMAGES["downhill"],
            lambda x, dx, most: _moved(x, most * dx): IMAGES["not of that length"],
            lambda x, dx, most: _moved(x, _unit(dx)): "The given size is not used.",
            lambda x, dx, most: _moved(x, most * dx / (dx @ dx)): IMAGES["length by its square"],
            lambda x, dx, most: _moved(x, most * dx / np.linalg.norm(dx)): "You divided by the length of the "
            "gradient. You are asked for a nudge whose largest entry has the given size.",
            lambda x, dx, most: _moved(x, most * dx / dx.max()): "You divided by the largest entry. The one that is "
            "largest in *size* may be negative.",
            lambda x, dx, most: _moved(
                x, most * dx / np.abs(dx).sum()
            ): "You divided by the sum of all sizes. You are asked for a nudge whose largest entry has the given size.",
            lambda x, dx, most: _moved(
                x, most * _unit(_free(x, dx))
            ): "You left out the pixels that cannot move before "
            "you took the largest. Here it is found among all of them, and clipping comes last.",
            lambda x, dx, most: _moved(x, most * np.sign(dx)): IMAGES["every pixel alike"],
            lambda x, dx, most: _moved(x, most * _unit(np.sign(dx))): IMAGES["every pixel alike"],
            lambda x, dx, most: x + most * _unit(dx): IMAGES["ink beyond"],
            lambda x, dx, most: np.minimum(x + most * _unit(dx), 1): IMAGES["ink beyond"],
            lambda x, dx, most: np.maximum(x + most * _unit(dx), 0): IMAGES["ink beyond"],
            lambda x, dx, most: _moved(x, most * np.abs(_unit(dx))): "Every pixel becomes darker. Where the derivative "
            "is negative, the loss grows when ink is taken away.",
            lambda x, dx, most: np.clip(x + most * _unit(dx), x.min(), x.max()): "The ink is kept between the lightest "
            "and the darkest pixel of this image. It may reach from 0 to 1.",
            lambda x, dx, most: np.where(
                (x + most * _unit(dx) < 0) | (x + most * _unit(dx) > 1), x, x + most * _unit(dx)
            ): "A pixel that would go too far stays where it was. Let it go as far as 0 or 1.",
            lambda x, dx, most: x + np.clip(most * _unit(dx), 0, 1): IMAGES["clipped before the step"],
            lambda x, dx, most: most * _unit(dx): "That is the nudge alone. The nudged image is asked for.",
        },
        hints=(
            "Which way does the loss of the answer grow?",
            "Divide the gradient by the size of its largest entry, and multiply by the size you want.",
            "Add that to the image, and then use `np.clip` so that the ink stays between paper and full.",
        ),
    ),
]
