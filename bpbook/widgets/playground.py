"""Chapter 06: the playground, a network that learns two classes of points in the plane while you watch."""

import html
import time
from dataclasses import replace
from typing import Any

import ipywidgets
import numpy as np

from . import training_views
from .controls import Choice, Message, Typed, button, code
from .plane_view import PlaneView
from .playground_controls import WIDE, WIDEST, Widths, setting_controls
from .running import Running, alone
from .trainer import OWN, Settings, Trainer, place_name
from .unit_tiles import tile_at, unit_tiles
from .words import number

__all__ = ["playground"]

EDGE, GRID, EVERY = 1.5, 48, 2
"""Half the plane's width; cells along the large map; a small map takes every second one."""
RUN, MOMENT, MOST = 1000, 0.1, 500
"""Epochs after which a run ends by itself; seconds that a tick may take; points there may be."""
QUESTION = "With how few hidden units can the network still tell the two classes apart?"
HINT = (
    "Blue ●: class 1. Orange ■: class 0. Hollow: held out. Click to add or remove a point, or use arrow keys, Enter, "
    "Delete, and 0 or 1 for its class."
)


class _Playground(ipywidgets.VBox):
    """Controls, the plane with its regions, the loss curve and the hidden units' maps of one `trainer`."""

    def __init__(self) -> None:
        self.trainer, self.message = Trainer(Settings()), Message()
        self.running = Running("playground", self._tick, self._ended)
        self._until, self._moving = 0, False
        edges = (-EDGE, EDGE, -EDGE, EDGE)
        self.view = PlaneView(edges, width=300, height=296, edit="points", name="Playground", hint=HINT)
        self.view.on_add, self.view.on_remove = self._add, self._remove
        self.view.on_drawn = self.running.drawn
        self.curve = PlaneView((0, 10, 0, 1), ("epoch", "C"), 222, 150, name="Loss curve", quiet=True)
        self.units = PlaneView((0, 1, 0, 1), ("", ""), 222, 150, edit="click", name="Hidden units", quiet=True)
        self.units.hint = (
            "Wires: blue for weights above 0, orange below, thick where large. Click a map to see it large."
        )
        self.units.on_add = self._look_at
        self.controls, self.widths = setting_controls(), Widths(description="widths", continuous_update=False, **WIDE)
        self._make_buttons()
        self.progress, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.code, fold = code()
        self._wire()
        super().__init__([*self._rows(), fold])
        self.add_class("bpbook-board")
        self._show_settings()
        self._refresh()

    # Controls -------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.train_button = button("Train", "Epoch after epoch", self.train_or_pause, main=True)
        self.step_button = button("Step", "One epoch", self.step)
        self.rewind_button = button("Rewind", "Back to the weights of this seed", self.rewind)
        self.reset_button = button("Reset", "Every control as it was at first", self.reset)
        self.clear_button = button("Clear points", "Remove every point", self.clear)
        narrow: Any = {"layout": {"width": "178px"}, "style": {"description_width": "110px"}}
        self.pace = Choice(options=[1, 2, 5, 10, 50], value=2, description="epochs a picture", **narrow)
        self.brush = ipywidgets.ToggleButtons(options=[("● class 1", 1), ("■ class 0", 0)])
        self.brush.style.button_width = "72px"
        self.look = Choice(options=[("output", ())], description="coloured by", layout={"width": "222px"})
        self.weight = Choice(options=[("W[1][0, 0]", (1, 0, 0))], description="by hand", layout={"width": "190px"})
        self.value = Typed(min=-100, max=100, description="=", layout={"width": "112px"})
        self.value.tooltip = "the weight"
        self.weight.style.description_width, self.value.style.description_width = "55px", "12px"
        self.set_button = button("Set", "Give this weight this value", self.set_weight)

    def _wire(self) -> None:
        for control in [*self.controls.values(), self.widths, self.value, self.weight, self.pace, self.look]:
            control.complain = self.message.say
        for control in [*self.controls.values(), self.widths]:
            control.observe(self._changed, "value")
        self.weight.observe(self._weight_chosen, "value")
        self.look.observe(self._look_changed, "value")
        ipywidgets.link((self.brush, "value"), (self.view, "brush"))

    def _rows(self) -> list[ipywidgets.Widget]:
        row, column = ipywidgets.HBox, ipywidgets.VBox
        title = ipywidgets.HTML(f"<b>The playground.</b> {QUESTION}")
        buttons = row(
            [self.train_button, self.step_button, self.rewind_button, self.reset_button, self.pace, self.progress]
        )
        plane = column([self.view, row([self.brush, self.clear_button])])
        right = column([self.curve, self.table, self.look, self.units], layout={"width": "232px"})
        controls = [*self.controls.values()]
        controls.insert(controls.index(self.controls["width"]) + 1, self.widths)
        settings = ipywidgets.Box(controls).add_class("bpbook-settings")
        middle = row([plane, right, settings]).add_class("bpbook-side-by-side")
        return [title, buttons, self.message, middle, row([self.weight, self.value, self.set_button])]

    # What the reader can do -----------------------------------------------------------------------------------

    @property
    def net(self) -> Any:
        """The network; after changing its weights call `refresh`."""
        return self.trainer.net

    @alone
    def train_or_pause(self) -> None:
        """Train up to 1,000 epochs more, or pause."""
        if self.running.on:
            self.running.stop()
        elif trouble := self.trainer.obstacle():
            self.message.say(trouble)
        else:
            self._until = self.trainer.epoch + RUN
            self._look_running(True)
            self.running.start()

    @alone
    def step(self) -> None:
        """Train one epoch."""
        self._refresh(self.trainer.obstacle() or self.trainer.train())

    @alone
    def rewind(self) -> None:
        """Go back to the weights of this seed, before the first step."""
        self.running.stop()
        self.trainer.rewind()
        self._refresh()

    @alone
    def reset(self) -> None:
        """Put every control, and the points, back to how they were at first."""
        self.running.stop()
        self.trainer, self.look.value = Trainer(Settings()), ()
        self._show_settings()
        self._refresh()

    @alone
    def clear(self) -> None:
        """Remove every point."""
        self._take([])

    @alone
    def set_weight(self) -> None:
        """Give the chosen weight or bias the value typed."""
        self.trainer.set(self.weight.value, float(self.value.value))
        self._refresh()

    # How that is done -----------------------------------------------------------------------------------------

    def _tick(self) -> bool:
        end, trouble = time.monotonic() + MOMENT, ""
        for _ in range(self.pace.value):
            trouble = self.trainer.train()
            if trouble or self.trainer.epoch >= self._until or time.monotonic() > end:
                break
        self._refresh(trouble)
        return not trouble and self.trainer.epoch < self._until

    def _ended(self, reason: str) -> None:
        self._look_running(False)
        if reason:
            self.message.say(reason)

    def _look_running(self, on: bool) -> None:
        self.train_button.description, self.view.busy = ("Pause" if on else "Train"), on
        self._show_progress(on)
        self._write_code()
        self._show_weight()

    @alone
    def _changed(self, change: Any) -> None:
        if self._moving or change["new"] is None:  # refused: the control has put itself back
            return
        settings = self._settings(change["owner"])
        if settings.dataset == OWN != self.trainer.settings.dataset and not self.trainer.own:
            self.trainer.own = self._points()
        self.trainer.change(settings)
        trouble = self.trainer.obstacle()
        if trouble:
            self.running.stop()
        self._until = max(self._until, self.trainer.epoch + 1)
        self._show_settings()
        self._refresh(trouble)

    def _settings(self, moved: Any) -> Settings:
        """Return what the controls say; of sliders and widths, the one that was moved counts."""
        settings = Settings(**{name: control.value for name, control in self.controls.items()})
        if moved in (self.controls["depth"], self.controls["width"]):
            return settings
        widths = self.widths.value
        settings = replace(settings, depth=len(widths), width=widths[0] if widths else settings.width)
        return settings if settings.layers() == widths else replace(settings, widths=widths)

    def _points(self) -> list[tuple[float, float, int]]:
        x, y = self.trainer.whole
        return [(float(u), float(v), int(k)) for (u, v), k in zip(x, y, strict=True)]

    @alone
    def _add(self, u: float, v: float, k: int) -> None:
        if len(self.trainer.whole[0]) >= MOST:
            self.message.say(f"There are {MOST} points, as many as may be. Remove some first.")
            return
        self._take([*self._points(), (round(u, 3), round(v, 3), k)])

    @alone
    def _remove(self, u: float, v: float) -> None:
        points = self._points()
        if points:
            points.remove(min(points, key=lambda point: (point[0] - u) ** 2 + (point[1] - v) ** 2))
            self._take(points)

    @alone
    def _weight_chosen(self, _: object) -> None:
        self._show_weight()

    @alone
    def _look_changed(self, change: Any) -> None:
        if not self._moving and change["new"] is not None:
            self._refresh()

    @alone
    def _look_at(self, u: float, v: float, _: int) -> None:
        unit = tile_at(u, v, len(self.trainer.net.sizes) - 2, GRID // EVERY)
        if unit in [place for _, place in self.look.options]:
            self.look.value = () if unit == self.look.value else unit

    def _take(self, points: list[tuple[float, float, int]]) -> None:
        self.trainer.take(points)
        trouble = self.trainer.obstacle()
        if trouble:
            self.running.stop()
        self._show_settings()
        self._refresh(trouble)

    # What is shown --------------------------------------------------------------------------------------------

    @alone
    def refresh(self) -> None:
        """Show the network as it is now."""
        self._refresh(self.trainer.notice())

    def _refresh(self, trouble: str = "") -> None:
        t, unit = self.trainer, self.look.value
        self.message.say(trouble or t.advice())
        u, v = self.view.grid(GRID)
        coarse = np.stack(np.meshgrid(u[::EVERY], v[::EVERY]), axis=-1).reshape(-1, 2)
        maps = unit_tiles(t.see(coarse).a[1:-1], t.net.W[1:], GRID // EVERY, WIDEST)
        self.units.size = (222, round(218 * maps["bounds"][3] / maps["bounds"][1]) + 4)
        self.units.show(**maps)
        self.curve.show(**training_views.curve(t))
        self.table.value = training_views.table(t)
        self._show_progress(self.running.on)
        if not self.running.on:
            self._write_code()
            self._show_weight()
        shown = training_views.region(t, u, v, unit)
        self.view.show(**shown, points=training_views.points(t), alt=training_views.words(t, unit))

    def _show_progress(self, on: bool) -> None:
        epoch = self.trainer.epoch
        done = epoch + RUN - self._until
        bar = f' of {self._until} <progress aria-label="training" max="{RUN}" value="{done}"></progress>' if on else ""
        self.progress.value = f"epoch {epoch}{bar}"

    def _show_settings(self) -> None:
        """Let the controls say what the trainer has, and the list of weights what the network has."""
        self._moving = True
        for name, control in self.controls.items():
            control.value = getattr(self.trainer.settings, name)
        self.widths.value = self.trainer.settings.layers()
        self.controls["noise"].disabled = self.trainer.settings.dataset == OWN
        net = self.trainer.net
        hidden = [(l, j) for l in range(1, len(net.sizes) - 1) for j in range(net.sizes[l])]
        self.look.exchange([("output", ()), *((f"unit {j} of layer {l}", (l, j)) for l, j in hidden)])
        self._moving = False
        places: list[tuple[int, ...]] = [(l, i, j) for l in range(1, len(net.W)) for i, j in np.ndindex(net.W[l].shape)]
        places += [(l, j) for l in range(1, len(net.b)) for j in range(len(net.b[l]))]
        self.weight.exchange([(place_name(place), place) for place in places])
        self._show_weight()

    def _show_weight(self) -> None:
        if self.weight.value is None:  # while its options are exchanged
            return
        l, *units = self.weight.value
        array = self.trainer.net.W if len(units) == 2 else self.trainer.net.b
        value = float(array[l][tuple(units)])
        if abs(value) <= self.value.max:
            self.value.value = value

    def _write_code(self) -> None:
        self.code.value = f"<pre>{html.escape(self.lines())}</pre>"

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown: net, C and C_test."""
        return self.trainer.lines()

    def __repr__(self) -> str:
        t = self.trainer
        text = f"[experiment] playground on {t.settings.dataset}, {'-'.join(map(str, t.net.sizes))}; epoch {t.epoch}"
        return text + (f", C = {number(t.losses[-1], 4)} on {len(t.x)} training points" if len(t.x) else ", no points")


def playground() -> ipywidgets.VBox:
    """Return the experiment of chapter 06: a network learns two classes of points while you watch and change it.

    Examples
    --------
    >>> playground()
    [experiment] playground on circles, 2-4-4-1; epoch 0, C = 0.6918 on 150 training points
    """
    return _Playground()
