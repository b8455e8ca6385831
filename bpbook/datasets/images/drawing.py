"""Ink on a canvas, from the strokes of a pen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import checks

__all__ = ["draw"]

Array = NDArray[Any]


def draw(strokes: Sequence[ArrayLike], pen: float = 18, side: int = 280) -> NDArray[np.float64]:
    """Draw strokes with a round pen.

    A pixel is inked when its centre is no further from a line of a stroke than half the pen. Over the last pixel the
    ink fades out, as it does on a screen.

    Parameters
    ----------
    strokes : sequence of arrays of shape (points, 2)
        Each stroke is one run of the pen through its points (x, y), in pixels from the upper left corner: x to the
        right, y down. A stroke of one point is a dot. What lies outside of the canvas is not drawn.
    pen : float
        Its width, in pixels.
    side : int
        Height and width of the canvas, in pixels.

    Returns
    -------
    array of shape (side, side)
        Ink from 0 (paper) to 1, in rows from the top. Without strokes it is empty paper.

    Raises
    ------
    ValueError
        A stroke has no points, or they are no pairs of finite numbers.

    >>> canvas = draw([[(2.5, 1.5), (2.5, 5.5)]], pen=1, side=6)
    >>> canvas[:, 2].round(1).tolist(), float(canvas[:, [0, 4, 5]].max())
    ([0.0, 1.0, 1.0, 1.0, 1.0, 1.0], 0.0)
    """
    pen, side = checks.positive("pen", pen), checks.whole("side", side)
    canvas = np.zeros((side, side))
    for k, stroke in enumerate(strokes):
        points = _points(stroke, k)
        for start, end in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            _line(canvas, start, end, pen)
    return canvas


def _line(canvas: Array, start: Array, end: Array, pen: float) -> None:
    """Put the ink of one straight line on the canvas, on the pixels around it only."""
    reach = pen / 2 + 1
    low = np.clip(np.floor(np.minimum(start, end) - reach), 0, len(canvas)).astype(int)
    high = np.clip(np.ceil(np.maximum(start, end) + reach), 0, len(canvas)).astype(int)
    x, y = np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1])[:, None] + 0.5
    along = end - start
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(along @ along, 1e-12)
    share = np.clip(share, 0, 1)  # where on the line the nearest point is
    away = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    around = canvas[low[1] : high[1], low[0] : high[0]]
    np.maximum(around, np.clip(pen / 2 - away + 0.5, 0, 1), out=around)


def _points(stroke: ArrayLike, k: int) -> Array:
    points = checks.numeric(f"strokes[{k}]", stroke).astype(float)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        mend = " Pass [stroke], a list of strokes." if points.shape == (2,) else ""
        raise ValueError(f"strokes[{k}] must have shape (points, 2), one (x, y) a row; got {points.shape}.{mend}")
    if not np.isfinite(points).all():
        raise ValueError(f"strokes[{k}] must be finite; got nan or inf. Leave such points out.")
    return points
