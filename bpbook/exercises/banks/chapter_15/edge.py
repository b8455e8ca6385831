"""How long a step may be where the loss is bent."""

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Expression, Number


def _sum_cost(rng: np.random.Generator) -> tuple[int, float]:
    return int(rng.integers(3, 20)) * 10, float(rng.integers(11, 99)) * 5


def _swing(rng: np.random.Generator) -> tuple[float, float, float, int]:
    """Draw steps that land on the other side, an odd number of them, so that the sign tells."""
    eta, overshoot = float(rng.choice([0.05, 0.1, 0.2, 0.4])), float(rng.choice([1.3, 1.4, 1.6, 1.7]))
    return float(rng.integers(2, 9)), overshoot / eta, eta, int(rng.choice([3, 5]))


EXERCISES = [
    Number(
        name="eta_at_the_edge",
        given=_sum_cost,
        expected=lambda m, sharp: 2 * m / sharp,
        mistakes={
            lambda m, sharp: m / sharp: DESCENT["sharpness against 1/eta"],
            lambda m, sharp: 2 / sharp: DESCENT["sum for mean in eta"],
            lambda m, sharp: 2 / (m * sharp): DESCENT["divided by m twice"],
            lambda m, sharp: 1 / sharp: "Two things are off: the cost is the mean over the examples, and swings grow "
            "only above twice the inverse of the sharpness.",
            lambda m, sharp: sharp / (2 * m): "Your fraction is upside down: the sharper the valley, the shorter the "
            "step must be.",
            lambda m, sharp: (
                2 * sharp / m
            ): "Your fraction is upside down: the sharper the valley, the shorter the step "
            "must be. And in which direction does m act?",
            lambda m, sharp: sharp / m: "That is the sharpness of the mean. Which eta belongs to it?",
        },
        hints=(
            "What is the sharpness of the mean, if the sum has this one?",
            "Every derivative of the mean is that of the sum, divided by the number of examples.",
            "With the sharpness of the mean, ask for the eta at which a swing comes back exactly as far on the other "
            "side.",
        ),
    ),
    Number(
        name="after_some_swings",
        given=_swing,
        expected=lambda d, lam, eta, steps: d * (1 - eta * lam) ** steps,
        mistakes={
            lambda d, lam, eta, steps: d * (1 - eta * lam): "That is the distance after one step.",
            lambda d, lam, eta, steps: d * (1 + eta * lam) ** steps: "A step goes against the slope, so the curvature "
            "is taken away, not added.",
            lambda d, lam, eta, steps: d * (1 - eta * lam * steps): "Each step takes its share of what the step before "
            "has left.",
            lambda d, lam, eta, steps: d * (1 - eta * lam / 2) ** steps: "The slope of half lambda times the square is "
            "lambda times the distance; the half is gone.",
            lambda d, lam, eta, steps: d * abs(1 - eta * lam) ** steps: "The distance may change its sign: a long step "
            "lands on the other side.",
            lambda d, lam, eta, steps: d * (1 - eta) ** steps: "The curvature is missing: the slope is the curvature "
            "times the distance.",
            lambda d, lam, eta, steps: d * (1 - eta * lam) ** (2 * steps): "That is how the loss shrinks. The distance "
            "goes as its root.",
        },
        hints=(
            "What is the slope of the loss at a distance d from the bottom?",
            "The slope is lambda times d. What is left of d after one step of gradient descent?",
            "Each step multiplies the distance by the same factor, one minus eta times lambda. Which sign has it?",
        ),
    ),
    Expression(
        name="sharpness_of_the_valley",
        points=2,
        expected="u**2 + (y / u)**2",
        variables={"u": (0.5, 3), "y": (0.5, 2)},
        mistakes={
            "u**2 + y**2": "The second weight is not y. What must it be, so that the product of both is y?",
            "(u + y / u)**2": "The square was taken of the sum. Add the squares.",
            "u**2": "That is the curvature along the second weight alone.",
            "(y / u)**2": "That is the curvature along the first weight alone.",
            "u**4 + y**2": "That is off by a factor of the square of u. Where does the second weight enter?",
            "u**2 * (y / u)**2": "A product of the two curvatures. The eigenvalues of H add up to its diagonal's sum, "
            "and one of them is zero.",
            "2 * y": "That is the least that it can be, where both weights are alike.",
            "abs(u - y / u)": "That is a difference of weights. Write down H, and look for its eigenvalues.",
            "u**2 - (y / u)**2": "Both curvatures count upward; none is taken away.",
        },
        ratios={
            -1.0: "The size is right everywhere, the sign is not.",
            2.0: "Twice too large: the half in front of the square cancels.",
            0.5: "Half of it: the half in front of the square cancels when it is differentiated.",
        },
        hints=(
            "Where the loss is zero, the second weight is determined by the first one.",
            "At such a point H is the square of the gradient of the product: its diagonal holds the squares of the two "
            "weights, each where the other one moves.",
            "One eigenvalue of H is zero, along the valley. So the other one is the sum of the diagonal.",
        ),
    ),
]
