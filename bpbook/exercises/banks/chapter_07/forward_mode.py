"""Tangents: a derivative that travels with its value."""

from typing import Any

import numpy as np

from ...kinds import Function, Number


def _point_and_direction(rng: np.random.Generator) -> tuple[int, int, int, int]:
    x, y = (int(k) for k in rng.choice(np.arange(3, 10), 2, replace=False))
    x_dot, y_dot = (int(k) for k in rng.choice(np.arange(2, 8), 2, replace=False))
    return x, y, x_dot, y_dot


def _duals(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=2) + 2, rng.normal(size=2) - 2


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
            "By equation (FM), each factor's tangent in a product is multiplied by the other factor.",
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
            "Add what the second factor gives, and return a list of value and tangent. `u[0]` is the value of u.",
        ),
    ),
]
