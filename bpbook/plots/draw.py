"""Pieces of a drawing: units, arrows and labels on a canvas without axes."""

from typing import Any

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from .page import BLUE, GREY, INK, ORANGE, PANEL, style

__all__ = ["NEGATIVE", "NEUTRAL", "POSITIVE", "arrow", "canvas", "label", "node"]

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


def node(ax: Axes, at: Point, text: str = "", radius: float = 0.24, color: str = BLUE, fill: str = PANEL) -> Point:
    """Draw a unit as a circle with its text inside; return its centre."""
    ax.add_patch(Circle(at, radius, facecolor=fill, edgecolor=color, lw=1.6, zorder=3))
    label(ax, at, text)
    return at


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


def label(ax: Axes, at: Point, text: str, color: str = INK, size: float = 10, **options: Any) -> None:
    """Write text centred on a point; `options` go to matplotlib's Text."""
    settings: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4}
    ax.text(*at, text, color=color, size=size, **(settings | options))
