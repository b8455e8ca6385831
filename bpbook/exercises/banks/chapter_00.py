"""Exercises of chapter 00: how the book works, with one exercise of each kind."""

import numpy as np

from ..kinds import Array, Choice, Expression, Function, Gradient, Number


def _row(rng: np.random.Generator) -> tuple[np.ndarray]:
    return (rng.normal(size=int(rng.integers(3, 8))),)


EXERCISES = [
    Number(
        name="first_answer",
        given=lambda rng: (int(rng.integers(11, 50)), int(rng.integers(51, 90))),
        expected=lambda a, b: a + b,
        ratios={-1: "The size is right, the sign is not."},
        hints=(
            "The two numbers are in `a` and `b`.",
            "The exercise asks for their sum.",
            "Write an expression with `a`, `b` and a plus sign.",
        ),
    ),
    Choice(
        name="what_is_blank",
        right="b",
        options={
            "a": "A wrong answer is told what is wrong with it. Is an empty one wrong?",
            "b": "Right. A blank costs nothing; come back to it when you like.",
            "c": "Nothing is hidden from you, but the check does say something. Run it on a blank answer and read.",
        },
        hints=(
            "Put the three dots back and run the check.",
            "Look at the sign in front of the message: ✓, ✗ or ○.",
            "The message of a blank answer speaks of the three dots, not of a mistake.",
        ),
    ),
    Array(
        name="squares",
        given=lambda rng: (rng.choice(np.arange(2, 10), size=3, replace=False),),
        expected=lambda numbers: numbers**2,
        mistakes={
            lambda numbers: 2 * numbers: "These are the doubles. A square is a number times itself.",
            lambda numbers: numbers**3: "These are the cubes.",
        },
        hints=(
            "NumPy works on all three numbers at once.",
            "In Python a power is written with two stars.",
            "Write `numbers` to the power of two.",
        ),
    ),
    Function(
        name="mean_of",
        arguments=_row,
        reference=lambda numbers: np.mean(numbers),
        mistakes={
            lambda numbers: np.sum(numbers): "This is the sum; for the mean it is divided by how many there are.",
            lambda numbers: np.median(numbers): "This is the number in the middle, the median.",
        },
        hints=(
            "A function hands its result back with `return`.",
            "The mean is the sum divided by how many numbers there are.",
            "`np.sum` adds an array up, and `len` counts its entries; or look for a NumPy function named mean.",
        ),
    ),
    Function(
        name="one_more",
        arguments=_row,
        reference=lambda numbers: numbers + 1,
        hints=(
            "Read the message: whose array must not change?",
            "`numbers += 1` writes into the array that it was given; `numbers + 1` makes a new one.",
            "Return the new array without writing into the old one.",
        ),
    ),
    Expression(
        name="slope_of_square",
        expected="2 * x",
        variables={"x": (-3, 3)},
        mistakes={
            "x": "The slope at 3 is 6, not 3. Try the formula on the text's own example.",
            "x**2": "That is the curve itself. How steep is it?",
            "2 * x**2": "The exponent goes down by one when it comes to the front.",
        },
        hints=(
            "The text of this chapter has the derivative of the square.",
            "At 3 the slope is 6; at 1 it is 2.",
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
        hints=(
            "Each entry of w stands in one square of the sum, and in no other.",
            "So the derivative with respect to an entry is the derivative of its own square.",
            "Return an array of the same shape as w, each entry twice the one of w.",
        ),
    ),
    Choice(
        name="cross_and_shape",
        right="c",
        options={
            "a": "The numbers may be right: the check did not get as far as comparing them.",
            "b": "Then there would be no shape to speak of.",
            "c": "Right. Shapes are compared first, because a wrong shape tells most about what went wrong.",
            "d": "Count them: three rows with one number each are three numbers.",
        },
        hints=(
            "Which word of the message is about numbers, and which about their arrangement?",
            "(3,) is a row of three numbers; (3, 1) is a column of three rows with one number each.",
            "The check stops at the first thing that does not fit.",
        ),
    ),
]
