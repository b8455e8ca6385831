"""PlaneView: a plane with a heat map, lines, paths and points, drawn in the browser and edited by click and key."""

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import numpy as np
import traitlets
from contourpy import contour_generator
from numpy.typing import NDArray

from .. import front_end

__all__ = ["PlaneView", "contour_lines"]

Array = NDArray[Any]
Bounds = tuple[float, float, float, float]


class PlaneView(anywidget.AnyWidget):
    """A plane of two coordinates. Python computes what is on it; the browser draws it and says where it was clicked.

    Parameters
    ----------
    bounds : tuple of four floats
        Left, right, bottom and top edge.
    labels : tuple of str
        What stands at the two axes; empty texts leave the axes away.
    width, height : int
        Size in pixels.
    scale : str
        "diverging": orange at -1, blue at 1, pale at 0. "sequential": pale at 0, grey at 1.
    edit : str
        "": only looked at. "click": a click chooses a place, for which there is another control as well. "start": a
        click or Enter chooses a place. "points": a click or Enter adds a point of the class `brush`, or opens the
        one that is there; Shift and a click, or Delete, remove it.
    name, hint : str
        What screen readers call the plane, and what stands below it.
    quiet : bool
        Keep the words of `alt` for screen readers that come to the picture; do not write them below it.

    Attributes
    ----------
    alt : str
        What the plane shows now, in words.
    frame : int
        How often `show` was called. The browser answers with the frame it has drawn; `on_drawn` hears it.
    discrete : bool
        Colour only on which side of the middle each cell lies.
    message : str
        What went wrong.
    """

    _esm = front_end.module("colours", "plane/marks", "plane/view")
    _css = front_end.css("plane/view")

    bounds = traitlets.Tuple().tag(sync=True)
    labels = traitlets.Tuple().tag(sync=True)
    size = traitlets.Tuple().tag(sync=True)
    scale = traitlets.Unicode().tag(sync=True)
    edit = traitlets.Unicode().tag(sync=True)
    brush = traitlets.Int(1).tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    heat = traitlets.Bytes().tag(sync=True)
    shape = traitlets.Tuple((0, 0)).tag(sync=True)
    lines: Any = traitlets.List().tag(sync=True)
    paths: Any = traitlets.List().tag(sync=True)
    points: Any = traitlets.List().tag(sync=True)
    graded = traitlets.Bool(False).tag(sync=True)
    legend: Any = traitlets.List().tag(sync=True)
    texts: Any = traitlets.List().tag(sync=True)
    wires: Any = traitlets.List().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    quiet = traitlets.Bool(False).tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    discrete = traitlets.Bool(False).tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        bounds: Bounds,
        labels: tuple[str, str] = ("x₀", "x₁"),
        width: int = 420,
        height: int = 360,
        scale: str = "diverging",
        edit: str = "",
        name: str = "plane",
        hint: str = "",
        quiet: bool = False,
    ) -> None:
        super().__init__(
            bounds=bounds,
            labels=labels,
            size=(width, height),
            scale=scale,
            edit=edit,
            name=name,
            hint=hint,
            quiet=quiet,
        )
        self.on_add: Callable[[float, float, int], None] = _nothing
        self.on_remove: Callable[[float, float], None] = _nothing
        self.on_open: Callable[[float, float], None] = _nothing
        self.on_drawn: Callable[[int], None] = _nothing
        self.on_msg(self._answer)

    def grid(self, count: int = 60) -> tuple[Array, Array]:
        """Return the coordinates of the centres of count x count cells, as two arrays of shape (count,)."""
        left, right, bottom, top = self.bounds
        centres = (np.arange(count) + 0.5) / count
        return left + (right - left) * centres, bottom + (top - bottom) * centres

    def show(self, *, heat: Array | None = None, **changes: Any) -> None:
        """Change what is on the plane, all at once.

        Parameters
        ----------
        heat : array of shape (rows, columns), optional
            Heights from -1 to 1 (diverging) or 0 to 1 (sequential), the lowest row first; nan counts as 0.
        changes
            Any of `bounds`, `alt` and `message`; `lines`, each a list of points [x, y]; `paths`, each a dict with
            `name`, `points` and `style` (0 to 4) and perhaps `gone`, true for one that has left the plane; `points`,
            each [x, y, class, held out], or, where `graded` is true, [x, y, value, held out], coloured like the heat
            map; `legend`, what stands at the lowest, the middle and the highest colour of the heat map's scale;
            `texts`, each [x, y, text]; `wires`, each [x, y, x', y', weight].
        """
        if heat is not None:
            changes["heat"], changes["shape"] = _as_bytes(heat, self.scale), heat.shape
        with self.hold_sync():
            for name, value in changes.items():
                setattr(self, name, value)
            self.frame += 1

    def _answer(self, _: object, request: dict[str, Any], __: object) -> None:
        """Do what the browser asks, and tell it when that is done."""
        if request["do"] == "drawn":
            self.on_drawn(int(request["frame"]))
            return
        self.message = ""
        self.brush = request.get("brush", self.brush)
        self._edit(request["do"], request.get("at"))
        self.send({"did": request["do"]})

    def _edit(self, do: str, at: object) -> None:
        try:
            x, y = (float(coordinate) for coordinate in at)  # type: ignore[attr-defined]
        except (TypeError, ValueError):
            self.message = f"at must be two numbers; got {at!r}."
            return
        left, right, bottom, top = self.bounds
        if not (left <= x <= right and bottom <= y <= top):
            self.message = f"({x:.4g}, {y:.4g}) lies outside the plane. Nothing was changed."
        elif do == "add" and self.edit:
            self.on_add(x, y, self.brush)
        elif do == "remove" and self.edit == "points":
            self.on_remove(x, y)
        elif do == "open" and self.edit == "points":
            self.on_open(x, y)

    @traitlets.validate("brush")
    def _class(self, proposal: Any) -> int:
        if proposal["value"] in (0, 1):
            return int(proposal["value"])
        self.message = f"brush must be class 0 or 1; got {proposal['value']}."
        return int(self.brush)

    def __repr__(self) -> str:
        return f"[experiment] {self.name}; {self.alt}"


def contour_lines(x: Array, y: Array, heights: Array, levels: Sequence[float] | Array) -> list[list[list[float]]]:
    """Return the lines along which a surface has these heights, each a list of points [x, y].

    Parameters
    ----------
    x, y : arrays of shape (columns,) and (rows,)
    heights : array of shape (rows, columns)
    levels : sequence of float, increasing
    """
    # What matplotlib draws contours with; a figure around it would take most of the time between two pictures.
    generator: Any = contour_generator(x, y, heights, name="mpl2014")
    return [np.round(line, 4).tolist() for level in levels for line in generator.lines(level)[0] if len(line) > 1]


def _as_bytes(heat: Array, scale: str) -> bytes:
    """Return one byte for each height: 0 to 255 from -1 to 1 (then 0 is 128), or from 0 to 1."""
    heights = np.nan_to_num(heat, nan=0.0)
    shares = heights if scale == "sequential" else (heights + 1) / 2
    return np.round(255 * np.clip(shares, 0, 1)).astype(np.uint8).tobytes()


def _nothing(*_: object) -> None:
    """Do nothing, until an experiment says what to do."""
