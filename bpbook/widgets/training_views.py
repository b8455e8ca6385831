"""What the planes, the table and the words of the playground show of a training run."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .plane_view import contour_lines
from .trainer import Trainer
from .words import number

__all__ = ["curve", "points", "region", "table", "words"]

Array = NDArray[Any]


def region(trainer: Trainer, u: Array, v: Array, unit: tuple[int, ...] = ()) -> dict[str, Any]:
    """Return the heat map and the boundary of the output, or of one hidden unit.

    Parameters
    ----------
    u, v : arrays of shape (columns,) and (rows,)
        Coordinates of the cells.
    unit : tuple
        () for the output: blue where it is sure of class 1, orange where of class 0, a line where it is undecided.
        (l, j) for a hidden unit: its activation, at its own scale, with the line on which its z is 0.
    """
    grid = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)
    shape = (len(v), len(u))
    if unit:
        l, j = unit
        cache = trainer.see(grid)
        z, a = cache.z[l][:, j].reshape(shape), cache.a[l][:, j].reshape(shape)
        return {"heat": a / (np.abs(a).max() or 1.0), "lines": _boundary(u, v, z, 0.0)}
    p = trainer.probability(grid).reshape(shape)
    return {"heat": 2 * p - 1, "lines": _boundary(u, v, p, 0.5)}


def _boundary(u: Array, v: Array, heights: Array, level: float) -> list[list[list[float]]]:
    heights = np.nan_to_num(heights)
    return contour_lines(u, v, heights, [level]) if heights.min() < level < heights.max() else []


def points(trainer: Trainer) -> list[list[Any]]:
    """Return [x_0, x_1, class, held out] of every point."""
    sides = ((trainer.x, trainer.y, False), (trainer.x_test, trainer.y_test, True))
    return [[*np.round(x, 4).tolist(), int(k), out] for xs, ys, out in sides for x, k in zip(xs, ys, strict=True)]


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
    """Return the number of points, C and the share of points on the right side, for training and test, in HTML."""
    t, rows = trainer, ""
    for name, x, losses, test in (("train", t.x, t.losses, False), ("test", t.x_test, t.test_losses, True)):
        numbers = f"<td>{number(losses[-1])}</td><td>{t.right(test):.1%}</td>" if len(x) else "<td>–</td><td>–</td>"
        rows += f"<tr><td>{name}</td><td>{len(x)}</td>{numbers}</tr>"
    head = "<tr><th></th><th>points</th><th><i>C</i></th><th>right</th></tr>"
    return f'<table class="bpbook-table">{head}{rows}</table>'


def words(trainer: Trainer, unit: tuple[int, ...] = ()) -> str:
    """Return the numbers of the table, and what the plane shows if not the output, in one or two sentences."""
    t = trainer
    if not len(t.x):
        return "There are no points."
    text = f"Epoch {t.epoch}: C = {number(t.losses[-1], 4)} on {len(t.x)} training points, {t.right():.0%} right"
    if len(t.x_test):
        text += f"; C = {number(t.test_losses[-1], 4)} on {len(t.x_test)} held out, {t.right(test=True):.0%} right"
    return text + (f". Coloured: unit {unit[1]} of layer {unit[0]}; on the line its z is 0." if unit else ".")
