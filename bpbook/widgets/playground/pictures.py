"""What the planes, the table and the words of the playground show of a training run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..controls.words import number
from ..views.plane import contour_lines
from .training.trainer import Trainer

__all__ = ["INPUT_NAMES", "curve", "place_title", "points", "region", "table", "words"]

Array = NDArray[Any]
INPUT_NAMES = {
    "x0": "x₀",
    "x1": "x₁",
    "x0**2": "x₀²",
    "x1**2": "x₁²",
    "x0*x1": "x₀x₁",
    "sin(pi*x0)": "sin πx₀",
    "sin(pi*x1)": "sin πx₁",
}
"""How the panel writes each of `datasets.FEATURES`."""
HEIGHTS = (-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75)
"""Of the contour lines of an output that is a value."""


def region(trainer: Trainer, u: Array, v: Array, unit: tuple[int, ...] = ()) -> dict[str, Any]:
    """Return the heat map, its scale and the lines of the output, of an input, or of a hidden unit.

    Parameters
    ----------
    u, v : arrays of shape (columns,) and (rows,)
        Coordinates of the cells.
    unit : tuple
        () for the output: blue where it is sure of class 1, orange where of class 0, a line where it is undecided; or
        a value, blue at 1 and orange at -1, with a line at every quarter.
        (l, j) for a hidden unit: its activation, at its own scale, with the line on which its z is 0. (0, i) for an
        input, with the line on which it is 0.
    """
    grid = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
    shape = (len(v), len(u))
    if unit:
        l, j = unit
        cache = trainer.see(grid)
        a = cache.a[l][:, j].reshape(shape)
        z, largest = cache.z[l][:, j].reshape(shape) if l else a, np.abs(a).max()
        legend = ["−" + number(largest, 3), "0", number(largest, 3)] if largest else ["", "0", ""]
        return {"heat": a / (largest or 1.0), "legend": legend, "lines": _lines(u, v, z, [0])}
    heat = trainer.shade(grid).reshape(shape)
    if trainer.settings.valued:
        return {"heat": heat, "legend": ["■ −1", "0", "● 1"], "lines": _lines(u, v, heat, HEIGHTS)}
    return {"heat": heat, "legend": ["■ class 0", "undecided", "● class 1"], "lines": _lines(u, v, heat, [0])}


def _lines(u: Array, v: Array, heights: Array, levels: Sequence[float]) -> list[list[list[float]]]:
    heights = np.nan_to_num(heights)
    crossed = [level for level in levels if heights.min() < level < heights.max()]
    return contour_lines(u, v, heights, crossed) if crossed else []


def points(trainer: Trainer) -> dict[str, Any]:
    """Return [x_0, x_1, class or value, held out] of every point, and whether they are coloured by a value."""
    sides = ((trainer.x, trainer.y, False), (trainer.x_test, trainer.y_test, True))
    listed = [[*place, out] for x, y, out in sides for place in np.round(np.column_stack([x, y]), 4).tolist()]
    return {"points": listed, "graded": trainer.settings.valued}


def curve(trainer: Trainer) -> dict[str, Any]:
    """Return the paths of both losses over the epochs, at most about 100 points each, and the frame they fit in."""
    t = trainer
    epochs = sorted({*range(0, t.epoch + 1, max(1, len(t.losses) // 100)), t.epoch})
    paths: list[dict[str, Any]] = [
        {"name": name, "style": style, "points": [[k, float(f"{losses[k]:.6g}")] for k in epochs]}
        for name, style, losses in (("test", 3, t.test_losses), ("train", 4, t.losses))
        if np.isfinite(losses).all()
    ]
    top = max((point[1] for path in paths for point in path["points"]), default=0.0) or 1.0
    alt = f"C over {t.epoch} epochs, from {number(t.losses[0], 4)} to {number(t.losses[-1], 4)} on the training points."
    return {"paths": paths, "bounds": (0, 1.5 * max(10, t.epoch), 0, 1.08 * top), "alt": alt}


def table(trainer: Trainer) -> str:
    """Return the number of points, C and the score, for training and test, in HTML."""
    t, rows = trainer, ""
    for name, x, losses, test in (("train", t.x, t.losses, False), ("test", t.x_test, t.test_losses, True)):
        numbers = f"<td>{number(losses[-1])}</td><td>{_score(t, test)}</td>" if len(x) else "<td>–</td><td>–</td>"
        rows += f"<tr><td>{name}</td><td>{len(x)}</td>{numbers}</tr>"
    score = "<th>right</th>"
    if t.settings.valued:
        score = '<th title="1 where every value is met, 0 where all are taken for their mean"><i>R</i>²</th>'
    head = f"<tr><th>points</th><th><i>m</i></th><th><i>C</i></th>{score}</tr>"
    return f'<table class="bpbook-table">{head}{rows}</table>'


def _score(trainer: Trainer, test: bool, digits: int = 1) -> str:
    """Return R^2 as a number, or the share of points that are right as per cent; a dash where there is none."""
    score = trainer.score(test)
    return "–" if np.isnan(score) else number(score, 3 + digits) if trainer.settings.valued else f"{score:.{digits}%}"


def words(trainer: Trainer, unit: tuple[int, ...] = ()) -> str:
    """Return the numbers of the table, and what the plane shows if not the output, in one or two sentences."""
    t, score = trainer, "R² = {}" if trainer.settings.valued else "{} right"
    if not len(t.x):
        return "There are no points."
    text = f"Epoch {t.epoch}: C = {number(t.losses[-1], 4)} on {len(t.x)} training points, "
    text += score.format(_score(t, False, 0))
    if len(t.x_test):
        text += f"; C = {number(t.test_losses[-1], 4)} on {len(t.x_test)} held out, {score.format(_score(t, True, 0))}"
    return text + (
        f". Coloured: {place_title(t, unit)}; on the line {'its z' if unit[0] else 'it'} is 0." if unit else "."
    )


def place_title(trainer: Trainer, unit: tuple[int, ...]) -> str:
    """Return what an input (0, i) or a hidden unit (l, j) is called."""
    l, j = unit
    return f"unit {j} of layer {l}" if l else f"input {INPUT_NAMES[trainer.settings.inputs[j]]}"
