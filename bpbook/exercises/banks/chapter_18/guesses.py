"""Where there is no slope, or nobody shows it: thresholds, random directions, and the gradient that they add up to."""

from typing import Any

import numpy as np

from ...kinds import Choice, Expression, Function


def _tried(rng: np.random.Generator, k: int = 6, n: int = 4) -> tuple[Any, ...]:
    """Draw k directions of length 1 among n weights, and the losses up and down each of them."""
    V, g, h = rng.normal(size=(k, n)), rng.normal(size=n), float(rng.choice([0.01, 0.05, 0.2]))
    V = V / np.linalg.norm(V, axis=1, keepdims=True)
    bent = rng.uniform(0, 1, k)
    return 2 + h * V @ g + h**2 * bent, 2 - h * V @ g + h**2 * bent, V, h


def _estimated(up: Any, down: Any, V: Any, h: Any, wrong: str = "") -> Any:
    """Return the estimate of the gradient, with one thing wrong if asked."""
    change = {"one side": 2 * (up - 2), "sign": down - up, "sizes": abs(up - down)}.get(wrong, up - down)
    slopes = change / {"no 2": h, "no h": 2, "h twice": 2 * h**2}.get(wrong, 2 * h)
    k, n = V.shape
    if wrong == "best":
        best = abs(slopes).argmax()
        return n * slopes[best] * V[best]
    if wrong == "signs":
        slopes = np.sign(slopes)
    factor = {"mean": 1 / k, "sum": 1.0, "over n": 1 / n, "root": np.sqrt(n) / k, "all": n}.get(wrong, n / k)
    return factor * slopes @ V


def _twin(wrong: str) -> Any:
    return lambda up, down, V, h: _estimated(up, down, V, h, wrong)


EXERCISES = [
    Choice(
        name="hard_units",
        equations=("BP2", "BP4"),
        right="b",
        options={
            "a": "Not all of them. The delta of the output comes from (SCE), which knows no threshold, and the last "
            "weights see it directly.",
            "b": "Yes. (SCE) and (BP4) still serve the last layer, and in (BP2) every error meets a slope of 0.",
            "c": "Not at random. What is sent back is multiplied by the slope, and that is 0.",
            "d": "The outputs of the units resemble each other, but a gradient is made of slopes, and these do not.",
        },
        hints=(
            "Go through the equations from the output back. Which of them contains the slope of a hidden unit?",
            "What does (BP4) need for the last layer? Is any of it zero?",
            "And what does (BP2) give for the layers before?",
        ),
    ),
    Expression(
        name="directions",
        points=2,
        expected="c**2 * (n + 1) / (1 - c**2)",
        variables={"c": (0.2, 0.9), "n": (3, 30)},
        mistakes={
            "c**2 * n / (1 - c**2)": "The 1 beside n has been lost on the way.",
            "c * (n + 1) / (1 - c)": "The formula is about the square of the cosine, and c is the cosine.",
            "c**2 * (n + 1)": "That would be right if k were not in the denominator, too.",
            "(1 - c**2) / (c**2 * (n + 1))": "That is the reciprocal. More weights need more directions.",
            "c**2 * (n + 1) / (1 + c**2)": "Bring k to one side once more: a sign is wrong there.",
            "(n + 1) / (1 - c**2)": "A factor of c squared is missing on top. For c near 0 hardly any direction is "
            "needed.",
            "c**2 / (n + 1)": "More weights need more directions, not fewer.",
            "c**2 * (n - 1) / (1 - c**2)": "The 1 beside n has the wrong sign.",
        },
        hints=(
            "Write c squared on the left of the chapter's formula. What do you have to solve for?",
            "Multiply both sides by the denominator, and collect what contains k.",
            "k times (1 less c squared) is what is left on one side.",
        ),
    ),
    Function(
        name="by_directions",
        points=2,
        equations=("ND",),
        arguments=_tried,
        special=(
            lambda rng: _tried(rng, 1, 3),
            lambda rng: _tried(rng, 4, 4),
            lambda rng: _tried(rng, 9, 2),
        ),
        reference=lambda up, down, V, h: _estimated(up, down, V, h),
        mistakes={
            _twin("mean"): "That is the chapter's estimate, and it is too short here. Try the n axes themselves as "
            "directions. What comes out, and what ought to?",
            _twin("sum"): "The directions are added up, so that the estimate grows with their number. What if all "
            "are tried twice?",
            _twin("all"): "The sum is multiplied by n, and not divided by the number of directions. A mean is meant.",
            _twin("over n"): "It is divided by the number of weights. Each direction catches only a small part of the "
            "gradient, and the more weights there are, the smaller.",
            _twin("root"): "The factor is the square root of n. The length 1 comes in twice, in the slope and in the "
            "direction.",
            _twin("no 2"): "It is twice too large. The two losses are 2 h apart.",
            _twin("no h"): "The step h is missing. A slope is a change divided by a distance.",
            _twin("h twice"): "It is divided by h twice.",
            _twin("sign"): "The sign is reversed. The slope is positive where the loss up is the larger one.",
            _twin("sizes"): "The sizes of the changes are used without their signs.",
            _twin("one side"): "Only the loss up is used. The one below is there to be subtracted.",
            _twin("best"): "Only the direction that changed the loss most is used. All of them have a say.",
            _twin("signs"): "Each direction counts the same, up or down. A larger slope should count more.",
        },
        quantities=lambda up, down, V, h: {"the number of directions": len(V), "the number of weights": V.shape[1]},
        hints=(
            "What is the slope of the loss along one of the directions?",
            "It is the central difference of (ND). Every direction is then multiplied by its own slope.",
            "The mean of these products over the directions points the right way. Suppose that the directions are the "
            "n axes, the rows of `np.eye(n)`: by which factor is it too short?",
        ),
    ),
]
