"""From the end to the start: every derivative of a chain, and of a graph with two ways."""

from functools import partial
from typing import Any

import numpy as np

from ...kinds import Function
from .chains import _closed, _one_link, _slopes


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


EXERCISES = [
    Function(
        name="back_through_chain",
        points=2,
        equations=("CR",),
        arguments=_slopes,
        special=(_closed, _one_link),
        reference=_products_from_the_end,
        mistakes={
            lambda slopes: (
                np.prod(slopes) / np.append(1.0, np.cumprod(slopes))
            ): "This divides by slopes, which fails when one of them is 0, as for a ReLU that is switched off. "
            "Multiply from the end instead.",
            lambda slopes: np.append(
                1.0, np.cumprod(slopes)
            ): "These are the products from the start, which say what the first node does to every node. You need "
            "what every node does to the last one.",
            lambda slopes: _products_from_the_end(slopes)[
                ::-1
            ]: "All the numbers are right, but in reverse order: the first entry belongs to the first node.",
            lambda slopes: _products_from_the_end(slopes)[
                :-1
            ]: "There is one node more than there are links, because the last node also moves with itself, one to one.",
            lambda slopes: _products_from_the_end(slopes)[1:]: "The first node is missing. There is one node more than "
            "there are links.",
            lambda slopes: np.zeros(
                len(slopes) + 1
            ): "A product that starts from 0 stays 0. How much does the last node move with itself?",
            lambda slopes: np.append(
                _products_from_the_end(slopes)[1:], 1.0
            ): "Each entry leaves out its own link, so all of them are shifted by one.",
            lambda slopes: np.append(
                np.cumprod(slopes), 1.0
            ): "These are the products from the start, with the last node appended.",
            lambda slopes: np.append(
                _products_from_the_end(slopes)[:-1], 0.0
            ): "The last node moves with itself one to one.",
            lambda slopes: np.cumprod(slopes): "These are the products from the start, without the first node.",
            lambda slopes: np.cumprod(
                slopes[::-1]
            ): "All the products are right, but they are in reverse order, and one node is missing.",
            lambda slopes: np.full(
                len(slopes) + 1, np.prod(slopes)
            ): "This is what the first node does, for every node.",
            lambda slopes: np.append(
                np.cumprod(slopes[::-1]), 1.0
            ): "The products are in reverse order: it is the first entry that should contain all the slopes.",
            lambda slopes: np.append(
                1.0, _products_from_the_end(slopes)[1:]
            ): "The loop ends one link too early, so the first node was never reached.",
            lambda slopes: np.append(slopes, 1.0): "Each entry has only its own link. The links after it multiply too.",
            lambda slopes: np.append(
                np.cumsum(slopes[::-1])[::-1], 1.0
            ): "Along a chain the slopes multiply, but this adds them.",
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
        parts=lambda made, x: [(made[name], np.sin(x**2) * 3 * x**2) for name in ("to_x", "to_u")],
        mistakes={
            lambda x: _sent_back(x, through_w=0): "u gets its share through v, but the share through w is missing.",
            lambda x: _sent_back(x, through_v=0): "u gets its share through w, but the share through v is missing.",
            _sent_back_with_the_factors_exchanged: "In y = v w a change of v is multiplied by w, and a change of w "
            "by v. Here they are exchanged.",
            partial(_sent_back_by, cos=np.cos): "It is the sine of u, so its slope is the cosine of u.",
            partial(_sent_back_by, cos=lambda x: -np.cos(x**2)): "The derivative of the sine is the cosine, with no "
            "minus sign.",
            partial(_sent_back_by, cos=lambda x: np.sin(x**2)): "The sine's derivative is the cosine.",
            partial(_sent_back_by, cos=lambda x: 1.0): "The link from u to v is missing: the slope of the sine.",
            partial(_sent_back_by, three=1.0): "The link from u to w is missing: its slope is 3.",
            partial(
                _sent_back_by, first=lambda x: x**2
            ): "The link from x to u multiplies by the slope of the square, not by its value.",
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
            ): "The first result is the slope of the link from x to u alone. What arrived at u multiplies it.",
            _sent_back_from_x: "v and w are computed from u, not from x.",
            _sent_back_without_the_first_link: "Everything is right as far back as u. The link from x to u is missing.",
            lambda x: _sent_back(x)[
                ::-1
            ]: "The four derivatives are right, but in reverse order. The order is x, u, v, w.",
        },
        hints=(
            "First go forward: compute u, v and w. Then start at y and come back.",
            "dy/dv is w and dy/dw is v. For u, add two products, one for each path.",
            "dy/du is dy/dv times the cosine of u, plus dy/dw times three; dy/dx is that times twice x.",
        ),
    ),
]
