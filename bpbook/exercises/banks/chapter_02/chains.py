"""Along a chain, derivatives multiply."""

from typing import Any

import numpy as np

from ...kinds import Expression, Function, Number


def _near_a_point(rng: np.random.Generator) -> tuple[int, int, int, float]:
    slope = int(rng.choice([-6, -5, -4, -3, 3, 4, 5, 6]))
    return int(rng.integers(1, 6)), int(rng.integers(41, 70)), slope, float(rng.choice([0.01, 0.02, 0.05]))


def _line_and_point(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(3, 7)), int(rng.integers(1, 6)), int(rng.integers(2, 8))


def _slopes(rng: np.random.Generator) -> tuple[Any]:
    links = int(rng.integers(3, 7))
    return (rng.uniform(0.5, 2, links) * rng.choice([-1, 1], links),)


def _one_negative(rng: np.random.Generator) -> tuple[Any]:
    """Draw a chain in which a single slope is negative, so that no two signs cancel."""
    slopes = abs(_slopes(rng)[0])
    slopes[1] *= -1
    return (slopes,)


def _closed(rng: np.random.Generator) -> tuple[Any]:
    """Draw a chain with a slope of 0, as that of a closed ReLU."""
    (slopes,) = _slopes(rng)
    slopes[1] = 0.0
    return (slopes,)


def _one_link(rng: np.random.Generator) -> tuple[Any]:
    return (_slopes(rng)[0][:1],)


EXERCISES = [
    Number(
        name="nudged_value",
        given=_near_a_point,
        expected=lambda x, y, slope, h: y + slope * h,
        tolerance=1e-6,
        mistakes={
            lambda x, y, slope, h: slope * h: "That is the change of y. What is y after the change?",
            lambda x, y, slope, h: y - slope * h: "The change has the right size and the wrong direction.",
            lambda x, y, slope, h: y + slope: "That would be the effect of a nudge by a whole 1, but the nudge is h.",
            lambda x, y, slope, h: y + slope * (x + h): "The derivative magnifies the change of x, not x itself.",
            lambda x, y, slope, h: slope * (x + h): "That multiplies the whole of x + h. Only the change is magnified, "
            "and added to y.",
            lambda x, y, slope, h: (
                x + slope * h
            ): "That starts from x, but it is y that moves, from the value that it has.",
            lambda x, y, slope, h: y + slope * x: "Only the nudge is magnified, not x.",
            lambda x, y, slope, h: y * slope * h: "The change is added to y, which is not multiplied by it.",
            lambda x, y, slope, h: y: "But y has moved, even if only a little.",
            lambda x, y, slope, h: y + h: "A change of h in x is magnified on its way to y.",
            lambda x, y, slope, h: y + slope / h: "The derivative multiplies the nudge.",
            lambda x, y, slope, h: y * (1 + slope * h): "The change is added to y as it is, not as a fraction of y.",
        },
        hints=(
            "A derivative is a magnification of small changes.",
            "x changes by h. How large is that change when it arrives at y?",
            "The new value is the old one plus the derivative times the nudge.",
        ),
    ),
    Number(
        name="two_links",
        equations=("CR",),
        given=_line_and_point,
        expected=lambda k, c, x: 2 * (k * x + c) * k,
        tolerance=1e-6,
        mistakes={
            lambda k, c, x: 2 * (k * x + c): "That is dy/du. The first link multiplies too: by what?",
            lambda k, c, x: (k * x + c) ** 2: "That is y itself. How fast does it change with x?",
            lambda k, c, x: (k * x + c) * k: "The derivative of the square is twice the number, not the number itself.",
            lambda k, c, x: 2 * (k * x + c) * x: "The first link multiplies x by k, so its slope is k, not x.",
            lambda k, c, x: 2 * (k * x + c) * (k + c): "A constant that is added has the slope zero.",
            lambda k, c, x: (k * x + c) ** 2 * k: "The square was not differentiated.",
            lambda k, c, x: 2 * k: "The slope of the square depends on u, where it is taken.",
            lambda k, c, x: (
                2 * k * x + c
            ): "All of u is doubled, including c, and then multiplied by the slope of the first link.",
            lambda k, c, x: 2 * k**2 * x: "All of u is squared, and c is a part of u.",
            lambda k, c, x: 2 * k * (x + c): "In u the factor k multiplies x alone.",
            lambda k, c, x: k: "That is du/dx, the first link alone.",
            lambda k, c, x: 2 * x * k: "It is u that is squared, so the derivative is taken at u and not at x.",
            lambda k, c, x: 2 * (k * x + c) + k: "Along one path the two derivatives multiply; they do not add.",
        },
        hints=(
            "There are two links. Find the derivative of each on its own.",
            "Compute u first, because the derivative of the square is twice the number that is squared, and that is u.",
            "By equation (CR), multiply twice u by the slope k of the first link.",
        ),
    ),
    Function(
        name="along_chain",
        equations=("CR",),
        arguments=_slopes,
        special=(_one_negative, _closed, _one_link),
        reference=lambda slopes: np.prod(slopes),
        mistakes={
            lambda slopes: np.sum(slopes): "The links follow one another, so their slopes multiply. This adds them.",
            lambda slopes: slopes[0] * slopes[1]: "These are the first two links only. The others multiply too.",
            lambda slopes: slopes[-1]: "This is the last link alone.",
            lambda slopes: slopes[0]: "This is the first link alone. Is the `return` inside the loop?",
            lambda slopes: np.prod(slopes[:-1]): "The last link is missing.",
            lambda slopes: np.prod(slopes[1:]): "The first link is missing.",
            lambda slopes: np.cumprod(
                slopes
            ): "These are the products up to every node. Only the last one was asked for.",
            lambda slopes: np.mean(slopes): "The slopes multiply. They are not averaged.",
            lambda slopes: slopes[0] * slopes[-1]: "These are the first and the last link. The others multiply too.",
            lambda slopes: abs(np.prod(slopes)): "The size is right, but negative slopes reverse the direction.",
            lambda slopes: np.prod(slopes) ** 2: "Each slope was used twice.",
            lambda slopes: 0.0: "A product that starts from 0 stays 0. What number changes nothing when multiplied?",
        },
        hints=(
            "Every link magnifies what the link before it has magnified.",
            "Start with a number that changes nothing, and go through the slopes one by one.",
            "Start with one and multiply by each slope in turn, which is what `np.prod` does.",
        ),
    ),
    Expression(
        name="slope_formula",
        equations=("CR",),
        expected="-2 * x * exp(-x**2)",
        variables={"x": (-1.5, 1.5)},
        ratios={-1.0: "The size is right. What is the sign of the inner link's derivative?"},
        mistakes={
            "exp(-x**2)": "That is the outer link alone. The inner one multiplies too.",
            "-2 * x": "That is the inner link alone. The outer one multiplies too.",
            "-2 * x * exp(-2 * x)": "The outer link is taken at u, so u stays in the exponent as it is.",
            "-2 * x * exp(-x**2 - 1)": "An exponential is its own derivative, so its exponent stays as it is.",
            "2 * x * exp(x**2)": "Both minus signs are lost, the one inside and the one outside.",
            "-2 * x * exp(x**2)": "The minus sign in the exponent is lost.",
            "-2 * exp(-x**2)": "The derivative of the inner link depends on x.",
            "-x * exp(-x**2)": "The derivative of the square is twice x, not x.",
            "-x**2 * exp(-x**2)": "The inner link itself multiplies the exponential here. Its derivative should.",
            "-2 * x * exp(-x)": "The square in the exponent is lost.",
            "-exp(-x**2)": "The derivative of the inner link is more than its minus sign.",
            "exp(-2 * x)": "The derivative of the inner link multiplies the exponential. It does not go into the "
            "exponent.",
            "-x**2 * exp(-x**2 - 1)": "That is the rule for powers, but an exponential is its own derivative.",
            "exp(-x**2) - 2 * x": "Along one path the two derivatives multiply; they do not add.",
        },
        hints=(
            "Name the two links: u is the exponent, and y is the exponential of u.",
            "The exponential is its own derivative, taken at u. What is the derivative of u?",
            "Multiply the exponential, as it is, by the derivative of minus the square of x.",
        ),
    ),
]
