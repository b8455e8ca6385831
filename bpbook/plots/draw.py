"""Pieces of a drawing: units, matrices, arrows and labels on a canvas without axes."""

from fractions import Fraction
from typing import Any

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from .page import BLUE, GREY, INK, ORANGE, PANEL, style

__all__ = ["NEGATIVE", "NEUTRAL", "POSITIVE", "arrow", "box", "canvas", "label", "matrix", "node", "number", "tag"]

Point = tuple[float, float]
POSITIVE, NEGATIVE, NEUTRAL = BLUE, ORANGE, GREY


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure and axes of this size in inches, one unit of the drawing an inch, without ticks."""
    style()
    figure = pyplot.figure(figsize=(width, height), layout="none")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return figure, ax


def node(
    ax: Axes, at: Point, text: str = "", radius: float = 0.24, color: str = BLUE, fill: str = PANEL, size: float = 10
) -> Point:
    """Draw a unit as a circle with its text inside; return its centre."""
    ax.add_patch(Circle(at, radius, facecolor=fill, edgecolor=color, lw=1.6, zorder=3))
    label(ax, at, text, size=size)
    return at


def box(
    ax: Axes,
    at: Point,
    width: float,
    height: float,
    text: str = "",
    color: str = GREY,
    size: float = 12,
    strength: float = 0.16,
) -> Point:
    """Draw a tinted rectangle around `at` with its text inside; return its centre. `strength` is that of the tint."""
    corner = (at[0] - width / 2, at[1] - height / 2)
    tint = to_rgba(color, strength)
    ax.add_patch(Rectangle(corner, width, height, facecolor=tint, edgecolor=color, lw=1.5, zorder=2))
    label(ax, at, text, size=size)
    return at


def matrix(
    ax: Axes,
    after: float,
    middle: float,
    shape: tuple[int, ...],
    text: str = "",
    sides: tuple[str, str] = ("", ""),
    color: str = GREY,
    scale: float = 0.1,
) -> float:
    """Draw a matrix of this shape to scale, to the right of `after`; return where its right edge is.

    `sides` say how many rows and columns it has, left of it and above it; `scale` is the side of one entry.
    """
    left = after + (0.43 if len(sides[0]) > 5 else 0.26 if sides[0] else 0.1)  # room for the name of the rows
    height, width = scale * shape[0], scale * shape[1]
    box(ax, (left + width / 2, middle), width, height, text, color, size=11)
    label(ax, (left - 0.08, middle), sides[0], color=color, size=11, ha="right")
    label(ax, (left + width / 2, middle + height / 2 + 0.08), sides[1], color=color, size=11, va="bottom")
    return left + width


def arrow(ax: Axes, start: Point, end: Point, color: str = GREY, gap: float = 0.26, **options: Any) -> None:
    """Draw an arrow from one unit to another, stopping `gap` short of both centres.

    `options` go to matplotlib's FancyArrowPatch: `lw`, `ls`, `connectionstyle`, `arrowstyle`, `zorder`.
    """
    points = 72 * gap
    settings: dict[str, Any] = {
        "arrowstyle": "-|>",
        "mutation_scale": 11,
        "lw": 1.3,
        "zorder": 2,
        "shrinkA": points,
        "shrinkB": points,
    }
    ax.add_patch(FancyArrowPatch(start, end, color=color, **(settings | options)))


def label(
    ax: Axes, at: Point, text: str, color: str = INK, size: float = 10, clear: bool = False, **options: Any
) -> None:
    """Write text centred on a point, with `clear` on a patch of paper; `options` go to matplotlib's Text."""
    settings: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4}
    if clear:
        settings["bbox"] = {"facecolor": PANEL, "edgecolor": "none", "pad": 1.5}
    ax.text(*at, text, color=color, size=size, **(settings | options))


def tag(ax: Axes, start: Point, end: Point, text: str, share: float = 0.5, color: str = INK, size: float = 11) -> None:
    """Write text on the line between two points, the line cleared behind it; `share` 0 is the start, 1 the end."""
    at = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    label(ax, at, text, color=color, size=size, clear=True)


def number(value: float, fraction: bool = False) -> str:
    """Return a number as a drawing shows it: at most four digits, or a fraction; with a minus, not a hyphen.

    >>> number(-0.125), number(-0.125, fraction=True), number(2.0)
    ('−0.125', '−1/8', '2')
    """
    text = str(Fraction(float(value)).limit_denominator(1000)) if fraction else f"{float(value):.4g}"
    return text.replace("-", "\N{MINUS SIGN}")
