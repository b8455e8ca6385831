"""What the network is shown, and how its answers are counted."""

from typing import Any

import numpy as np

from ...bugs.fields.images import IMAGES
from ...kinds import Function, Mistake


def _canvas(rng: np.random.Generator) -> tuple[Any, int]:
    k = int(rng.integers(3, 5))
    return rng.uniform(size=(k * int(rng.integers(2, 5)) + 2, k * int(rng.integers(5, 8)) + 1)), k


def _whole_blocks(rng: np.random.Generator) -> tuple[Any, int]:
    return rng.uniform(size=(6, 9)), 3


def _short_blocks(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw a canvas that is lower than one block, and whose last block is as wide as the others."""
    return rng.uniform(size=(3, 10)), 5


def _single_pixels(rng: np.random.Generator) -> tuple[Any, int]:
    return rng.uniform(size=(2, 3)), 1


def _shrink(canvas: Any, k: int, wrong: str = "") -> Any:
    """Return the mean of each block, those at the edges as they come, with one thing wrong if asked."""
    rows, columns = (np.arange(0, side, k) for side in canvas.shape)
    of = np.maximum if wrong == "darkest" else np.add
    total = of.reduceat(of.reduceat(canvas, rows, axis=0), columns, axis=1)
    if wrong in ("sum", "darkest"):
        return total
    if wrong == "k squared":
        return total / k**2
    if wrong == "scattered":
        high, wide = len(rows), len(columns)
        return np.array([[canvas[i::high, j::wide].mean() for j in range(wide)] for i in range(high)])
    size = np.outer(np.diff(rows, append=canvas.shape[0]), np.diff(columns, append=canvas.shape[1]))
    if wrong == "one more":  # where no part of a block is left, there is nothing to average
        return np.pad(total / size, [(0, int(side % k == 0)) for side in canvas.shape], constant_values=np.nan)
    return total / size


def _shrunk(wrong: str) -> Any:
    return lambda canvas, k: _shrink(canvas, k, wrong)


def _ink(rng: np.random.Generator) -> tuple[Any]:
    image = np.zeros((9, 12))
    more = np.outer(np.arange(1, 6), np.arange(1, 8)) / 35  # of the ink lies below and to the right
    image[1:6, 3:10] = more * rng.uniform(0.1, 1, (5, 7)) * (rng.random((5, 7)) < 0.7)
    image[1, 3] = image[5, 9] = 0.2
    return (image,)


def _mass(image: Any) -> tuple[float, float]:
    rows, columns = np.indices(image.shape)
    return float((rows * image).sum() / image.sum()), float((columns * image).sum() / image.sum())


def _box(image: Any) -> tuple[float, float]:
    rows, columns = np.nonzero(image)
    return float(rows.min() + rows.max()) / 2, float(columns.min() + columns.max()) / 2


def _answers(rng: np.random.Generator) -> tuple[Any, Any, int]:
    y = rng.integers(0, 4, 40)
    return y, np.where(rng.random(40) < 0.6, y, rng.integers(0, 4, 40)), 4


def _no_last_class(rng: np.random.Generator) -> tuple[Any, Any, int]:
    y, answer, _ = _answers(rng)
    return y, answer, 5


def _confusion(y: Any, answer: Any, k: int) -> Any:
    counts = np.zeros((k, k), int)
    np.add.at(counts, (y, answer), 1)
    return counts


def _shares_of(axis: int, least: int) -> Any:
    """Return a twin that divides by the sums along an axis, of which none is taken for less than `least`."""

    def shares(y: Any, answer: Any, k: int) -> Any:
        counts = _confusion(y, answer, k)
        return counts / np.maximum(counts.sum(axis=axis, keepdims=True), least)

    return shares


OF_ROWS = Mistake("shares of rows", "Those are shares of each row. Counts are asked for.")
OF_COLUMNS = Mistake("shares of columns", "Those are shares of each column. Counts are asked for.")
EXERCISES = [
    Function(
        name="shrink",
        arguments=_canvas,
        special=(_whole_blocks, _short_blocks, _single_pixels),
        reference=lambda canvas, k: _shrink(canvas, k),
        mistakes={
            lambda canvas, k: canvas[::k, ::k]: IMAGES["every so many pixels"],
            _shrunk("sum"): IMAGES["sum of a block"],
            _shrunk("darkest"): IMAGES["darkest of a block"],
            _shrunk("scattered"): IMAGES["blocks not adjacent"],
            lambda canvas, k: _shrink(canvas, k).T: IMAGES["rows and columns exchanged"],
            _shrunk("k squared"): "At the edges a block has fewer than k times k pixels, and its mean is over those.",
            lambda canvas, k: _shrink(canvas, k)[: canvas.shape[0] // k, : canvas.shape[1] // k]: "The incomplete "
            "blocks at the edges are missing. They count as well.",
            _shrunk("one more"): "Where k divides a side, no part of a block is left over, so no pixel may come after "
            "the last whole block.",
        },
        hints=(
            "Which pixels of the canvas belong to the first pixel of the result? And which to the last?",
            "A slice that ends beyond the edge stops at the edge, so two loops over the blocks are enough.",
            "Pixel (i, j) of the result is the mean of canvas[i * k : (i + 1) * k, j * k : (j + 1) * k].",
        ),
    ),
    Function(
        name="centre_of_mass",
        arguments=_ink,
        reference=lambda image: _mass(image),
        returns=("row", "column"),
        mistakes={
            lambda image: _mass(image)[::-1]: IMAGES["rows and columns exchanged"],
            _box: IMAGES["middle of the box"],
            lambda image: _mass(image > 0): IMAGES["ink unweighted"],
            lambda image: tuple(place * image.sum() for place in _mass(image)): IMAGES["not divided by the ink"],
            lambda image: tuple(place * image.sum() / image.size for place in _mass(image)): "You divided by the "
            "number of pixels. The weights are the ink, and they add up to all of the ink.",
            lambda image: np.unravel_index(image.argmax(), image.shape): IMAGES["darkest pixel"],
            lambda image: tuple(place + 1 for place in _mass(image)): "Both are off by one: rows and columns are "
            "counted from 0.",
            lambda image: tuple(place + 0.5 for place in _mass(image)): "Both are off by a half. Row 0 counts as 0, "
            "though the middle of its pixels lies half a pixel below the edge.",
            lambda image: tuple(round(place) for place in _mass(image)): "You rounded. A centre of mass may lie "
            "between pixels.",
            lambda image: tuple(
                place - (side - 1) / 2 for place, side in zip(_mass(image), image.shape, strict=True)
            ): "Those are places from the middle of the image. Count them from row 0 and column 0.",
        },
        hints=(
            "It is a mean of the rows, in which each pixel counts by its ink; and the same of the columns.",
            "How much ink is in each row? `image.sum(axis=1)` says so.",
            "Multiply the ink of each row by its number, add up, and divide by all of the ink.",
        ),
    ),
    Function(
        name="confusion",
        arguments=_answers,
        special=(_no_last_class,),
        reference=lambda y, answer, k: _confusion(y, answer, k),
        mistakes={
            lambda y, answer, k: _confusion(answer, y, k): "The table is transposed: what an image is decides its row.",
            lambda y, answer, k: np.minimum(_confusion(y, answer, k), 1): "Every pair is counted once at most. With a "
            "list of places, `counts[y, answer] += 1` adds 1 only once to each.",
            lambda y, answer, k: _confusion(y, answer, k) / len(y): "Those are shares of all images. Counts are asked "
            "for.",
            _shares_of(1, 1): OF_ROWS,
            _shares_of(1, 0): OF_ROWS,
            _shares_of(0, 1): OF_COLUMNS,
            _shares_of(0, 0): OF_COLUMNS,
            lambda y, answer, k: np.roll(_confusion(y, answer, k), (-1, -1), (0, 1)): "Row and column are one too far "
            "up and to the left: classes are counted from 0.",
            lambda y, answer, k: _confusion(y, answer, k) * np.eye(k, dtype=int): "Only what is read right is counted. "
            "The mistakes belong beside the diagonal.",
            lambda y, answer, k: _confusion(y, answer, k) * (1 - np.eye(k, dtype=int)): "What is read right is "
            "counted too, on the diagonal.",
        },
        hints=(
            "Start with a table of zeros, one row and one column for each class.",
            "Go through the images: which entry grows by 1?",
            "For each pair of y and answer add 1 at [y, answer]; a loop will do.",
        ),
    ),
]
