"""Many inputs and many outputs: the Jacobian, and the order in which products are cheap."""

import numpy as np

from ...kinds import Array, Choice, Number


def _two_inputs(rng: np.random.Generator) -> tuple[int, int, int]:
    x_0, x_1 = rng.choice(np.arange(2, 8), size=2, replace=False)
    return int(x_0), int(x_1), int(rng.integers(3, 8))


def _sizes(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice([20, 30, 40, 50, 60, 80, 100], size=3, replace=False))


EXERCISES = [
    Array(
        name="jacobian",
        equations=("MV",),
        given=_two_inputs,
        expected=lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [0, 2 * x_1]],
        mistakes={
            lambda x_0, x_1, k: [
                [x_1, k, 0],
                [x_0, -1, 2 * x_1],
            ]: "This is the transpose: a Jacobian has one row for each output and one column for each input.",
            lambda x_0, x_1, k: [
                [x_0, x_1],
                [k, -1],
                [0, 2 * x_1],
            ]: "In the product, the derivative with respect to one factor is the other factor.",
            lambda x_0, x_1, k: [
                [x_0, x_1],
                [-1, k],
                [2 * x_1, 0],
            ]: "The two columns are exchanged. The column of the first input comes first.",
            lambda x_0, x_1, k: [[x_1, x_0], [-1, k], [0, 2 * x_1]]: "In the second row the two entries are exchanged.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [2 * x_1, 0]]: "In the last row the two entries are exchanged.",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k, -1],
                [0, 2 * x_0],
            ]: "w is the square of the second input, so its slope is twice that input.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [0, x_1]]: "The derivative of the square is twice the number.",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k, -1],
                [0, x_1**2],
            ]: "The last entry is the value of w. How fast does it change?",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k, -x_1],
                [0, 2 * x_1],
            ]: "The second input enters v with a constant factor, so its slope is a constant.",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k * x_0, -x_1],
                [0, 2 * x_1],
            ]: "The second row holds the terms of v, but a Jacobian holds their derivatives.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, 0], [0, 2 * x_1]]: "v depends on the second input as well.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [2 * x_1, 2 * x_1]]: "w does not depend on the first input.",
            lambda x_0, x_1, k: [
                x_1 + x_0,
                k - 1,
                2 * x_1,
            ]: "Keep the two derivatives of each output apart, in one column for each input.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [0, 2]]: "The derivative of the square depends on its input.",
            lambda x_0, x_1, k: [
                [1, 1],
                [k, -1],
                [0, 2 * x_1],
            ]: "In a product, the derivative with respect to one factor is not one.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, 1], [0, 2 * x_1]]: "The second input enters v with a minus sign.",
            lambda x_0, x_1, k: [
                [x_0 * x_1, x_0 * x_1],
                [k * x_0, -x_1],
                [0, x_1**2],
            ]: "These are the terms of u, v and w themselves. A Jacobian holds their derivatives.",
        },
        hints=(
            "There are three outputs and two inputs. What is the shape of the Jacobian?",
            "The first row holds the derivatives of u, with respect to the first input and then the second.",
            "In the first row, the derivative of a product by one factor is the other factor. In the last row, w does "
            "not depend on the first input at all.",
        ),
    ),
    Number(
        name="multiply_adds_from_left",
        given=_sizes,
        expected=lambda n_0, n_1, n_2: n_2 * n_1 + n_1 * n_0,
        tolerance=1e-9,
        mistakes={
            lambda n_0, n_1, n_2: (
                n_2 * n_1 * n_0 + n_2 * n_0
            ): "That is the count from the right, where two large tables meet. From the left, a row meets a table.",
            lambda n_0, n_1, n_2: n_2 * n_1 * n_0: "That is a product of two tables, and from the left there is none.",
            lambda n_0, n_1, n_2: n_2 * n_1 + n_2 * n_0: "The row that meets the last table has n_1 numbers.",
            lambda n_0, n_1, n_2: (
                n_1 * n_0 + n_2 * n_0
            ): "Begin at the left, where the row of n_2 numbers meets the table of n_2 rows and n_1 columns.",
            lambda n_0, n_1, n_2: n_0 + n_1 + n_2: "Every number of the row multiplies a whole row of the table.",
            lambda n_0, n_1, n_2: (
                2 * (n_2 * n_1 + n_1 * n_0)
            ): "A multiplication and its addition count as one multiply-add.",
            lambda n_0, n_1, n_2: n_2 * n_1 + n_1 * n_0 + n_2: "There are two products of three Jacobians.",
            lambda n_0, n_1, n_2: n_2 * n_1 + n_1 * n_0 + n_0: "Two products are enough for three Jacobians.",
            lambda n_0, n_1, n_2: n_2 * n_1: "That is the first of two products.",
            lambda n_0, n_1, n_2: n_1 * n_0: "That is the second of two products.",
            lambda n_0, n_1, n_2: n_2 * n_1**2 * n_0: "The work of the two products adds up.",
        },
        hints=(
            "Begin with the row. What is the shape of the product of the first two?",
            "A product of shapes (p, q) and (q, r) takes p q r multiply-adds, and for a row p is one.",
            "The first product takes n_2 n_1 of them and gives a row of n_1 numbers, which then meets the last table.",
        ),
    ),
    Choice(
        name="cheaper_order",
        right="b",
        options={
            "a": "From the left, the first product has a thousand rows. On which side are there only two numbers?",
            "b": "Right. Two columns stay two columns all the way, so start where the numbers are few: at the inputs.",
            "c": "The result is the same from either side, but the work is not. Look at the shape of the first "
            "product.",
            "d": "That holds for few outputs and many inputs, as in a network's loss. Here you have the opposite case.",
        },
        hints=(
            "Which of the Jacobians is thin, the one nearest the input or the one nearest the outputs?",
            "With two inputs, the Jacobian of the first step has two columns, and it is at the right end.",
            "A table times two columns is two columns again, while a table times a table is a whole table.",
        ),
    ),
]
