"""Exercises of chapter 07: tangents forward, adjoints back, and what they cost."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..kinds import Array, Choice, Expression, Function, Mistake, Number


def _point_and_direction(rng: np.random.Generator) -> tuple[int, int, int, int]:
    x, y = (int(k) for k in rng.choice(np.arange(3, 10), 2, replace=False))
    x_dot, y_dot = (int(k) for k in rng.choice(np.arange(2, 8), 2, replace=False))
    return x, y, x_dot, y_dot


def _duals(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=2) + 2, rng.normal(size=2) - 2


def _three_numbers(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(3, 6)), int(rng.integers(6, 10)), int(rng.choice([3, 4, 7]))


def _ends(rng: np.random.Generator) -> tuple[int, int]:
    inputs, outputs = rng.choice([2, 5, 12, 40, 300, 1000], 2, replace=False)
    return int(inputs), int(outputs)


def _operations(rng: np.random.Generator) -> tuple[int, int, int]:
    products, sums, sines = rng.choice(np.arange(2, 10), size=3, replace=False)
    return int(products), int(sums), int(sines)


def _graph_with_one_order(rng: np.random.Generator) -> tuple[dict[int, list[int]], int]:
    """Draw a graph whose nodes have only one topological order: each is fed by the one before, and by others."""
    order = [int(node) for node in rng.permutation(7)]
    inputs: dict[int, list[int]] = {}
    for k in sorted(range(7), key=lambda k: order[k]):
        earlier = [node for node in order[: max(k - 1, 0)] if rng.random() < 0.5]
        inputs[order[k]] = [int(node) for node in rng.permutation([*earlier, *order[max(k - 1, 0) : k]])]
    return inputs, order[-1]


def _in_order(inputs: dict[int, list[int]], output: int) -> list[int]:
    order: list[int] = []

    def visit(node: int) -> None:
        if node not in order:
            for earlier in inputs[node]:
                visit(earlier)
            order.append(node)

    visit(output)
    return order


def _with_repeats(inputs: dict[int, list[int]], node: int) -> list[int]:
    return [earlier for parent in inputs[node] for earlier in _with_repeats(inputs, parent)] + [node]


def _node_before_its_inputs(inputs: dict[int, list[int]], output: int) -> list[int]:
    order: list[int] = []

    def visit(node: int) -> None:
        if node not in order:
            order.append(node)
            for earlier in inputs[node]:
                visit(earlier)

    visit(output)
    return order


def _from_a_stack(inputs: dict[int, list[int]], output: int) -> list[int]:
    order: list[int] = []
    stack = [output]
    while stack:
        node = stack.pop()
        if node not in order:
            order.append(node)
            stack += inputs[node]
    return order


def _in_breadth(inputs: dict[int, list[int]], output: int) -> list[int]:
    order = [output]
    for node in order:
        order += [earlier for earlier in inputs[node] if earlier not in order]
    return order[::-1]


def _product(m: int, n_in: int, n_out: int) -> Callable[[np.random.Generator], tuple[Any, Any, Any]]:
    """Return the probe a, W, z_bar with these sizes."""
    return lambda rng: (rng.normal(size=(m, n_in)), rng.normal(size=(n_in, n_out)), rng.normal(size=(m, n_out)))


def _stretched(shape: tuple[int, ...]) -> Callable[[np.random.Generator], tuple[Any, tuple[int, ...]]]:
    """Return the probe in which an array of that shape was stretched to (3, 4)."""
    return lambda rng: (rng.normal(size=(3, 4)), shape)


def _unbroadcast(u: Any, shape: tuple[int, ...], reduce: Any = np.sum, last: Any = None) -> Any:
    u = reduce(u, axis=tuple(range(u.ndim - len(shape))))
    return (last or reduce)(u, axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)


def _unbroadcast_losing_axes(u: Any, shape: tuple[int, ...]) -> Any:
    u = u.sum(axis=tuple(range(u.ndim - len(shape))))
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1))


def _unbroadcast_keeping_front(u: Any, shape: tuple[int, ...]) -> Any:
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)


def _first(u: Any, axis: tuple[int, ...], keepdims: bool = False) -> Any:
    for k in sorted(axis, reverse=True):
        u = np.take(u, [0] if keepdims else 0, axis=k)
    return u


def _edges(rng: np.random.Generator) -> tuple[int, Any, Any]:
    """Draw a tape of 7 nodes: 0 and 1 are inputs; every other is fed by the node before and by an earlier one."""
    edges = [(node, int(earlier)) for node in range(2, 7) for earlier in (rng.integers(node - 1), node - 1)]
    return 7, np.array(edges), rng.uniform(0.5, 1.5, len(edges)) * rng.choice([-1, 1], len(edges))


def _edges_and_speeds(rng: np.random.Generator) -> tuple[int, Any, Any, Any]:
    n, edges, slopes = _edges(rng)
    return n, edges, slopes, rng.uniform(1, 2, 2)


def _reverse(
    n: int,
    edges: Any,
    slopes: Any,
    *,
    keep: int = 1,
    seed: int = 1,
    backwards: int = 1,
    add_slopes: int = 0,
    start: int = 0,
    at: int = -1,
) -> Any:
    adjoint = np.full(n, float(start))
    adjoint[at] = seed
    pairs = list(zip(edges, slopes, strict=True))
    for (node, earlier), slope in reversed(pairs) if backwards else pairs:
        share = adjoint[node] + slope if add_slopes else adjoint[node] * slope
        adjoint[earlier] = keep * adjoint[earlier] + share
    return adjoint


def _second_attempt(n: int, edges: Any, slopes: Any, turned: bool = False) -> Any:
    """Send on whatever a node has gathered, as soon as something arrives: the text's second attempt, on a tape."""
    adjoint = np.zeros(n)
    tape = list(zip(edges, slopes, strict=True))[:: -1 if turned else 1]

    def send(node: int, share: float) -> None:
        adjoint[node] += share
        for (above, below), slope in tape:
            if above == node:
                send(below, adjoint[node] * slope)

    send(n - 1, 1.0)
    return adjoint


def _forward(
    n: int,
    edges: Any,
    slopes: Any,
    speeds: Any,
    *,
    keep: int = 1,
    backwards: int = 0,
    add_slopes: int = 0,
    start: int = 0,
) -> Any:
    tangent = np.full(n, float(start))
    tangent[:2] = speeds
    pairs = list(zip(edges, slopes, strict=True))
    for (node, earlier), slope in reversed(pairs) if backwards else pairs:
        share = tangent[earlier] + slope if add_slopes else tangent[earlier] * slope
        tangent[node] = keep * tangent[node] + share
    return tangent


TWICE = Mistake("twice", "A node that is used twice stands here twice. Skip what is in the list already.")
TURNED = Mistake(
    "noted first and turned round",
    "Each node is noted before its inputs, and the list then turned round. With shared nodes that is not the same as "
    "noting it after them.",
)
MEAN = Mistake("mean of copies", "A number that was copied gets the sum over its copies, not their mean.")
EARLY = Mistake(
    "sent on early", "A node has sent on what it had before all had arrived. It waits until its adjoint is complete."
)

EXERCISES = [
    Number(
        name="tangent",
        equations=("FM",),
        given=_point_and_direction,
        expected=lambda x, y, x_dot, y_dot: y * x_dot + x * y_dot + 2 * x * x_dot,
        tolerance=1e-6,
        mistakes={
            lambda x, y, x_dot, y_dot: (
                x_dot * y_dot + 2 * x * x_dot
            ): "The tangent of a product is not the product of the tangents.",
            lambda x, y, x_dot, y_dot: y * x_dot + x * y_dot: "The tangent of the square is missing.",
            lambda x, y, x_dot, y_dot: (y + 2 * x) * x_dot: "y moves as well: its share is missing.",
            lambda x, y, x_dot, y_dot: (
                y * x_dot + x * y_dot + x * x_dot
            ): "The square is x times x, and both factors of the square move.",
            lambda x, y, x_dot, y_dot: (
                y + 2 * x
            ): "That is the derivative with respect to x. How fast does x move, and what of y?",
            lambda x, y, x_dot, y_dot: (
                y * x_dot + x * y_dot + 2 * x
            ): "In the square's share the tangent of x is missing.",
            lambda x, y, x_dot, y_dot: (
                x * x_dot + y * y_dot + 2 * x * x_dot
            ): "In the product each tangent belongs with the other factor.",
            lambda x, y, x_dot, y_dot: 2 * x * x_dot: "The tangent of the product is missing.",
            lambda x, y, x_dot, y_dot: (y + 2 * x) * x_dot * x * y_dot: "The shares of x and of y add.",
            lambda x, y, x_dot, y_dot: (
                (y + 3 * x) * (x_dot + y_dot)
            ): "Each derivative is multiplied by the speed of its own input, not by both.",
            lambda x, y, x_dot, y_dot: x * y + x**2: "That is the value of f. How fast does it move?",
            lambda x, y, x_dot, y_dot: (
                y + 3 * x
            ): "Those are the derivatives with respect to x and y, added up. Each is multiplied by "
            "the speed of its own input first.",
            lambda x, y, x_dot, y_dot: (
                y * x_dot + x * y_dot + x_dot**2
            ): "The tangent of the square is 2 x times the tangent of x.",
            lambda x, y, x_dot, y_dot: (
                x_dot * y_dot + x_dot**2
            ): "The tangents were put into the formula of f. A product has a tangent of two terms.",
        },
        hints=(
            "Work out the tangent of each of the two terms, then add.",
            "Equation (FM): in a product, each factor's tangent is multiplied by the other factor.",
            "The product gives y times the tangent of x plus x times that of y. Add the tangent of the square.",
        ),
    ),
    Function(
        name="dual_product",
        equations=("FM",),
        arguments=_duals,
        reference=lambda u, v: (u[0] * v[0], u[1] * v[0] + u[0] * v[1]),
        returns=("value", "tangent"),
        mistakes={
            lambda u, v: (u[0] * v[0], u[1] * v[1]): "The tangents were multiplied with each other. Each belongs "
            "with the other factor's value.",
            lambda u, v: (u[0] * v[0], u[1] * v[0]): "Only the first factor moves here. The second one moves too.",
            lambda u, v: (u[0] * v[0], u[0] * v[1]): "Only the second factor moves here. The first one moves too.",
            lambda u, v: (u[0] * v[0], u[1] * v[0] - u[0] * v[1]): "The two terms add; the minus sign belongs to "
            "quotients.",
            lambda u, v: (u[0] * v[0] - u[1] * v[1], u[1] * v[0] + u[0] * v[1]): "So complex numbers are multiplied. A "
            "product of two tangents is left out here.",
            lambda u, v: (u[0] * v[0] + u[1] * v[1], u[1] * v[0] + u[0] * v[1]): "The value is the product of the "
            "values. A product of two tangents is left out.",
            lambda u, v: (u[0] * v[0], u[1] * v[0] + u[0] * v[1] + u[1] * v[1]): "A product of two tangents is smaller "
            "than small: it is left out.",
            lambda u, v: (u[0] + v[0], u[1] + v[1]): "That is the sum of the two. Their product is asked for.",
            lambda u, v: (u[0] * v[0], (u[1] * v[0] - u[0] * v[1]) / v[0] ** 2): "That is the tangent of a quotient.",
            lambda u, v: (u[0] * v[0], u[0] * v[0] * (u[1] + v[1])): "Each tangent is multiplied by the other value, "
            "not by both.",
            lambda u, v: (
                u[0] * v[0],
                u[1] * v[0] * u[0] * v[1],
            ): "The two terms of the tangent add; here they are multiplied.",
            lambda u, v: (u[0] * v[0], u[1] + v[1]): "That is the tangent of a sum.",
            lambda u, v: (u[0] * v[0], u[0] * u[1] + v[0] * v[1]): "Each tangent was multiplied by its own value. "
            "It belongs with the other factor's.",
        },
        hints=(
            "The value is the product of the values. For the tangent, let one factor move at a time.",
            "Moving the first factor gives its tangent times the second value.",
            "Add what the second factor gives, and return a list of value and tangent; `u[0]` is the value of u.",
        ),
    ),
    Number(
        name="shared_adjoint",
        equations=("RM",),
        given=_three_numbers,
        expected=lambda x, y, k: (2 * x * y + k) * y,
        tolerance=1e-6,
        mistakes={
            lambda x, y, k: (
                2 * x * y
            ): "That is one share of u's adjoint. Another use of u is missing, and the link to x.",
            lambda x, y, k: (
                2 * (x * y + k) * y
            ): "f is the square of u, plus k u. This goes back from the square of u + k.",
            lambda x, y, k: 2 * x * y * y: "The square is one use of u. The other use is missing.",
            lambda x, y, k: (
                k * y
            ): "That is what came back through k u alone; it seems to have replaced the other share.",
            lambda x, y, k: (x * y + k) * y: "The derivative of the square of u is not u.",
            lambda x, y, k: 2 * x * y + k * y: "Either brackets are missing, or the derivative of the square was "
            "taken at x: it belongs at u.",
            lambda x, y, k: 2 * x * y**2 + k: "Both shares of u go on to x, and the second one was left behind.",
            lambda x, y, k: (2 * x * y + k) * x * y: "That is multiplied by u itself. How does u change with x?",
            lambda x, y, k: (2 * x * y + k) * (x + y): "Those are the adjoints of x and of y, added up.",
            lambda x, y, k: (x * y) ** 2 + k * x * y: "That is the value of f.",
            lambda x, y, k: 2 * x * y * k: "The shares of u come from two uses, and they add; then x is one link "
            "further back.",
            lambda x, y, k: 2 * x * y + k: "That is the adjoint of u. One link further back lies x.",
            lambda x, y, k: (
                (4 * x * y + k) * y
            ): "u has sent its first share on twice. It waits until both have arrived.",
            lambda x, y, k: (2 * x * y + k) * x: "That is the adjoint of y.",
            lambda x, y, k: 2 * x * y * k * y: "The shares of u come from two uses, side by side: they add.",
        },
        hints=(
            "First there: u. Then back: which nodes use u?",
            "u gets one share from the square, two u, and one from the other term, k. They add.",
            "The adjoint of x is the adjoint of u times the derivative of x y with respect to x.",
        ),
    ),
    Expression(
        name="back_to_x",
        equations=("RM", "MV"),
        expected="y * (sin(x * y) + x * y * cos(x * y))",
        variables={"x": (0.5, 2), "y": (0.5, 2)},
        mistakes={
            "sin(x * y) + x * y * cos(x * y)": "That is the adjoint of u. One link further back lies x.",
            "y * sin(x * y)": "u is used twice. The use inside the sine is missing.",
            "y * x * y * cos(x * y)": "u is used twice. The use as the first factor is missing.",
            "x * (sin(x * y) + x * y * cos(x * y))": "That is the adjoint of y.",
            "y * sin(x * y) + x * y * cos(x * y)": "Both shares of u go on to x: brackets are missing.",
            "y * sin(x * y) - x * y**2 * cos(x * y)": "The derivative of the sine is the cosine, with no minus sign.",
            "y * sin(x * y) + x**2 * y * cos(x * y)": "In the second share the last link is the one from u to y.",
            "y * (sin(x * y) + cos(x * y))": "The derivative through the sine is multiplied by the other factor, u.",
            "x * y * sin(x * y)": "That is f itself.",
            "cos(x * y)": "That is the link from u to its sine. What leads to it, and what follows?",
            "y * (sin(x) + x * cos(x))": "The sine is taken of u, and u is x y.",
            "y * (1 + cos(x * y))": "u and its sine are multiplied in f, not added.",
            "y * sin(x * y) * cos(x * y)": "The two shares of u add; they do not multiply.",
            "y * cos(x * y)": "The derivative of a product is not the product of the derivatives.",
        },
        hints=(
            "Name the parts: u, then s for the sine of u, then f as the product of u and s. Which nodes use u?",
            "u is used by s and by f. One share comes straight from f, the other through s.",
            "The adjoint of u is the sine of u plus u times the cosine of u. Multiply by the derivative of u with "
            "respect to x, and write x * y for u.",
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
            "Count inputs and outputs.",
            "Picture the Jacobian: how many rows and columns does it have?",
            "One mode pays for each input, the other for each output.",
        ),
    ),
    Array(
        name="sweeps",
        equations=("FM", "RM"),
        given=_ends,
        expected=lambda inputs, outputs: [inputs, outputs],
        tolerance=1e-9,
        mistakes={
            lambda inputs, outputs: [outputs, inputs]: "They are exchanged. One forward sweep follows one input to "
            "everything.",
            lambda inputs, outputs: [inputs * outputs, inputs * outputs]: "A sweep finds a whole row or column of the "
            "Jacobian, not one entry.",
            lambda inputs, outputs: [1, outputs]: "One forward sweep is enough for one input only.",
            lambda inputs, outputs: [1, 1]: "One sweep finds one row or one column. How many has the Jacobian?",
            lambda inputs, outputs: [inputs, inputs]: "In reverse mode a sweep begins at an output.",
            lambda inputs, outputs: [outputs, outputs]: "In forward mode a sweep begins at an input.",
            lambda inputs, outputs: [inputs, inputs * outputs]: "A reverse sweep finds a whole row, not one entry.",
            lambda inputs, outputs: [inputs * outputs, outputs]: "A forward sweep finds a whole column, not one entry.",
            lambda inputs, outputs: [2 * inputs, 2 * outputs]: "One sweep for each; nothing is run twice.",
            lambda inputs, outputs: [
                inputs + 1,
                outputs + 1,
            ]: "The run that finds the values is not counted as a sweep.",
            lambda inputs, outputs: [inputs, 1]: "One reverse sweep is enough for one output only.",
        },
        hints=(
            "What does one forward sweep find, and what one reverse sweep?",
            "Forward: one input moves, and everything is watched. Reverse: one output is asked about everything.",
            "A forward sweep gives a column of the Jacobian, a reverse sweep a row. Count columns and rows.",
        ),
    ),
    Choice(
        name="what_is_kept",
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
            "The first operation of the way there is the last of the way back.",
            "To multiply by the other factor, the sweep must still have the other factor.",
        ),
    ),
    Function(
        name="adjoint_of_W",
        equations=("RM", "BP4"),
        arguments=_product(5, 3, 2),
        special=(_product(3, 3, 3),),
        reference=lambda a, W, z_bar: a.T @ z_bar,
        mistakes={
            lambda a, W, z_bar: a @ z_bar: "The transpose of a is missing. On a square layer the shapes cannot tell.",
            lambda a, W, z_bar: (
                z_bar.T @ a
            ): "The two factors have changed places: W has a row for each unit that a comes from.",
            lambda a, W, z_bar: (
                z_bar @ a.T
            ): "The factors stand in the wrong order: the sum must run over the rows, the examples.",
            lambda a, W, z_bar: (
                a.T @ z_bar / len(a)
            ): "Here it is averaged over the rows. The shares of the rows add; a "
            "mean, where there is one, is in z_bar already.",
            lambda a, W, z_bar: np.outer(a.sum(axis=0), z_bar.sum(axis=0)): "The rows are added up before the product. "
            "The product is formed row by row, and then added.",
            lambda a, W, z_bar: a.T @ z_bar * W: "W itself does not stand in the derivative with respect to W.",
            lambda a, W, z_bar: (
                np.linalg.pinv(a) @ z_bar
            ): "The inverse would undo the product. Derivatives are not undone; they are multiplied.",
            lambda a, W, z_bar: np.outer(a[0], z_bar[0]): "This is the first row's share. The others have one too.",
            lambda a, W, z_bar: a.T @ (a @ W): "This goes back with z. What comes back is z_bar.",
            lambda a, W, z_bar: np.tile(a.sum(axis=0)[:, None], z_bar.shape[1]): "z_bar is left out.",
            lambda a, W, z_bar: a.T * z_bar: "That multiplies entry by entry. A matrix product is `@`.",
            lambda a, W, z_bar: z_bar @ W.T: "That is the adjoint of a.",
        },
        hints=(
            "Write z[n, j] as a sum over i. In which entries of z does W[i, j] occur?",
            "It occurs once for every row n, with the factor a[n, i]. Add over n.",
            "A sum over rows of both arrays: the first one transposed, then `@`.",
        ),
    ),
    Function(
        name="adjoint_of_a",
        equations=("RM",),
        arguments=_product(5, 3, 2),
        special=(_product(3, 3, 3),),
        reference=lambda a, W, z_bar: z_bar @ W.T,
        mistakes={
            lambda a, W, z_bar: z_bar @ W: "The transpose of W is missing. On a square layer the shapes cannot tell.",
            lambda a, W, z_bar: W @ z_bar.T: "The two factors have changed places: a has a row for each example.",
            lambda a, W, z_bar: (
                W.T @ z_bar
            ): "The factors stand in the wrong order: the sum must run over the units that a feeds.",
            lambda a, W, z_bar: z_bar @ np.linalg.pinv(W): "The inverse would undo the product. Derivatives are not "
            "undone; they are multiplied.",
            lambda a, W, z_bar: z_bar @ W.T / len(a): "Each row has its own a: nothing is averaged over the rows.",
            lambda a, W, z_bar: z_bar @ W.T * a: "a itself does not stand in the derivative with respect to a.",
            lambda a, W, z_bar: a @ W @ W.T: "This goes back with z. What comes back is z_bar.",
            lambda a, W, z_bar: np.tile(W.sum(axis=1), (len(a), 1)): "z_bar is left out.",
            lambda a, W, z_bar: z_bar * W.T: "That multiplies entry by entry. A matrix product is `@`.",
            lambda a, W, z_bar: a.T @ z_bar: "That is the adjoint of W.",
        },
        hints=(
            "In which entries of z does a[n, i] occur?",
            "It occurs once for every column j, with the factor W[i, j]. Add over j.",
            "The sum over j runs along the rows of both arrays: the second one must be transposed.",
        ),
    ),
    Function(
        name="unbroadcast",
        points=2,
        equations=("RM", "BP3"),
        arguments=lambda rng: (rng.normal(size=(3, 4)), (4,)),
        special=tuple(map(_stretched, [(1, 4), (3, 1), (3, 4), (), (1, 1), (1,)])),
        reference=lambda u, shape: _unbroadcast(u, shape),
        mistakes={
            lambda u, shape: _unbroadcast(u, shape, np.mean): MEAN,
            lambda u, shape: _unbroadcast(u, shape, np.mean, np.sum): MEAN,
            lambda u, shape: _unbroadcast(u, shape, np.sum, np.mean): MEAN,
            lambda u, shape: u.sum(axis=tuple(range(u.ndim - len(shape)))): "The axes in front are added up; the ones "
            "that were stretched from length 1 are not.",
            lambda u, shape: u.sum(axis=0): "This adds over the first axis, whichever was stretched. What does `shape` "
            "say?",
            lambda u, shape: u.sum(
                axis=0, keepdims=True
            ): "This adds over the first axis, whichever was stretched, and keeps it. What does `shape` say?",
            lambda u, shape: u: "This is the adjoint of the copies, one for each. Those of one number are added up.",
            np.reshape: "Nothing is added up here: as many numbers come out as go in.",
            _unbroadcast_losing_axes: "The axes that were stretched from length 1 are lost. They stay, with length 1.",
            _unbroadcast_keeping_front: "The axes in front are still there. Add over them, too.",
            lambda u, shape: np.resize(u, shape): "This cuts u to the shape. Nothing is added.",
            lambda u, shape: _unbroadcast(u, shape) * math.prod(shape) / u.size: MEAN,
            lambda u, shape: _unbroadcast(
                u, shape, _first
            ): "This takes one of the copies. Each of them is a use, and the uses add.",
            lambda u, shape: _unbroadcast(
                u, shape, np.max
            ): "This takes the largest. The contributions of the copies add.",
            lambda u, shape: np.full(
                shape, u.sum()
            ): "Everything was added up. Add only over the axes that were stretched.",
        },
        hints=(
            "Which axes did NumPy add in front, and which did it stretch from length one?",
            "Sum over the axes in front that `shape` does not have. Then, with `keepdims=True`, where `shape` has a 1.",
            "The axes in front are the first `u.ndim - len(shape)`. `u.sum(axis=...)` takes a tuple of axes, and an "
            "empty tuple sums over none.",
        ),
    ),
    Array(
        name="cost_of_sweep",
        equations=("RM",),
        given=_operations,
        expected=lambda products, sums, sines: [products + sums + sines, 2 * products + 2 * sums + sines],
        mistakes={
            lambda products, sums, sines: [
                2 * products + 2 * sums + sines,
                products + sums + sines,
            ]: "They are exchanged: the values come first.",
            lambda products, sums, sines: [
                2 * products + 2 * sums + sines,
                2 * products + 2 * sums + sines,
            ]: "The values cost one unit for each operation, however many inputs it has.",
            lambda products, sums, sines: [
                products + sums + sines,
                products + 2 * sums + sines,
            ]: "A product has two inputs too, and so two edges.",
            lambda products, sums, sines: [
                products + sums + sines,
                2 * products + 2 * sums,
            ]: "A sine has an edge as well.",
            lambda products, sums, sines: [
                products + sines,
                2 * products + sines,
            ]: "In the cost model a sum costs as much as any operation.",
            lambda products, sums, sines: (
                [products + sums + sines] * 2
            ): "An operation with two inputs has two edges, and the sweep pays for each edge.",
            lambda products, sums, sines: [
                products + sums + sines,
                3 * (products + sums + sines),
            ]: "Three for each operation is too much: count its edges.",
            lambda products, sums, sines: [
                products + sums + sines,
                2 * (products + sums + sines),
            ]: "A sine has one input and so one edge.",
            lambda products, sums, sines: [
                products + sums + sines,
                2 * products + sums + sines,
            ]: "A sum has two inputs too, and so two edges.",
            lambda products, sums, sines: [
                products + sums + sines,
                3 * products + 3 * sums + 2 * sines,
            ]: "The second number holds the values as well. The sweep alone is asked for.",
        },
        hints=(
            "The values cost one unit for each operation.",
            "The sweep uses every edge once, and an operation has an edge for each of its inputs.",
            "Count two edges for every product and every sum, and one for every sine.",
        ),
    ),
    Number(
        name="times_dearer",
        given=lambda rng: (3 * int(rng.choice([20, 50, 100, 400, 1000])),),
        expected=lambda n: 2 * n / 3,
        tolerance=1e-6,
        mistakes={
            lambda n: 2 * n + 1: "Differences do not need f(x) itself; and compare with the price of reverse mode.",
            lambda n: 2 * n: "That is what differences cost. Compare it with what reverse mode costs.",
            lambda n: (2 * n + 1) / 3: "A central difference does not use f(x) itself.",
            lambda n: (
                (n + 1) / 3
            ): "That is for differences to one side. Central ones run the function above and below.",
            lambda n: n: "Each weight is nudged to both sides. And divide by the price of the other way.",
            lambda n: 2 * n - 3: "How many times as much: divide, instead of taking the difference.",
            lambda n: 2 * n / 3 * n: "One run serves all weights but the nudged one: count the runs.",
            lambda n: (2 * n) / 4: "The three runs of the other way hold the loss already.",
            lambda n: 2.0: "Each of the n weights is nudged on its own.",
            lambda n: n / 3: "A central difference runs the function twice for each input, once above and once below.",
            lambda n: 3 / (2 * n): "Turn it over: differences are the dear way.",
            lambda n: 6 * n: "The three is the price of the other way: divide by it.",
        },
        hints=(
            "How many times does a central difference run the function, for n inputs?",
            "Twice for each input. Reverse mode costs as much as three runs, however many inputs there are.",
            "Divide the runs that differences need by three.",
        ),
    ),
    Choice(
        name="called_twice",
        equations=("RM",),
        right="b",
        options={
            "a": "That is what our `graph.backward` does, which writes nothing into the nodes. PyTorch's does.",
            "b": "Right: it adds to what is there, so that a large batch may be worked through in parts.",
            "c": "Gradients are added here, not averaged.",
            "d": "Nothing is refused: the old gradient is taken for a part of the sum.",
        },
        hints=(
            "Where does PyTorch put a gradient, and what may already be there?",
            "Training loops clear the gradients before each `backward`. What would happen if they did not?",
            "Contributions add at a shared node. PyTorch treats two calls in the same way.",
        ),
    ),
    Function(
        name="in_order",
        points=2,
        equations=("RM",),
        arguments=_graph_with_one_order,
        reference=lambda inputs, output: np.array(_in_order(inputs, output)),
        mistakes={
            lambda inputs, output: _in_order(inputs, output)[
                ::-1
            ]: "The order is turned round: inputs come first, the output last.",
            lambda inputs, output: _with_repeats(inputs, output): TWICE,
            lambda inputs, output: _with_repeats({v: u[::-1] for v, u in inputs.items()}, output): TWICE,
            lambda inputs, output: _node_before_its_inputs(
                inputs, output
            ): "Each node is noted before its inputs. Note it after they have been visited.",
            lambda inputs, output: _node_before_its_inputs(inputs, output)[::-1]: TURNED,
            lambda inputs, output: _node_before_its_inputs({v: u[::-1] for v, u in inputs.items()}, output)[
                ::-1
            ]: TURNED,
            lambda inputs, output: _from_a_stack(inputs, output)[::-1]: TURNED,
            lambda inputs, output: _in_order(inputs, output)[:-1]: "`output` itself is missing. It comes last.",
            lambda inputs, output: inputs[output]: "These are the nodes that feed `output` directly. What feeds them?",
            lambda inputs, output: [output]: "Only `output` stands here. What is it computed from?",
            lambda inputs, output: _in_breadth(
                inputs, output
            ): "This goes level by level. A node that is near may still have to wait for one that is far.",
            lambda inputs, output: sorted(
                inputs
            ): "These are the numbers by size. What matters is which node feeds which.",
        },
        hints=(
            "A node may be written down when all of its inputs have been.",
            "Visit a node like this: visit each of its inputs first, then write the node down.",
            "Write a function inside yours that does nothing if the node is in the list already, and otherwise calls "
            "itself for each input and then appends the node.",
        ),
    ),
    Function(
        name="forward_sweep",
        points=2,
        equations=("FM",),
        arguments=_edges_and_speeds,
        reference=lambda n, edges, slopes, speeds: _forward(n, edges, slopes, speeds),
        mistakes={
            lambda *args: _forward(
                *args, keep=0
            ): "The last contribution replaces the one before. A node moves with all of its inputs at once.",
            lambda *args: _forward(
                *args, backwards=1
            ): "The edges are used from last to first. Forward mode goes with the values.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges[:, ::-1], slopes, speeds
            ): "The edges are turned round: a tangent goes from the earlier node to the later one.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, np.ones(len(slopes)), speeds
            ): "The local derivatives are not used.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, [0, 0]): "Nothing moves: the two speeds are "
            "missing.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, [0, speeds[1]]): "The first input stands still "
            "here.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, speeds, add_slopes=1
            ): "Along an edge the tangent is multiplied by the local derivative, not added to it.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, speeds[::-1]): "The two speeds are exchanged.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes[edges[:, 0]], speeds
            ): "`slopes` has an entry for each edge, not for each node.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, speeds, start=1
            ): "All tangents begin with 1 here. A node begins with 0, and only the inputs have a speed.",
            lambda n, edges, slopes, speeds: _forward(n, edges[1:], slopes[1:], speeds): "The first edge was left out.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, [speeds[0], 0]
            ): "The second input stands still here.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, [1, 1]
            ): "Both inputs move with speed 1 here. Their speeds are given.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, speeds)[
                -1
            ]: "The output's tangent is right. Return those of all nodes.",
        },
        hints=(
            "Begin with 0 for every node, and put the two speeds at the inputs.",
            "Go through the edges in the order in which they stand.",
            "For each edge: add to the tangent of the node the tangent of the input times the local derivative.",
        ),
    ),
    Function(
        name="reverse_sweep",
        points=3,
        equations=("RM", "MV"),
        arguments=_edges,
        reference=lambda n, edges, slopes: _reverse(n, edges, slopes),
        mistakes={
            lambda *args: _reverse(
                *args, keep=0
            ): "The last contribution replaces the ones before. At a shared node they add.",
            lambda n, edges, slopes: _second_attempt(n, edges, slopes): EARLY,
            partial(_second_attempt, turned=True): EARLY,
            lambda n, edges, slopes: _reverse(
                n, edges[:, ::-1], slopes
            ): "The edges are turned round: an adjoint goes from a node to what it was computed from.",
            lambda n, edges, slopes: _reverse(
                n, edges[1:], slopes[1:]
            ): "The first edge was left out: the loop ends one edge too early.",
            lambda n, edges, slopes: _reverse(
                n, edges, slopes[edges[:, 0]]
            ): "`slopes` has an entry for each edge, not for each node.",
            lambda n, edges, slopes: (
                np.bincount(edges[:, 1], slopes, n) + np.eye(n)[-1]
            ): "The local derivatives are added up. Each is multiplied by the adjoint of the node that it leads to.",
            lambda n, edges, slopes: _reverse(
                n, edges, slopes, at=0
            ): "The sweep begins at the first node here. It begins at the output.",
            lambda n, edges, slopes: _reverse(
                n, edges, slopes, start=1
            ): "All nodes begin with 1 here. Only the output does; the others have received nothing yet.",
            lambda n, edges, slopes: _reverse(n, edges, slopes)[::-1]: "The adjoints stand in reverse order: node 0 "
            "comes first.",
            lambda n, edges, slopes: _reverse(n, edges, slopes[::-1]): "The edges go backwards, their local "
            "derivatives do not: each edge has its own.",
            partial(_reverse, seed=0): "Nothing was sent: the output's own adjoint is 1, not 0.",
            lambda *args: _reverse(
                *args, backwards=0
            ): "The edges are used from first to last, so nodes send on before their "
            "adjoint is complete. Go through them backwards.",
            lambda *args: _reverse(
                *args, add_slopes=1
            ): "Along an edge the adjoint is multiplied by the local derivative, not added to it.",
            lambda n, edges, slopes: _reverse(n, edges, slopes)[
                :2
            ]: "The inputs' adjoints are right. Return those of all nodes.",
            lambda n, edges, slopes: _reverse(
                n, edges, np.ones(len(slopes))
            ): "The local derivatives are not used: this counts paths.",
        },
        hints=(
            "Begin with an adjoint of 0 for every node, but for the output.",
            "The last node has the adjoint one. Then go through the edges from the last to the first.",
            "For each edge, backwards: add the node's adjoint times the local derivative to the input's adjoint.",
        ),
    ),
]
