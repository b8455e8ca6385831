"""Exercises of chapter 02: derivatives multiply along a chain and add over its branches."""

from functools import partial
from typing import Any

import numpy as np

from ..kinds import Array, Choice, Expression, Function, Number


def _near_a_point(rng: np.random.Generator) -> tuple[int, int, int, float]:
    slope = int(rng.choice([-6, -5, -4, -3, 3, 4, 5, 6]))
    return int(rng.integers(1, 6)), int(rng.integers(41, 70)), slope, float(rng.choice([0.01, 0.02, 0.05]))


def _line_and_point(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(3, 7)), int(rng.integers(1, 6)), int(rng.integers(2, 8))


def _steepness_and_point(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(6, 10)), int(rng.integers(3, 6))


def _three_shares(rng: np.random.Generator) -> tuple[int, int, int]:
    through_v, through_w = rng.choice(np.arange(3, 10), size=2, replace=False)
    return int(rng.integers(2, 5)), int(through_v), int(through_w)


def _slopes(rng: np.random.Generator) -> tuple[Any]:
    links = int(rng.integers(3, 7))
    return (rng.uniform(0.5, 2, links) * rng.choice([-1, 1], links),)


def _products_from_the_end(slopes: Any) -> Any:
    return np.append(np.cumprod(slopes[::-1])[::-1], 1.0)


def _sent_back(x: float, through_v: int = 1, through_w: int = 1) -> tuple[float, ...]:
    """Return dy/d of x, u, v, w for u = x^2, v = sin u, w = 3u, y = v w; a way may be left out."""
    u = x**2
    to_v, to_w = 3 * u, np.sin(u)
    to_u = through_v * to_v * np.cos(u) + through_w * to_w * 3
    return to_u * 2 * x, to_u, to_v, to_w


def _sent_back_with_the_factors_exchanged(x: float) -> tuple[float, ...]:
    u = x**2
    to_v, to_w = np.sin(u), 3 * u
    to_u = to_v * np.cos(u) + to_w * 3
    return to_u * 2 * x, to_u, to_v, to_w


def _sent_back_without_the_first_link(x: float) -> tuple[float, ...]:
    _, to_u, to_v, to_w = _sent_back(x)
    return to_u, to_u, to_v, to_w


def _sent_back_by(x: float, cos: Any = lambda x: np.cos(x**2), three: float = 3.0, first: Any = lambda x: 2 * x) -> Any:
    """Return the same, with other slopes of the links from u to v, from u to w, from x to u."""
    u = x**2
    to_v, to_w = 3 * u, np.sin(u)
    to_u = to_v * cos(x) + to_w * three
    return to_u * first(x), to_u, to_v, to_w


def _sent_on(x: float, to_u: float) -> tuple[float, ...]:
    """Return the same, with what u is sent."""
    return to_u * 2 * x, to_u, 3 * x**2, np.sin(x**2)


def _sent_back_from_x(x: float) -> tuple[float, ...]:
    to_v, to_w = 3 * x, np.sin(x)
    to_u = to_v * np.cos(x**2) + to_w * 3
    return to_u * 2 * x, to_u, to_v, to_w


def _two_inputs(rng: np.random.Generator) -> tuple[int, int, int]:
    x_0, x_1 = rng.choice(np.arange(2, 8), size=2, replace=False)
    return int(x_0), int(x_1), int(rng.integers(3, 8))


def _sizes(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice([20, 30, 40, 50, 60, 80, 100], size=3, replace=False))


EXERCISES = [
    Number(
        name="nudged_value",
        given=_near_a_point,
        expected=lambda x, y, slope, h: y + slope * h,
        tolerance=1e-6,
        mistakes={
            lambda x, y, slope, h: slope * h: "That is the change of y. What is y after the change?",
            lambda x, y, slope, h: y - slope * h: "The change has the right size and the wrong direction.",
            lambda x, y, slope, h: y + slope: "That would be a nudge by a whole 1. The nudge is h.",
            lambda x, y, slope, h: y + slope * (x + h): "The derivative magnifies the change of x, not x itself.",
            lambda x, y, slope, h: slope * (x + h): "That multiplies the whole of x + h. Only the change is magnified, "
            "and added to y.",
            lambda x, y, slope, h: (
                x + slope * h
            ): "That starts from x. It is y that moves so far, from the value that it has.",
            lambda x, y, slope, h: y + slope * x: "Only the nudge is magnified, not x.",
            lambda x, y, slope, h: y * slope * h: "The change is added; y is not multiplied by it.",
            lambda x, y, slope, h: y: "y has moved, if only a little.",
            lambda x, y, slope, h: y + h: "A change of h in x is magnified on its way to y.",
            lambda x, y, slope, h: y + slope / h: "The derivative multiplies the nudge.",
            lambda x, y, slope, h: y * (1 + slope * h): "The change is added to y. It is no share of y.",
        },
        hints=(
            "A derivative is a magnification of small changes.",
            "x changes by h. How large is that change when it arrives at y?",
            "The new value is the old one plus the derivative times the nudge.",
        ),
    ),
    Number(
        name="two_links",
        equations=("CR",),
        given=_line_and_point,
        expected=lambda k, c, x: 2 * (k * x + c) * k,
        tolerance=1e-6,
        mistakes={
            lambda k, c, x: 2 * (k * x + c): "That is dy/du. The first link multiplies too: by what?",
            lambda k, c, x: (k * x + c) ** 2: "That is y itself. How fast does it change with x?",
            lambda k, c, x: (k * x + c) * k: "The derivative of the square is twice the number, not the number.",
            lambda k, c, x: 2 * (k * x + c) * x: "The first link multiplies x by k, so its slope is k, not x.",
            lambda k, c, x: 2 * (k * x + c) * (k + c): "A constant that is added has no slope.",
            lambda k, c, x: (k * x + c) ** 2 * k: "The square was not differentiated.",
            lambda k, c, x: 2 * k: "The square's slope depends on where it is taken, at u.",
            lambda k, c, x: (
                2 * k * x + c
            ): "All of u is doubled, c as well, and the slope of the first link multiplies it.",
            lambda k, c, x: 2 * k**2 * x: "The square is taken of all of u, and c is a part of it.",
            lambda k, c, x: 2 * k * (x + c): "In u the k multiplies x alone.",
            lambda k, c, x: k: "That is du/dx, the first link alone.",
            lambda k, c, x: 2 * x * k: "The square is taken of u, so its derivative is taken at u, not at x.",
            lambda k, c, x: 2 * (k * x + c) + k: "Along one path the two derivatives multiply; they do not add.",
        },
        hints=(
            "There are two links. Find the derivative of each on its own.",
            "Compute u first: the derivative of the square is twice the number that is squared, and that is u.",
            "Equation (CR): multiply twice u by the slope k of the first link.",
        ),
    ),
    Function(
        name="along_chain",
        equations=("CR",),
        arguments=_slopes,
        reference=lambda slopes: np.prod(slopes),
        mistakes={
            lambda slopes: np.sum(slopes): "The links stand one behind the other, so their slopes multiply. This adds.",
            lambda slopes: slopes[0] * slopes[1]: "These are the first two links. The others multiply too.",
            lambda slopes: slopes[-1]: "This is the last link alone.",
            lambda slopes: slopes[0]: "This is the first link alone. Does `return` stand inside the loop?",
            lambda slopes: np.prod(slopes[:-1]): "The last link is missing.",
            lambda slopes: np.prod(slopes[1:]): "The first link is missing.",
            lambda slopes: np.cumprod(slopes): "These are the products up to every node. The last node's is asked for.",
            lambda slopes: np.mean(slopes): "Nothing is averaged: the slopes multiply.",
            lambda slopes: slopes[0] * slopes[-1]: "These are the first and the last link. The others multiply too.",
            lambda slopes: abs(np.prod(slopes)): "The size is right. Negative slopes turn the direction.",
            lambda slopes: np.prod(slopes) ** 2: "Each slope was used twice.",
            lambda slopes: 0.0: "A product that starts from 0 stays 0. What number changes nothing when multiplied?",
        },
        hints=(
            "Every link magnifies what the link before it has magnified.",
            "Start with a number that changes nothing, and go through the slopes one by one.",
            "Start with one and multiply by each slope in turn; `np.prod` does just that.",
        ),
    ),
    Expression(
        name="slope_formula",
        equations=("CR",),
        expected="-2 * x * exp(-x**2)",
        variables={"x": (-1.5, 1.5)},
        ratios={-1.0: "The size is right. What sign has the derivative of the inner link?"},
        mistakes={
            "exp(-x**2)": "That is the outer link alone. The inner one multiplies too.",
            "-2 * x": "That is the inner link alone. The outer one multiplies too.",
            "-2 * x * exp(-2 * x)": "The outer link is taken at u, and u stays as it is in the exponent.",
            "-2 * x * exp(-x**2 - 1)": "An exponential is its own derivative: its exponent stays as it is.",
            "2 * x * exp(x**2)": "Both minus signs are lost, inside and outside.",
            "-2 * x * exp(x**2)": "In the exponent the minus sign is lost.",
            "-2 * exp(-x**2)": "The derivative of the inner link depends on x.",
            "-x * exp(-x**2)": "The derivative of the square is twice x, not x.",
            "-x**2 * exp(-x**2)": "The inner link stands beside the exponential, but not its derivative.",
            "-2 * x * exp(-x)": "In the exponent the square is lost.",
            "-exp(-x**2)": "The derivative of the inner link is more than its minus sign.",
            "exp(-2 * x)": "The derivative of the inner link belongs beside the exponential, not into it.",
            "-x**2 * exp(-x**2 - 1)": "That is the rule for powers. An exponential is its own derivative.",
            "exp(-x**2) - 2 * x": "Along one path the two derivatives multiply; they do not add.",
        },
        hints=(
            "Name the two links: u is what stands in the exponent, and y is the exponential of u.",
            "The exponential is its own derivative, taken at u. What is the derivative of u?",
            "Multiply the exponential, as it stands, by the derivative of minus the square of x.",
        ),
    ),
    Number(
        name="both_ways",
        equations=("CR", "MV"),
        given=_steepness_and_point,
        expected=lambda k, x: 3 * k * x**2,
        tolerance=1e-6,
        mistakes={
            lambda k, x: k * x**2: "That is the path through v alone. x also moves w.",
            lambda k, x: 2 * k * x**2: "That is the path through w alone. x also moves v.",
            lambda k, x: 2 * k**2 * x**4: "The two paths stand side by side: their contributions add.",
            lambda k, x: (
                k * x + x**2
            ): "The derivatives dy/dv and dy/dw are there; the links from x to v and w are not.",
            lambda k, x: 1.5 * k * x**2: "The contributions add; nothing is averaged.",
            lambda k, x: k * x**3: "That is y itself. How fast does it change with x?",
            lambda k, x: (
                k + 2 * x
            ): "Those are the slopes of v and of w. In the product, each is multiplied by the other factor.",
            lambda k, x: 3 * x**2: "The slope of v is missing in the result.",
            lambda k, x: (
                k**2 * x + 2 * x**3
            ): "Each slope was multiplied by its own factor. In a product it is the other one.",
            lambda k, x: k * x**2 - 2 * k * x**2: "The two contributions add; the minus sign belongs to quotients.",
            lambda k, x: 2 * k * x: "The derivative of a product is not the product of the derivatives.",
        },
        hints=(
            "Draw the graph: how many paths lead from x to y?",
            "Along the path through v, multiply dy/dv by dv/dx; dy/dv is the other factor, w. Then the same through w.",
            "Equation (MV): w times k, plus v times twice x.",
        ),
    ),
    Number(
        name="counted_twice",
        equations=("MV",),
        given=_three_shares,
        expected=lambda slope, through_v, through_w: slope * (2 * through_v + through_w),
        mistakes={
            lambda slope, through_v, through_w: (
                slope * (through_v + through_w)
            ): "That is the true derivative. What does "
            "`derivative[u]` hold when the second share arrives, and what is sent on then?",
            lambda slope, through_v, through_w: (
                slope * (through_v + 2 * through_w)
            ): "One share is counted twice, but not "
            "this one: look which of the two is already there when the other arrives.",
            lambda slope, through_v, through_w: (
                2 * slope * (through_v + through_w)
            ): "Only what had arrived before is sent a second time. The share that arrives last is sent once.",
            lambda slope, through_v, through_w: slope * through_v: "That is what x holds after the first share.",
            lambda slope, through_v, through_w: (
                slope * through_w
            ): "That is the second share alone. What does `derivative[u]` hold by then?",
            lambda slope, through_v, through_w: (
                slope * through_v + through_w
            ): "The second share, too, passes the link from u to x.",
            lambda slope, through_v, through_w: (
                slope**2 * (2 * through_v + through_w)
            ): "Each share passes the link once.",
            lambda slope, through_v, through_w: (
                slope * through_v + through_v + through_w
            ): "The second time the link from u to x multiplies too.",
            lambda slope, through_v, through_w: slope * through_v * through_w: "Shares that arrive at a node add.",
            lambda slope, through_v, through_w: (
                2 * through_v + through_w
            ): "That reaches u. The link from x to u is still to come.",
        },
        hints=(
            "Be the computer: write down `derivative[u]` and `derivative[x]` after every call.",
            "First u's first share goes on to x. What does `derivative[u]` hold when the second one has arrived?",
            "x receives the slope times the first share, and then the slope times the sum of both shares.",
        ),
    ),
    Choice(
        name="why_wait",
        equations=("MV",),
        right="b",
        options={
            "a": "Both shares of u are needed, and neither is larger or smaller for its distance from y.",
            "b": "Right. A node that sends on early sends too little, and one that sends again sends too much.",
            "c": "The sum of two shares is the same in either order, but for rounding. Something worse would happen.",
            "d": "Python would be content: it would return a number, and the number would be wrong.",
        },
        hints=(
            "What does the node u send on to x?",
            "Equation (MV) has one term for every node that u feeds.",
            "Suppose that u's turn came after v's and before w's. What would be missing in what x receives?",
        ),
    ),
    Number(
        name="number_of_calls",
        equations=("MV",),
        given=lambda rng: (int(rng.integers(3, 6)), int(rng.integers(3, 6))),
        expected=lambda ways, rungs: sum(ways**k for k in range(rungs + 1)),
        tolerance=1e-9,
        mistakes={
            lambda ways, rungs: ways**rungs: "Those are the calls at the foot of the ladder, one for each path. "
            "The calls above them count as well.",
            lambda ways, rungs: ways ** (rungs + 1): "So many calls there would be one rung further down.",
            lambda ways, rungs: ways ** (rungs + 1) - 1: "The short formula for a sum of powers divides as well.",
            lambda ways, rungs: (
                ways**rungs + 1
            ): "The calls at the top and at the foot are there; those in between are not.",
            lambda ways, rungs: rungs + 1: "So few would do if results were kept. This function keeps nothing.",
            lambda ways, rungs: 2 ** (rungs + 1) - 1: "That is the count for two links a rung; yours has `ways`.",
            lambda ways, rungs: (
                2**rungs
            ): "Those are the paths of a ladder with two links a rung. Yours has `ways`, and calls are asked for.",
            lambda ways, rungs: sum(ways**k for k in range(rungs + 2)): "That is one rung too many.",
            lambda ways, rungs: (
                ways * rungs
            ): "The paths multiply from rung to rung: a call makes `ways` calls, and each of them makes as many.",
            lambda ways, rungs: ways * rungs + 1: "The calls multiply from rung to rung; they do not add.",
            lambda ways, rungs: sum(ways**k for k in range(rungs + 1)) - 1: "The first call counts too.",
            lambda ways, rungs: sum(
                ways**k for k in range(rungs)
            ): "The calls that return at once, at the foot, count too.",
        },
        hints=(
            "Draw the ladder with two rungs, two links each, and a dot for every call.",
            "There is one call at the top; how many does it make, and how many does each of those make?",
            "Add up the powers of the number of links, from the power zero at the top to that of the number of rungs.",
        ),
    ),
    Function(
        name="back_through_chain",
        points=2,
        equations=("CR",),
        arguments=_slopes,
        reference=_products_from_the_end,
        mistakes={
            lambda slopes: np.append(1.0, np.cumprod(slopes)): "These are the products from the start: what x does to "
            "every node. What every node does to the last one is asked for.",
            lambda slopes: _products_from_the_end(slopes)[::-1]: "All the numbers are right, in reverse order: the "
            "first entry belongs to the first node.",
            lambda slopes: _products_from_the_end(slopes)[:-1]: "There is one node more than there are links: the last "
            "node moves with itself one to one.",
            lambda slopes: np.zeros(
                len(slopes) + 1
            ): "A product that starts from 0 stays 0. How much does the last node move with itself?",
            lambda slopes: np.append(_products_from_the_end(slopes)[1:], 1.0): "Each entry leaves out its own link: it "
            "is shifted by one.",
            lambda slopes: np.append(
                np.cumprod(slopes), 1.0
            ): "These are the products from the start, and the last node after them.",
            lambda slopes: np.append(
                _products_from_the_end(slopes)[:-1], 0.0
            ): "The last node moves with itself one to one.",
            lambda slopes: np.cumprod(slopes): "These are the products from the start, without the first node.",
            lambda slopes: np.cumprod(slopes[::-1]): "All the products are right, in reverse order, and one node is "
            "missing.",
            lambda slopes: np.full(
                len(slopes) + 1, np.prod(slopes)
            ): "This is what the first node does, for every node.",
            lambda slopes: np.append(
                np.cumprod(slopes[::-1]), 1.0
            ): "The products stand in reverse order: it is the first entry that holds all the slopes.",
            lambda slopes: np.append(
                1.0, _products_from_the_end(slopes)[1:]
            ): "The first node was not reached: the loop ends one link too early.",
            lambda slopes: np.append(slopes, 1.0): "Each entry has its own link only. The links after it multiply too.",
            lambda slopes: np.append(
                np.cumsum(slopes[::-1])[::-1], 1.0
            ): "Along a chain the slopes multiply; this adds.",
        },
        hints=(
            "Begin at the end: how much does the last node move when the last node moves?",
            "The entry of a node is the entry of the next node, times the slope of the link between the two.",
            "Fill an array of ones, one longer than `slopes`, from the back: entry k is entry k + 1 times slope k.",
        ),
    ),
    Function(
        name="send_back",
        points=2,
        equations=("CR", "MV"),
        arguments=lambda rng: (float(rng.uniform(0.5, 2)),),
        reference=lambda x: _sent_back(x),
        returns=("to_x", "to_u", "to_v", "to_w"),
        mistakes={
            lambda x: _sent_back(
                x, through_w=0
            ): "u is reached from y through v alone; its share through w is missing.",
            lambda x: _sent_back(
                x, through_v=0
            ): "u is reached from y through w alone; its share through v is missing.",
            _sent_back_with_the_factors_exchanged: "In y = v w a change of v is multiplied by w, and a change of w "
            "by v. Here they are exchanged.",
            partial(_sent_back_by, cos=np.cos): "The sine is taken of u, so its slope is cos u.",
            partial(_sent_back_by, cos=lambda x: -np.cos(x**2)): "The derivative of the sine is the cosine, with no "
            "minus sign.",
            partial(_sent_back_by, cos=lambda x: np.sin(x**2)): "The sine's derivative is the cosine.",
            partial(_sent_back_by, cos=lambda x: 1.0): "The link from u to v is missing: the slope of the sine.",
            partial(_sent_back_by, three=1.0): "The link from u to w is missing: its slope is 3.",
            partial(_sent_back_by, first=lambda x: x**2): "The link from x to u has the slope of the square, not its "
            "value.",
            partial(_sent_back_by, first=lambda x: 2.0): "The square's slope depends on x.",
            lambda x: _sent_on(
                x, 3 * x**2 * np.cos(x**2) * np.sin(x**2) * 3
            ): "u moves y along two paths, and the two contributions add.",
            lambda x: (
                _sent_back(x)[1] + 2 * x,
                *_sent_back(x)[1:],
            ): "Along the link from x to u the derivative is multiplied, not added.",
            lambda x: (
                2 * x,
                *_sent_back(x)[1:],
            ): "The first result is the link from x to u alone. What comes back to u multiplies it.",
            _sent_back_from_x: "v and w are computed from u, not from x.",
            _sent_back_without_the_first_link: "All is right as far back as u. The link from x to u is missing.",
            lambda x: _sent_back(x)[
                ::-1
            ]: "The four derivatives are right, but in reverse order: x first, then u, v, w.",
        },
        hints=(
            "First go forward: compute u, v and w. Then start at y and come back.",
            "dy/dv is w and dy/dw is v. For u, add two products, one for each way.",
            "dy/du is dy/dv times the cosine of u, plus dy/dw times three; dy/dx is that times twice x.",
        ),
    ),
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
