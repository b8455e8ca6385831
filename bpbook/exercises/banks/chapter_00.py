"""Exercises of chapter 00: one of each kind."""

import numpy as np

from ...gradcheck import numerical_gradient
from ..kinds import Array, Choice, Expression, Function, Gradient, Number


def _row(rng: np.random.Generator) -> tuple[np.ndarray]:
    return (rng.normal(size=int(rng.integers(3, 8))),)


EXERCISES = [
    Number(
        name="first_answer",
        given=lambda rng: (int(rng.integers(11, 50)), int(rng.integers(51, 90))),
        expected=lambda a, b: 3 * a + 4 * b,
        tolerance=1e-9,
        ratios={-1: "The size is right, but the sign is not."},
        mistakes={
            lambda a, b: 4 * a + 3 * b: "Here each input was given the weight of the other.",
            lambda a, b: 7 * (a + b): "Multiply each input by its own weight first, and add afterwards.",
            lambda a, b: a + b: "That is the sum of the weights. What did they multiply?",
            lambda a, b: a * b: "Those are the two weights multiplied. Each of them belongs to an input.",
            lambda a, b: 12 * a * b: "The two products are added, not multiplied.",
        },
        hints=(
            "Your two numbers are in `a` and `b`, and you may calculate with these names.",
            "A weight says how strongly its input counts, so you need two products.",
            "Write the two products with a plus between them. A star is Python's sign for a product.",
        ),
    ),
    Choice(
        name="before_training",
        right="b",
        options={
            "a": "To be wrong every time, it would have to know what to avoid.",
            "b": "Right. Whatever it says, about one image in ten happens to show it.",
            "c": "There are two outcomes, but ten digits to choose from.",
            "d": "Suppose it always says 0. How many of the images show a 0?",
        },
        hints=(
            "It knows nothing about the image, so its guess has nothing to do with the digit.",
            "Suppose it gives the same answer to every image. How often is that answer the right one?",
            "Each of the digits is on about as many images as any other.",
        ),
    ),
    Array(
        name="squares",
        given=lambda rng: (rng.choice(np.arange(2, 10), size=3, replace=False),),
        expected=lambda numbers: numbers**2,
        mistakes={
            lambda numbers: 2 * numbers: "These are the doubles. A square is a number times itself.",
            lambda numbers: numbers**3: "These are the cubes.",
            lambda numbers: numbers ^ 2: "In Python `^` compares bits. A power is written with two stars.",
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
            lambda numbers: numbers[0] / len(numbers): "This has added only the first number. Is the `return` inside "
            "the loop?",
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
        expected="6 * x",
        variables={"x": (-3, 3)},
        mistakes={
            "6 * x + 5": "Lifting a curve does not tilt it.",
            "2 * x": "A curve that is three times as high is three times as steep.",
            "2 * x + 5": "Lifting a curve does not tilt it, but making it three times as high does.",
            "3 * x**2 + 5": "That is the curve itself. How steep is it?",
            "3 * x": "The curve is three times the square of x. What is the slope of the square?",
            "6 * x**2": "When the exponent comes to the front, the power goes down by one.",
            "9 * x": "The three was counted twice.",
            "6": "That is the slope at one place. It changes from place to place, so x belongs in the formula.",
        },
        hints=(
            "The text of this chapter has the derivative of the square.",
            "Draw the curve, and the same curve lifted. Has its slope changed anywhere?",
            "Take the slope of the square, and make it three times as steep. Write it in quotes, with a star for every "
            "product.",
        ),
    ),
    Gradient(
        name="gradient_of_squares",
        arguments=_row,
        reference=lambda w: 2 * w,
        loss=lambda w: (w**2).sum(),
        without=numerical_gradient,
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
