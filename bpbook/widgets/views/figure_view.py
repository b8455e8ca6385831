"""FigureView: one matplotlib figure, drawn again and again into one image."""

import io
from collections.abc import Callable
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ...plots import style
from . import front_end

__all__ = ["FigureView"]


class FigureView(anywidget.AnyWidget):
    """A picture that follows its data.

    Room for ticks and labels is made once, for the first picture, and what stays the same is painted once.

    Parameters
    ----------
    draw : callable
        draw(ax, *values) draws on empty axes and returns the picture's description in words, in one or more lines.
    width, height : float
        Size in inches.

    Attributes
    ----------
    png : bytes
        The picture.
    alt : str
        What it shows, in words: the image's description, read aloud once it has stayed the same for a moment.
    lines : list of str
        The same, line by line, as it stands below the picture.
    """

    _esm = front_end.module("figure_view")
    _css = front_end.css("figure_view")

    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    lines: Any = traitlets.List().tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    def __init__(self, draw: Callable[..., str], width: float = 6.4, height: float = 3.4) -> None:
        super().__init__(width=round(width * 110))
        style()
        self._draw = draw
        self._figure = Figure(figsize=(width, height), dpi=110)
        self._canvas = FigureCanvasAgg(self._figure)
        self._ax: Axes = self._figure.add_subplot()
        self._axes: list[object] = []
        self._ground: Any = None

    def show(self, *values: object) -> None:
        """Draw the picture of these values in place of the one before."""
        for artist in self._drawn():
            artist.remove()
        self._ax.set_prop_cycle(None)
        self._ax.relim()
        words = self._draw(self._ax, *values)
        self._paint()
        png = io.BytesIO()
        picture = Image.fromarray(np.ascontiguousarray(np.asarray(self._canvas.buffer_rgba())[:, :, :3]))
        picture.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(png, "png", compress_level=1)
        with self.hold_sync():
            self.lines, self.alt, self.png = words.split("\n"), words.replace("\n", " "), png.getvalue()

    def _drawn(self) -> list[Artist]:
        """Return what stands on the axes."""
        ax = self._ax
        legend = [legend] if (legend := ax.get_legend()) else []
        return [*ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts, *legend]

    def _paint(self) -> None:
        """Paint the picture; the axes with their ticks and labels, most of the work, only when they have changed."""
        ax, drawn = self._ax, self._drawn()
        axes = [ax.get_xlim(), ax.get_ylim(), *ax.get_xticks(), *ax.get_yticks(), ax.get_xlabel(), ax.get_ylabel()]
        axes += [ax.get_title(loc) for loc in ("left", "center", "right")]
        if axes != self._axes:
            for artist in drawn:
                artist.set_visible(False)
            self._canvas.draw()
            self._figure.set_layout_engine("none")
            self._axes, self._ground = axes, self._canvas.copy_from_bbox(self._figure.bbox)
            for artist in drawn:
                artist.set_visible(True)
        self._canvas.restore_region(self._ground)
        for artist in sorted(drawn, key=lambda artist: artist.get_zorder()):
            ax.draw_artist(artist)

    def __repr__(self) -> str:
        return f"[figure] {self.alt}"
