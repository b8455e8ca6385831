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
        name="dual_quotient",
        equations=("FM",),
        arguments=_duals,
        reference=lambda u, v: (u[0] / v[0], u[1] / v[0] - u[0] * v[1] / v[0] ** 2),
        returns=("value", "tangent"),
        mistakes={
            lambda u, v: (u[0] / v[0], u[1] / v[1]): "The tangent of a quotient is not the quotient of the tangents.",
            lambda u, v: (u[0] / v[0], u[1] / v[0]): "Only the numerator moves here. The denominator moves too.",
            lambda u, v: (u[0] / v[0], -u[0] * v[1] / v[0] ** 2): "Only the denominator moves here. The numerator "
            "moves too.",
            lambda u, v: (u[0] / v[0], u[1] / v[0] + u[0] * v[1] / v[0] ** 2): "When the denominator grows, the "
            "quotient shrinks, so one of the two terms has a minus sign.",
            lambda u, v: (u[0] / v[0], u[0] * v[1] / v[0] ** 2 - u[1] / v[0]): "The sign of the tangent is reversed. "
            "Which of the two makes the quotient grow when it grows?",
            lambda u, v: (u[0] / v[0], u[1] * v[0] - u[0] * v[1]): "Divide by the square of the denominator.",
            lambda u, v: (u[0] / v[0], (u[1] * v[0] - u[0] * v[1]) / v[0]): "The denominator has to be squared.",
            lambda u, v: (
                u[0] / v[0],
                (u[1] * v[0] - u[0] * v[1]) / v[1] ** 2,
            ): "You divided by the square of the denominator's tangent. Take its value.",
            lambda u, v: (
                u[0] / v[0],
                (u[1] * v[0] - u[0] * v[1]) / u[0] ** 2,
            ): "You divided by the square of the numerator. Take the denominator.",
            lambda u, v: (u[0] / v[0], u[1] / v[0] - v[1] / v[0] ** 2): "The second term is that of 1/v. The numerator "
            "multiplies it.",
            lambda u, v: (u[0] / v[0], u[1] * v[0] + u[0] * v[1]): "That is the tangent of the product.",
            lambda u, v: (u[0] * v[0], u[1] * v[0] + u[0] * v[1]): "That is the product of the two. Their quotient is "
            "asked for.",
            lambda u, v: (v[0] / u[0], v[1] / u[0] - v[0] * u[1] / u[0] ** 2): "That is v over u. It should be u over "
            "v.",
            lambda u, v: (u[0] / v[0], u[1] - v[1]): "That is the tangent of a difference.",
        },
        hints=(
            "By equation (FM) you need two local derivatives of u/v: one for u and one for v.",
            "The quotient u/v has the derivative 1/v with respect to u. What is it with respect to v?",
            "With respect to v it is minus u over the square of v. Multiply each by the tangent of its own input, add, "
            "and return a list of value and tangent. `u[0]` is the value of u.",
        ),
    ),
]
