"""Adjoints: shares that add at a shared node, and when to go back rather than forward."""

import numpy as np

from ...kinds import Array, Choice, Expression, Number


def _three_numbers(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(3, 6)), int(rng.integers(6, 10)), int(rng.choice([3, 4, 7]))


def _ends(rng: np.random.Generator) -> tuple[int, int]:
    inputs, outputs = rng.choice([2, 5, 12, 40, 300, 1000], 2, replace=False)
    return int(inputs), int(outputs)


EXERCISES = [
    Number(
        name="shared_adjoint",
        equations=("RM",),
        given=_three_numbers,
        expected=lambda x, y, k: (2 * x * y + k) * y,
        tolerance=1e-6,
        mistakes={
            lambda x, y, k: (
                2 * x * y
            ): "That is one share of p's adjoint. Another use of p is missing, and the link to x.",
            lambda x, y, k: (
                2 * (x * y + k) * y
            ): "f is the square of p, plus k p. This goes back from the square of p + k.",
            lambda x, y, k: 2 * x * y * y: "The square is one use of p. The other use is missing.",
            lambda x, y, k: (
                k * y
            ): "That is what came back through k p alone; it seems to have replaced the other share.",
            lambda x, y, k: (x * y + k) * y: "The derivative of the square of p is not p.",
            lambda x, y, k: 2 * x * y + k * y: "Either brackets are missing, or the derivative of the square was "
            "taken at x: it belongs at p.",
            lambda x, y, k: 2 * x * y**2 + k: "Both shares of p go on to x, and the second one was left behind.",
            lambda x, y, k: (2 * x * y + k) * x * y: "That is multiplied by p itself. How does p change with x?",
            lambda x, y, k: (2 * x * y + k) * (x + y): "Those are the adjoints of x and of y, added up.",
            lambda x, y, k: (x * y) ** 2 + k * x * y: "That is the value of f.",
            lambda x, y, k: 2 * x * y * k: "The shares of p come from two uses, and they add; then x is one link "
            "further back.",
            lambda x, y, k: 2 * x * y + k: "That is the adjoint of p. x is one link further back.",
            lambda x, y, k: (
                (4 * x * y + k) * y
            ): "p has sent its first share on twice. It waits until both have arrived.",
            lambda x, y, k: (2 * x * y + k) * x: "That is the adjoint of y.",
            lambda x, y, k: 2 * x * y * k * y: "The shares of p come from two uses, side by side: they add.",
        },
        hints=(
            "Go forward first and find p. Then go back. Which nodes use p?",
            "p gets a share of two p from the square and a share of k from the other term. They add.",
            "The adjoint of x is the adjoint of p times the derivative of x y with respect to x.",
        ),
    ),
    Expression(
        name="back_to_x",
        equations=("RM", "MV"),
        expected="y * (sin(x * y) + x * y * cos(x * y))",
        variables={"x": (-2, 2), "y": (-2, 2)},
        mistakes={
            "sin(x * y) + x * y * cos(x * y)": "That is the adjoint of p. x is one link further back.",
            "y * sin(x * y)": "p is used twice. The use inside the sine is missing.",
            "y * x * y * cos(x * y)": "p is used twice. The use as the first factor is missing.",
            "x * (sin(x * y) + x * y * cos(x * y))": "That is the adjoint of y.",
            "y * sin(x * y) + x * y * cos(x * y)": "Both shares of p go on to x: brackets are missing.",
            "y * sin(x * y) - x * y**2 * cos(x * y)": "The derivative of the sine is the cosine, with no minus sign.",
            "y * sin(x * y) + x**2 * y * cos(x * y)": "In the second share the last link is the one from p to y.",
            "y * (sin(x * y) + cos(x * y))": "The derivative through the sine is multiplied by the other factor, p.",
            "x * y * sin(x * y)": "That is f itself.",
            "cos(x * y)": "That is the link from p to its sine. What leads to it, and what follows?",
            "y * (sin(x) + x * cos(x))": "The sine is taken of p, and p is x y.",
            "y * (1 + cos(x * y))": "p and its sine are multiplied in f, not added.",
            "y * sin(x * y) * cos(x * y)": "The two shares of p add; they do not multiply.",
            "y * cos(x * y)": "The derivative of a product is not the product of the derivatives.",
        },
        hints=(
            "Name the parts: p, then s for the sine of p, then f as the product of p and s. Which nodes use p?",
            "p is used by s and by f. One share comes straight from f, the other through s.",
            "The adjoint of p is the sine of p plus p times the cosine of p. Multiply by the derivative of p with "
            "respect to x, and write x * y for p.",
        ),
    ),
    Choice(
        name="which_mode",
        equations=("FM", "RM"),
        right="a",
        options={
            "a": "Right. One input and many outputs is one column, and a forward sweep gives a column.",
            "b": "Reverse mode needs one sweep for each output. How many outputs are there?",
            "c": "Both give the same numbers. The number of sweeps differs by a factor of a thousand.",
            "d": "Differences would need few runs here, but they lose digits, and forward mode needs one sweep.",
        },
        hints=(
            "Count the inputs and the outputs.",
            "Picture the Jacobian: how many rows and columns does it have?",
            "One mode pays for each input, the other for each output.",
        ),
    ),
    Array(
        name="sweeps",
        equations=("FM", "RM"),
        given=_ends,
        names=("the number of forward sweeps", "the number of reverse sweeps"),
        expected=lambda inputs, outputs: [inputs, outputs],
        tolerance=1e-9,
        mistakes={
            lambda inputs, outputs: [outputs, inputs]: "The two are exchanged. One forward sweep follows one input to "
            "everything.",
            lambda inputs, outputs: [inputs * outputs, inputs * outputs]: "A sweep finds a whole row or column of the "
            "Jacobian, not one entry.",
            lambda inputs, outputs: [1, outputs]: "One forward sweep is enough for one input only.",
            lambda inputs, outputs: [
                1,
                1,
            ]: "One sweep finds one row or one column. How many of them does the Jacobian have?",
            lambda inputs, outputs: [inputs, inputs]: "In reverse mode a sweep begins at an output.",
            lambda inputs, outputs: [outputs, outputs]: "In forward mode a sweep begins at an input.",
            lambda inputs, outputs: [inputs, inputs * outputs]: "A reverse sweep finds a whole row, not one entry.",
            lambda inputs, outputs: [inputs * outputs, outputs]: "A forward sweep finds a whole column, not one entry.",
            lambda inputs, outputs: [
                2 * inputs,
                2 * outputs,
            ]: "One sweep for each is enough, because nothing is run twice.",
            lambda inputs, outputs: [
                inputs + 1,
                outputs + 1,
            ]: "The run that finds the values is not counted as a sweep.",
            lambda inputs, outputs: [inputs, 1]: "One reverse sweep is enough for one output only.",
        },
        hints=(
            "What does one forward sweep find, and what does one reverse sweep find?",
            "Going forward, one input moves and you watch everything. In reverse, you ask one output about everything.",
            "A forward sweep gives a column of the Jacobian, a reverse sweep a row. Count columns and rows.",
        ),
    ),
    Choice(
        name="kept_for_later",
        equations=("RM",),
        right="c",
        options={
            "a": "The sweep back starts at the outputs. What do the local derivatives on its way need?",
            "b": "No Jacobian is ever built: a vjp needs far less.",
            "c": "Right. The way back meets the operations in reverse order, so the values must wait for it.",
            "d": "That is forward mode, which uses each local derivative at once and forgets it.",
        },
        hints=(
            "What is the local derivative of a product, and when is it needed?",
            "The first operation on the way forward is the last one on the way back.",
            "To multiply by the other factor, the sweep must still have the other factor.",
        ),
    ),
]
