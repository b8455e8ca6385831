"""Figures on the page: one style, and a description of every picture."""

import base64
import html
import io
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["show", "style"]

BLUE, ORANGE, GREY = "#1f5fa8", "#c8591a", "#5b5f66"
INK, PANEL = "#1d2026", "#fcfcfa"

STYLE: Any = {
    "figure.facecolor": PANEL,
    "axes.facecolor": PANEL,
    "savefig.facecolor": PANEL,
    "figure.dpi": 110,
    "figure.figsize": (6.4, 3.4),
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, "#3b8f6a", "#8a4fa3", "#a0812a", GREY]),
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "bpbook",
}
"""Matplotlib settings of the book: an opaque light panel, and colours that the colour-blind can tell apart."""


def style() -> None:
    """Use the book's style for every figure from here on."""
    matplotlib.rcParams.update(STYLE)


class _Shown:
    """A finished picture with its description, as a notebook shows it."""

    def __init__(self, png: bytes, alt: str, width: int) -> None:
        self.png, self.alt, self.width = png, alt, width

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode()
        return f'<img alt="{html.escape(self.alt)}" width="{self.width}" src="data:image/png;base64,{data}">'

    def __repr__(self) -> str:
        return f"[figure] {self.alt}"


def show(figure: Figure | Axes, alt: str) -> _Shown:
    """Return the figure as a picture with a description; as the last line of a cell it is shown.

    Parameters
    ----------
    figure : Figure or Axes
        Closed afterwards.
    alt : str
        What the picture shows and says, for readers who cannot see it. It may not be empty.

    Raises
    ------
    ValueError
        alt is empty.
    """
    if not alt.strip():
        raise ValueError("alt must describe the figure in words; got an empty text.")
    from matplotlib import pyplot

    whole = figure if isinstance(figure, Figure) else figure.get_figure(root=True)
    assert isinstance(whole, Figure)
    buffer = io.BytesIO()
    whole.savefig(buffer, format="png", dpi=2 * whole.dpi, metadata={"Software": None})
    pyplot.close(whole)
    return _Shown(buffer.getvalue(), alt, round(whole.get_figwidth() * whole.dpi))
