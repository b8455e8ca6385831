"""Drawn figures as SVG files whose bytes do not change from run to run."""

from pathlib import Path

import matplotlib
from matplotlib import pyplot
from matplotlib.figure import Figure

from .page import STYLE

__all__ = ["save_svg"]


def save_svg(figure: Figure, path: str | Path, alt: str) -> Path:
    """Write a figure to a file of the path's name ending in .svg, with `alt` as its description; close the figure.

    Parameters
    ----------
    path : str or Path
        The drawing script's own `__file__` will do: figures/network.py writes figures/network.svg.
    alt : str
        What the picture shows and says, for readers who cannot see it. It may not be empty.

    Raises
    ------
    ValueError
        alt is empty.
    """
    if not alt.strip():
        raise ValueError("alt must describe the figure in words; got an empty text.")
    target = Path(path).with_suffix(".svg")
    with matplotlib.rc_context(STYLE):
        figure.savefig(target, format="svg", metadata={"Date": None, "Title": target.stem, "Description": alt})
    pyplot.close(figure)
    return target
