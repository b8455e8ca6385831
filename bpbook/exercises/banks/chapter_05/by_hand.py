"""With numbers: the loss before training, a relative error, and what differences cost and leave over."""

from typing import Any

import numpy as np

from ...kinds import Expression, Mistake, Number

Arrays = tuple[Any, ...]


def _outputs(rng: np.random.Generator) -> tuple[int]:
    return (int(rng.integers(3, 12)),)


def _two_vectors(rng: np.random.Generator) -> Arrays:
    """Draw two vectors that point to different sides, so that no formula gives for them what another gives."""
    large, small = rng.integers(6, 10, 2), rng.integers(1, 5, 2)
    g, n = np.array([large[0], small[0]]), np.array([small[1], large[1]])
    return (g / 10, n / 10) if rng.integers(0, 2) else (n / 10, g / 10)


def _widths(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice(np.arange(3, 12), size=3, replace=False))


def _norms(g: Any, n: Any) -> Any:
    return np.linalg.norm(g) + np.linalg.norm(n)


ENTRIES = Mistake("entry by entry", "(RE) measures the whole arrays, not each entry by itself.")

EXERCISES = [
    Number(
        name="initial_loss",
        given=_outputs,
        expected=lambda n: n * np.log(2),
        mistakes={
            lambda n: np.log(2): "That is the loss of one output. The loss is a sum over the outputs.",
            lambda n: np.log(n): "That is for a softmax over n classes. Here you have n separate questions.",
            lambda n: -n * np.log(2): "A loss of cross-entropy is never negative.",
            lambda n: n * np.log(n): "Each output answers yes or no. How many possibilities is that?",
            lambda n: np.log(2) / n: "The loss is a sum over the outputs, not a mean.",
            lambda n: n / 4: "That is a squared distance. The loss is a cross-entropy.",
            lambda n: n / 8: "That is the squared error. The loss is a cross-entropy.",
            lambda n: 2 * n * np.log(2): "Of the two terms of each output, the target leaves only one.",
            lambda n: 0.0: "At the start the network knows nothing. Only one that knows everything has a loss of zero.",
            lambda n: n / 2: "A probability of one half is right. Which loss does cross-entropy give it?",
            lambda n: n * np.log10(2): "The logarithm is the natural one.",
            lambda n: n * 1.0: "The logarithm is the natural one, not that of base 2.",
        },
        hints=(
            "With weights near zero, z is near zero. What does the sigmoid say then?",
            "Every output says one half, whatever the target. What is minus ln of that?",
            "Each of the outputs has the loss ln 2, and the loss adds over the outputs.",
        ),
    ),
    Number(
        name="error_by_hand",
        equations=("RE",),
        given=_two_vectors,
        expected=lambda g, n: np.linalg.norm(g - n) / _norms(g, n),
        mistakes={
            lambda g, n: np.linalg.norm(g - n): "This is the distance, but it has to be measured against the sizes.",
            lambda g, n: np.linalg.norm(g - n) / max(np.linalg.norm(g), np.linalg.norm(n)): "You divided by the larger "
            "length; (RE) divides by their sum.",
            lambda g, n: np.linalg.norm(g - n) / min(np.linalg.norm(g), np.linalg.norm(n)): "You divided by the "
            "smaller length; (RE) divides by their sum.",
            lambda g, n: abs(g - n).sum() / (abs(g) + abs(n)).sum(): "A length is the root of the sum of squares.",
            lambda g, n: np.linalg.norm(g - n) / np.linalg.norm(g + n): "Below the line is the sum of two lengths.",
            lambda g, n: (abs(g - n) / (abs(g) + abs(n))).mean(): ENTRIES,
            lambda g, n: (abs(g - n) / (abs(g) + abs(n))).max(): ENTRIES,
            lambda g, n: (
                abs(np.linalg.norm(g) - np.linalg.norm(n)) / _norms(g, n)
            ): "Above the line is the length of the difference, not the difference of the lengths.",
            lambda g, n: ((g - n) ** 2).sum() / ((g**2).sum() + (n**2).sum()): "The three square roots are missing.",
            lambda g, n: (
                2 * np.linalg.norm(g - n) / _norms(g, n)
            ): "Below the line is the sum of the lengths, not their mean.",
        },
        hints=(
            "Equation (RE) is a length divided by a sum of two lengths.",
            "The length of a vector is the square root of the sum of its squared entries.",
            "`np.linalg.norm` gives you a length. Take that of g - n above the line, and those of g and n below it.",
        ),
    ),
    Number(
        name="forward_passes",
        equations=("ND",),
        given=_widths,
        expected=lambda n_0, n_1, n_2: 2 * (n_0 * n_1 + n_1 + n_1 * n_2 + n_2),
        tolerance=1e-9,
        mistakes={
            lambda n_0, n_1, n_2: (
                n_0 * n_1 + n_1 + n_1 * n_2 + n_2
            ): "Central differences look to both sides of each number.",
            lambda n_0, n_1, n_2: 2 * (n_0 * n_1 + n_1 * n_2): "The biases are nudged too.",
            lambda n_0, n_1, n_2: n_0 * n_1 + n_1 * n_2: "The biases are nudged too, and each nudge has two sides.",
            lambda n_0, n_1, n_2: 2: "Each weight is nudged on its own, while all the others stay.",
            lambda n_0, n_1, n_2: 4: "Each entry is nudged on its own, not each array.",
            lambda n_0, n_1, n_2: (
                2 * (n_0 * n_1 + n_1 + n_1 * n_2 + n_2) + 1
            ): "Central differences do not use the loss in the middle.",
            lambda n_0, n_1, n_2: 2 * n_0 * n_1 * n_2: "The weights of the two layers are counted apart, and added.",
            lambda n_0, n_1, n_2: 1 + n_0 * n_1 + n_1 + n_1 * n_2 + n_2: "That is the count for one-sided differences.",
            lambda n_0, n_1, n_2: 2 * (n_0 + n_1 + n_2): "Weights and biases are nudged, not units.",
        },
        hints=(
            "How many numbers are nudged, and how often does each nudge ask for the loss?",
            "A layer from n to k units has n k weights and k biases, and each of them is nudged alone.",
            "Count all weights and biases of both layers; each needs the loss above and below.",
        ),
    ),
    Expression(
        name="left_over",
        equations=("ND",),
        expected="h**2",
        variables={"w": (-2.0, 2.0), "h": (0.1, 0.5)},
        most=6,
        mistakes={
            "3 * w**2 + h**2": "That is the whole difference. By how much is it off?",
            "3 * w**2": "That is the derivative. By how much do the differences miss it?",
            "2 * h**3": "Divide by the distance between the two nudges as well.",
            "2 * h**2": "The distance between the two nudges is twice h.",
            "h**2 / 6": "The sixth is there in general, times the third derivative. What is that of w³?",
            "6 * h**2": "The third derivative is there, but divided by a number.",
            "6 * w * h": "In a central difference the second derivative cancels.",
            "3 * w * h + h**2": "That is what a one-sided difference leaves over.",
            "3 * w * h": "In a central difference, the terms with an even power of h cancel.",
            "0 * w": "For a parabola that would be true. Here the third power leaves something over.",
            "h": "Nearly. But which power of h is it?",
            "h**3": "Divide by the distance between the two nudges as well.",
        },
        ratios={-1.0: "The size is right, but the sign is not. Subtract the derivative from the difference."},
        hints=(
            "Write out (w + h)³ and (w - h)³, and subtract.",
            "What is left of the subtraction is 6 w² h + 2 h³. Divide it by 2h.",
            "You get 3 w² and something more. The derivative is 3 w²; what is the rest?",
        ),
    ),
]
