"""Chapter 08: how a drawing on a canvas becomes an image like MNIST's."""

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import bpbook as bp
from bpbook import plots

SEVEN = [[(150, 175), (205, 172), (172, 262)], [(160, 218), (200, 214)]]
CANVAS = bp.datasets.draw(SEVEN, pen=14)
ROWS, COLUMNS = (np.flatnonzero(CANVAS.any(axis=axis)) for axis in (1, 0))
BOX = CANVAS[ROWS[0] : ROWS[-1] + 1, COLUMNS[0] : COLUMNS[-1] + 1]
SHRUNK = CANVAS.reshape(28, 10, 28, 10).mean(axis=(1, 3))
IMAGE = bp.datasets.mnist.prepare(CANVAS).reshape(28, 28)
MASS = [float(np.average(place, weights=IMAGE)) for place in np.indices(IMAGE.shape)]
assert np.ptp(np.flatnonzero(IMAGE.any(axis=1))) + 1 == 20 and max(abs(np.array(MASS) - 14)) <= 0.5
ALT = (
    "A small 7 in the lower right of a canvas, in four steps. Merely shrunk to 28 by 28 it stays small and off the "
    f"middle. Cropped, it is {BOX.shape[0]} by {BOX.shape[1]} pixels. Scaled until its longer side has 20 pixels and "
    "placed so that its centre of mass, a cross, falls on row 14 and column 14, it fills the image as MNIST's do."
)


def draw() -> Figure:
    """Draw the canvas, the canvas shrunk, the crop, and the image."""
    plots.style()
    figure, axes = pyplot.subplots(1, 4, figsize=(9.2, 2.7))
    titles = ["the canvas, 280 by 280", "merely shrunk", "cropped to its ink", "scaled and balanced"]
    for ax, picture, title in zip(axes, (CANVAS, SHRUNK, BOX, IMAGE), titles, strict=True):
        ax.imshow(picture, cmap="Greys", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, loc="center")
        for side in ("top", "right"):
            ax.spines[side].set_visible(True)
    corner, size = (COLUMNS[0] - 0.5, ROWS[0] - 0.5), BOX.shape
    axes[0].add_patch(Rectangle(corner, size[1], size[0], fill=False, color=plots.POSITIVE, lw=1.4))
    inner = np.flatnonzero(IMAGE.any(axis=1))[0], np.flatnonzero(IMAGE.any(axis=0))[0]
    width = len(np.flatnonzero(IMAGE.any(axis=0)))
    axes[3].add_patch(Rectangle((inner[1] - 0.5, inner[0] - 0.5), width, 20, fill=False, color=plots.POSITIVE, lw=1.4))
    axes[3].plot(MASS[1], MASS[0], "+", color=plots.NEGATIVE, ms=14, mew=2.2)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
