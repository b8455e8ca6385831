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
            lambda x_0, x_1, k: [[x_0, x_1], [-1, k], [2 * x_1, 0]]: "The two columns are exchanged: the first input's "
            "comes first.",
            lambda x_0, x_1, k: [[x_1, x_0], [-1, k], [0, 2 * x_1]]: "In the second row the two entries are exchanged.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [2 * x_1, 0]]: "In the last row the two entries are exchanged.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [0, x_1]]: "The derivative of the square is twice the number.",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k, -1],
                [0, x_1**2],
            ]: "The last entry is a value. How fast does it change?",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k, -x_1],
                [0, 2 * x_1],
            ]: "The second input enters v as it is: its slope is a constant.",
            lambda x_0, x_1, k: [
                [x_1, x_0],
                [k * x_0, -x_1],
                [0, 2 * x_1],
            ]: "The second row holds the terms of v. Their derivatives are asked for.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, 0], [0, 2 * x_1]]: "v depends on the second input as well.",
            lambda x_0, x_1, k: [[x_1, x_0], [k, -1], [2 * x_1, 2 * x_1]]: "w does not depend on the first input.",
            lambda x_0, x_1, k: [
                x_1 + x_0,
                k - 1,
                2 * x_1,
            ]: "The two derivatives of each output stay apart: one column for each input.",
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
            ]: "These are values, the terms of u, v and w. A Jacobian holds derivatives.",
        },
        hints=(
            "There are three outputs and two inputs. Which shape has the Jacobian?",
            "In the first row stand the derivatives of u, first by the one input and then by the other.",
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
            lambda n_0, n_1, n_2: n_2 * n_1 * n_0: "That is one product of two tables. From the left there is none.",
            lambda n_0, n_1, n_2: n_2 * n_1 + n_2 * n_0: "The row that meets the last table has n_1 numbers.",
            lambda n_0, n_1, n_2: n_1 * n_0 + n_2 * n_0: "Begin at the left: the row with n_2 numbers meets the table "
            "of n_2 rows and n_1 columns.",
            lambda n_0, n_1, n_2: n_0 + n_1 + n_2: "Every number of the row meets a whole row of the table.",
            lambda n_0, n_1, n_2: 2 * (n_2 * n_1 + n_1 * n_0): "A multiplication and its addition count as one.",
            lambda n_0, n_1, n_2: n_2 * n_1 + n_1 * n_0 + n_2: "There are two products of three Jacobians.",
            lambda n_0, n_1, n_2: n_2 * n_1 + n_1 * n_0 + n_0: "Two products are enough for three Jacobians.",
            lambda n_0, n_1, n_2: n_2 * n_1: "That is the first of two products.",
            lambda n_0, n_1, n_2: n_1 * n_0: "That is the second of two products.",
            lambda n_0, n_1, n_2: n_2 * n_1**2 * n_0: "The work of two products adds.",
        },
        hints=(
            "Begin with the row: which shape has the product of the first two?",
            "A product of shapes (p, q) and (q, r) takes p q r multiply-adds, and for a row p is one.",
            "The first product takes n_2 n_1 of them and gives a row of n_1 numbers; that row meets the last table.",
        ),
    ),
    Choice(
        name="cheaper_order",
        right="b",
        options={
            "a": "From the left, the first product has a thousand rows. On which side does the single number stand?",
            "b": "Right. One column stays one column all the way, so start where the single number is: at the input.",
            "c": "The result is the same from either side. The work is not: look at the shape of the first product.",
            "d": "That holds for one output and many inputs, as in a network's loss. Here it is the other way round.",
        },
        hints=(
            "Which of the Jacobians is thin, the one nearest the input or the one nearest the outputs?",
            "With one input, the Jacobian of the first link is a single column, and it stands at the right end.",
            "A table times a column is a column again; a table times a table is not.",
        ),
    ),
]
