"""Weights at birth: standard deviations and stretches over many layers, a lucky batch, He's start, leaks, a gain."""

from typing import Any

import numpy as np

from ...bugs.fields.depth import DEPTH
from ...kinds import Expression, Function, Number


def _layers(rng: np.random.Generator) -> tuple[int, float, int]:
    n = int(rng.choice([16, 25, 100, 400]))
    gain = float(rng.choice([0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.4, 1.5]))
    return n, round(gain / n**0.5, 6), int(rng.integers(4, 9))


def _two_stretches(rng: np.random.Generator) -> tuple[float, float, int]:
    """Draw two stretches whose squares have the mean 1, and a number of layers."""
    p = float(rng.choice([1.05, 1.1, 1.15, 1.2, 1.25]))
    return p, round((2 - p**2) ** 0.5, 4), int(rng.integers(5, 21))


def _lucky_batch(rng: np.random.Generator) -> tuple[float, int, float, int]:
    eta, units = float(rng.choice([0.1, 0.2, 0.4, 0.5])), int(rng.choice([30, 50, 80, 120, 200]))
    return eta, units, float(rng.choice([0.1, 0.2, 0.3, 0.4, 0.5])), int(rng.integers(3, 7))


def _draws(rng: np.random.Generator) -> tuple[Any]:
    n_in, n_out = rng.permutation([3, 4, 5, 6, 8])[:2]
    return (rng.normal(size=(n_in, n_out)),)


def _one_unit(rng: np.random.Generator) -> tuple[Any]:
    return (rng.normal(size=(5, 1)),)


def _square(rng: np.random.Generator) -> tuple[Any]:
    return (rng.normal(size=(4, 4)),)


def _gain(rng: np.random.Generator) -> tuple[float, int]:
    return float(rng.choice([0.5, 0.6, 0.8, 1.25, 1.5, 2, 3])), int(rng.integers(4, 10))


EXERCISES = [
    Number(
        name="size_after",
        given=_layers,
        expected=lambda n, sd, layers: (n**0.5 * sd) ** layers,
        mistakes={
            lambda n, sd, layers: (n * sd**2) ** layers: DEPTH["variance for size"],
            lambda n, sd, layers: sd**layers: DEPTH["size of one weight"],
            lambda n, sd, layers: (n * sd) ** layers: DEPTH["root of n missing"],
            lambda n, sd, layers: n**0.5 * sd: "That is the factor of one layer. There are several, one behind the "
            "other.",
            lambda n, sd, layers: n**0.5 * sd * layers: "One factor for each layer multiplies; here they are added up.",
            lambda n, sd, layers: (n**0.5 * sd) ** (layers - 1): "One layer is missing. Each of them has a factor.",
            lambda n, sd, layers: (n**0.5 * sd**2) ** layers: DEPTH["variance for sd"],
            lambda n, sd, layers: (n * sd**2 / 2) ** (layers / 2): "Half of the sum is taken away, as for ReLUs. These "
            "layers are linear.",
            lambda n, sd, layers: (n**0.5 * sd) ** -layers: "The factor is turned over: it says how large the signal "
            "was, not how large it is.",
        },
        hints=(
            "What does one layer do to the mean square of the signal?",
            "It multiplies it by n times the variance of the weights. What does it do to the size, its root?",
            "The size is multiplied by the root of n times the standard deviation, once for each layer.",
        ),
    ),
    Number(
        name="stretches",
        given=_two_stretches,
        expected=lambda large, small, k: (large / small) ** k,
        mistakes={
            lambda large, small, k: (
                large / small
            ): "That is the quotient for one layer. There are k, one behind the other.",
            lambda large, small, k: (
                k * large / small
            ): "One quotient for each layer multiplies; here they are added up.",
            lambda large, small, k: large**k: "That is the largest stretch alone. Divide it by the smallest.",
            lambda large, small, k: small**-k: "That is one over the smallest stretch. How large is the largest?",
            lambda large, small, k: (small / large) ** k: "The quotient is upside down: the largest belongs on top.",
            lambda large, small, k: (
                (large * small) ** k
            ): "The stretches are multiplied. You are asked how many times as large one is as the other.",
            lambda large, small, k: large**k - small**k: "That is the difference of the two. You are asked for their "
            "quotient.",
            lambda large, small, k: (
                (large / small) ** (2 * k)
            ): "These are mean squares. A stretch is a length, which is the root.",
            lambda large, small, k: (large / small) ** (k - 1): "One layer is missing. Each of them stretches.",
        },
        hints=(
            "Follow a gradient that lives in the first half of the units alone. How long is it after k layers?",
            "It is multiplied by `large` k times. And one in the other half?",
            "Divide the first by the second.",
        ),
    ),
    Number(
        name="luck_of_the_batch",
        points=2,
        given=_lucky_batch,
        expected=lambda eta, units, a, n: eta * (units * a**2 + 1) * (n - 1) / 10,
        mistakes={
            lambda eta, units, a, n: eta * units * a**2 * (n - 1) / 10: "The bias takes a step too. It is the weight "
            "of an input that is always 1.",
            lambda eta, units, a, n: eta * (units * a + 1) * (n - 1) / 10: "The activation counts twice: once in the "
            "gradient of a weight, and once more when z is made of the new weights.",
            lambda eta, units, a, n: eta * (a**2 + 1) * (n - 1) / 10: DEPTH["size of one weight"],
            lambda eta, units, a, n: eta * (units**2 * a**2 + 1) * (n - 1) / 10: "Squares add up over the units. Their "
            "number itself is not squared.",
            lambda eta, units, a, n: eta * (units * a**2 + 1) * n / 10: "The images of other digits count too: each "
            "of them pushes the seven down by a tenth.",
            lambda eta, units, a, n: eta * (units * a**2 + 1) * n * 0.9 / 10: "That is the share of the sevens. Each "
            "of the other images pushes the seven down by a tenth.",
            lambda eta, units, a, n: eta * (units * a**2 + 1) * (n - 1): "The loss is a mean over the ten images, not "
            "a sum.",
            lambda eta, units, a, n: -eta * (units * a**2 + 1) * (n - 1) / 10: "The sign is reversed. A step goes "
            "against the gradient, and there are more sevens than expected.",
            lambda eta, units, a, n: (
                (units * a**2 + 1) * (n - 1) / 10
            ): "The learning rate is missing: a step is eta times the gradient.",
            lambda eta, units, a, n: eta * (n - 1) / 10: "That is the step of the bias alone. The weights move too.",
            lambda eta, units, a, n: eta * (units * a * (1 - a) + 1) * (n - 1) / 10: "The slope of the top layer has "
            "no share in the step of the weights above it.",
        },
        hints=(
            "What is delta of the seven's output for a seven, and for another digit? Take the mean over the batch.",
            "The mean of p - y is 1/10 - n/10. Which steps do the bias and each weight take?",
            "Each weight moves by eta times a times (n - 1)/10, and z collects a times that from every unit.",
        ),
    ),
    Function(
        name="he_start",
        points=2,
        arguments=_draws,
        special=(_one_unit, _square),
        reference=lambda draws: draws * np.sqrt(2 / len(draws)),
        mistakes={
            lambda draws: draws * np.sqrt(2 / draws.shape[1]): DEPTH["fan-out for fan-in"],
            lambda draws: draws * 2 / len(draws): DEPTH["variance for sd"],
            lambda draws: draws * np.sqrt(2): DEPTH["size of one weight"],
            lambda draws: draws * np.sqrt(1 / len(draws)): DEPTH["silent half forgotten"],
            lambda draws: draws * np.sqrt(2 / sum(draws.shape)): DEPTH["both fans"],
            lambda draws: draws * np.sqrt(2 / draws.size): "You divided by the number of all weights. A unit adds up "
            "over one column of them.",
            lambda draws: draws * np.sqrt(6 / len(draws)): "The 6 belongs to a uniform distribution, whose variance is "
            "a third of the square of its limit. These draws have variance 1.",
            lambda draws: draws * np.sqrt(len(draws) / 2): "The fraction is upside down: the more units feed a sum, "
            "the smaller each weight must be.",
            lambda draws: draws * np.sqrt(2) / len(draws): "The root covers the 2 only. It covers the whole variance.",
            lambda draws: (
                draws * np.sqrt(2 / len(draws)) / draws.std()
            ): "You also divide by the standard deviation of these draws. They have variance 1 but for chance.",
            lambda draws: (draws * np.sqrt(2 / len(draws))).T: "The matrix is transposed. Rows belong to the units it "
            "comes from.",
        },
        hints=(
            "Which variance does He's start want, and how many units does a unit of this layer add up over?",
            "The variance is 2 over the number of rows. If you multiply draws of variance 1 by a number, by what does "
            "their variance change?",
            "By the square of that number. So multiply the draws by the root of the variance you want.",
        ),
    ),
    Expression(
        name="leaky_variance",
        points=2,
        expected="2 / ((1 + s**2) * n)",
        variables={"s": (0.05, 0.6), "n": (20, 300)},
        ratios={
            -1.0: "The size is right everywhere, the sign is not.",
            0.5: "Only half of the z are negative, and only half are positive. What is the mean of both squares?",
        },
        mistakes={
            "2 / n": "That is right for s = 0. What do the negative z add to the mean square?",
            "1 / n": DEPTH["silent half forgotten"],
            "2 / ((1 + s) * n)": "The mean square counts, so the slope enters squared.",
            "2 / ((1 + s)**2 * n)": "Square first and then add up: positive and negative z are different cases.",
            "2 / (1 + s**2)": DEPTH["size of one weight"],
            "sqrt(2 / ((1 + s**2) * n))": "That is the standard deviation. You are asked for the variance.",
            "2 * (1 + s**2) / n": "The leak makes the signal larger, so the weights may be smaller.",
            "(1 + s**2) / (2 * n)": "The fraction is upside down: the more comes through the unit, the less the "
            "weights must make up for.",
            "2 / ((1 - s**2) * n)": "What the leak lets through has a square that is positive, and it adds to the "
            "signal.",
            "2 / (s**2 * n)": "That counts the negative z alone.",
        },
        hints=(
            "Half of the z are positive and pass unchanged. What happens to the square of the others?",
            "The mean of f(z)² is half of the variance of z, plus half of it times s².",
            "Set n times V times that mean to the variance of z, and solve for V.",
        ),
    ),
    Number(
        name="gradient_of_a_gain",
        given=_gain,
        expected=lambda c, L: c ** (L - 1),
        mistakes={
            lambda c, L: c**L: "That is by how much z of the last layer changes. How many weight matrices lie between "
            "delta of the last layer and that of the first?",
            lambda c, L: c ** (L - 2): "One matrix is missing: the one that leads to the last layer belongs to the "
            "way back too.",
            lambda c, L: c * (L - 1): "One factor for each matrix multiplies; here they are added up.",
            lambda c, L: c: "That is what one matrix does. How many are on the way back?",
            lambda c, L: c ** (1 - L): "The power is turned over. Delta is multiplied by the weights, not divided.",
            lambda c, L: c ** (2 * (L - 1)): "The slopes of ReLUs are 0 and 1, and do not change. Only the weights do.",
            lambda c, L: c ** ((L - 1) / 2): "There is no root here: each entry of delta is multiplied by c itself.",
        },
        hints=(
            "Which gates of the ReLUs open or close, when all z are multiplied by a positive number?",
            "None. So delta changes only through the weights it comes back through. Which are these?",
            "On the way from layer L to layer 1 delta passes all weight matrices but the first, and x stays the same.",
        ),
    ),
]
