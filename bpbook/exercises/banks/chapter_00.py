"""Exercises of chapter 00: one of each kind."""

import numpy as np

from ..kinds import Array, Choice, Expression, Function, Gradient, Number


def _row(rng: np.random.Generator) -> tuple[np.ndarray]:
    return (rng.normal(size=int(rng.integers(3, 8))),)


EXERCISES = [
    Number(
        name="first_answer",
        given=lambda rng: (int(rng.integers(11, 50)), int(rng.integers(51, 90))),
        expected=lambda a, b: a * b,
        tolerance=1e-9,
        ratios={-1: "The size is right, but the sign is not."},
        mistakes={
            lambda a, b: a + b: "That is the sum, but a weight multiplies its input.",
            lambda a, b: a / b: "That is a divided by b, but a weight multiplies its input.",
        },
        hints=(
            "The two numbers are in `a` and `b`.",
            "A weight says how strongly an input counts, so the two are multiplied.",
            "Write an expression with `a`, `b` and a star, which is Python's sign for a product.",
        ),
    ),
    Choice(
        name="what_is_learned",
        right="c",
        options={
            "a": "The images are what the network learns from, and they stay as they are.",
            "b": "Those are the right answers. If training changed them, it would be easy to be right.",
            "c": "Right. The weights and biases move, a little at every step, and nothing else does.",
            "d": "The program is the same before and after. Only the numbers it works with are different.",
        },
        hints=(
            "Read the first paragraph of this chapter once more.",
            "What is random at first, and no longer random afterwards?",
            "It is something the network owns, not something it is given.",
        ),
    ),
    Array(
        name="squares",
        given=lambda rng: (rng.choice(np.arange(2, 10), size=3, replace=False),),
        expected=lambda numbers: numbers**2,
        mistakes={
            lambda numbers: 2 * numbers: "These are the doubles. A square is a number times itself.",
            lambda numbers: numbers**3: "These are the cubes.",
            lambda numbers: np.full(3, (numbers**2).sum()): "Keep the three squares apart, one for each number.",
        },
        hints=(
            "NumPy works on all three numbers at once.",
            "In Python you write a power with two stars.",
            "Write `numbers` to the power of two.",
        ),
    ),
    Function(
        name="mean_of",
        arguments=_row,
        reference=lambda numbers: np.mean(numbers),
        mistakes={
            lambda numbers: np.sum(numbers): "This is the sum. Divide it by how many numbers there are.",
            lambda numbers: np.median(numbers): "This is the number in the middle, the median.",
        },
        hints=(
            "A function hands its result back with `return`.",
            "The mean is the sum divided by how many numbers there are.",
            "`np.sum` adds an array up, and `len` counts its entries. You may also look for a NumPy function named "
            "mean.",
        ),
    ),
    Expression(
        name="slope_of_square",
        expected="2 * x",
        variables={"x": (-3, 3)},
        mistakes={
            "x": "The slope at 3 is 6, not 3. Try your formula on the example in the text.",
            "x**2": "That is the curve itself. How steep is it?",
            "2 * x**2": "When the exponent comes to the front, the power goes down by one.",
        },
        hints=(
            "The text of this chapter has the derivative of the square.",
            "At 3 the slope is 6, and at 1 it is 2.",
            "It is x, times the exponent that it had. Write it in quotes, with a star for the product.",
        ),
    ),
    Gradient(
        name="gradient_of_squares",
        arguments=_row,
        reference=lambda w: 2 * w,
        loss=lambda w: (w**2).sum(),
        wrt=(0,),
        points=2,
        mistakes={
            lambda w: w**2: "These are the terms of the loss. How fast does each of them change with its entry?",
            lambda w: w: "The derivative of a square is twice the number, not the number itself.",
            lambda w: np.full_like(w, 2 * w.sum()): "Each entry of w changes only its own square, so nothing is "
            "summed.",
        },
        hints=(
            "Each entry of w appears in one square of the sum, and in no other.",
            "So the derivative with respect to an entry is the derivative of its own square.",
            "Return an array of the same shape as w, in which each entry is twice the one in w.",
        ),
    ),
]
