"""Chapter 06: the playground, a network that learns points in the plane while you watch."""

import html
import time
from typing import Any

import ipywidgets
import numpy as np

from ..controls.by_hand import ByHand
from ..controls.inputs import Choice, Message, button, code
from ..controls.running import Running, alone
from ..controls.words import number, place_name
from ..views.plane import PlaneView
from . import pictures
from .board import SettingControls
from .example import OneExample
from .network import NetworkPicture
from .pictures import INPUT_NAMES, place_title
from .training.adviser import Adviser
from .training.settings import DEEPEST, OWN, OWN_VALUES, WIDEST, Point, Settings
from .training.trainer import Trainer

__all__ = ["playground"]

EDGE, GRID, EVERY = 1.5, 48, 2
"""Half the plane's width; cells along the large map; a small map takes every second one."""
RUN, MOMENT, MOST = 1000, 0.1, 500
"""Epochs after which a run ends by itself; seconds that a tick may take; points there may be."""
LARGEST = 100
"""As far from 0 as a weight can be set."""
WIRES = "Wires: blue above 0, orange below, thick where large. Point at a unit, a wire or a bias; click to set it."
QUESTIONS = {
    False: "How few hidden units can tell the two classes apart? With which inputs is none needed?",
    True: "How few hidden units can follow the values? What keeps <i>C</i> above 0 on the points held out?",
}
"""Where the points have classes, and where they have values."""
HINT = (
    "Hollow: held out. Click a point to follow it back through the network; Shift and a click remove it. A click "
    "elsewhere adds one. Keys: arrows, Enter, Delete, and {}."
)
HINTS = {False: HINT.format("0 or 1 for its class"), True: HINT.format("0 or 1 for a value of −1 or 1")}
BRUSHES = {False: [("● class 1", 1), ("■ class 0", 0)], True: [("● value 1", 1), ("■ value −1", 0)]}


class _Playground(ipywidgets.VBox):
    """Controls, the plane with its regions, the loss curve and the hidden units' maps of one `trainer`."""

    def __init__(self) -> None:
        self._begin(Trainer(Settings()))
        self.message = Message()
        self.running = Running("playground", self._tick, self._ended)
        self._until, self._moving = 0, False
        edges = (-EDGE, EDGE, -EDGE, EDGE)
        self.view = PlaneView(edges, width=300, height=296, edit="points", name="Playground")
        self.view.on_add, self.view.on_remove, self.view.on_open = self._add, self._remove, self._follow
        self.view.on_drawn = self.running.drawn
        self.curve = PlaneView((0, 10, 0, 1), ("epoch", "C"), 222, 150, name="Loss curve", quiet=True)
        self.network = NetworkPicture(
            WIDEST, DEEPEST, on_look=self._look_at, on_set=self._set_there, on_widths=self._widen, on_data=self._give
        )
        self.network.hint = WIRES
        self.settings, self.by_hand = SettingControls(), ByHand(self.set_weight)
        self.controls = self.settings.by_name
        self._make_buttons()
        self.title, self.progress, self.table = (
            ipywidgets.HTML(),
            ipywidgets.HTML(layout={"width": "240px"}),
            ipywidgets.HTML(),
        )
        self.code, fold = code()
        self._wire()
        self.example, rows = OneExample(self.go_back), self._rows()
        self._training = [self.title, *rows, fold]
        super().__init__([self.title, self.example, self.message, *rows, fold])
        self.add_class("bpbook-board")
        self._show_settings()
        self._refresh()

    # Controls -------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.train_button = button("Train", "Epoch after epoch", self.train_or_pause, main=True)
        self.train_button.layout.width = "64px"  # whatever it says
        self.step_button = button("Step", "One epoch", self.step)
        self.rewind_button = button("Rewind", "Back to the weights of this seed", self.rewind)
        self.reset_button = button("Reset", "Every control as it was at first", self.reset)
        self.example_button = button(
            "One example", "Pause, and follow the point with the largest loss back through the network", self.follow
        )
        self.clear_button = button("Clear points", "Remove every point", self.clear)
        narrow: Any = {"layout": {"width": "178px"}, "style": {"description_width": "110px"}}
        self.pace = Choice(options=[1, 2, 5, 10, 50], value=2, description="epochs a picture", **narrow)
        self.brush = ipywidgets.ToggleButtons(options=BRUSHES[False])
        self.brush.style.button_width = "90px"
        self.discrete = ipywidgets.Checkbox(description="two colours only", indent=False)
        self.look = Choice(options=[("output", ())], description="coloured by", layout={"width": "222px"})

    def _wire(self) -> None:
        for control in [*self.settings.all(), self.by_hand.value, self.by_hand.weight, self.pace, self.look]:
            control.complain = self.message.say
        for control in self.settings.all():
            control.observe(self._changed, "value")
        self.by_hand.weight.observe(self._weight_chosen, "value")
        self.look.observe(self._look_changed, "value")
        ipywidgets.link((self.brush, "value"), (self.view, "brush"))
        ipywidgets.link((self.discrete, "value"), (self.view, "discrete"))

    def _rows(self) -> list[ipywidgets.Widget]:
        row, column = ipywidgets.HBox, ipywidgets.VBox
        buttons = row(
            [
                self.train_button,
                self.step_button,
                self.rewind_button,
                self.reset_button,
                self.example_button,
                self.pace,
                self.progress,
            ]
        )
        plane = column([self.view, row([self.brush, self.clear_button])])
        stage = ipywidgets.Box([self.network.add_class("bpbook-network-place"), plane]).add_class("bpbook-stage")
        right = column([self.curve, self.table, self.look, self.discrete], layout={"width": "232px"})
        below = row([right, self.settings]).add_class("bpbook-side-by-side")
        return [buttons, stage, self.controls["inputs"], below, self.by_hand]

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
        self._refresh(self.trainer.obstacle() or self._train_once())

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
        self._begin(Trainer(Settings()))
        self.look.value = ()
        self._show_settings()
        self._refresh()

    @alone
    def clear(self) -> None:
        """Remove every point."""
        self._take([])

    @alone
    def follow(self) -> None:
        """Pause, and show the way back of the training point with the largest loss."""
        if trouble := "" if len(self.trainer.x) else self.trainer.obstacle():
            self.message.say(trouble)
        else:
            self._show_example(self.trainer.worst())

    @alone
    def go_back(self) -> None:
        """Show the training run again, as it was left."""
        self.example.leave()
        for row in self._training:
            row.layout.display = None
        self.example_button.focus()

    @alone
    def set_weight(self) -> None:
        """Give the chosen weight or bias the value typed."""
        self.trainer.set(self.by_hand.weight.value, float(self.by_hand.value.value))
        self._refresh()

    # How that is done -----------------------------------------------------------------------------------------

    def _begin(self, trainer: Trainer) -> None:
        self.trainer, self._adviser = trainer, Adviser(trainer)

    def _train_once(self) -> str:
        """Train one epoch; return what stopped it, or an empty text."""
        trouble = self.trainer.train()
        self._adviser.watch()
        return trouble

    def _tick(self) -> bool:
        end, trouble = time.monotonic() + MOMENT, ""
        for _ in range(self.pace.value):
            trouble = self._train_once()
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
        self.network.busy = on
        self._show_progress(on)
        self._write_code()
        self.by_hand.show(self.net)

    @alone
    def _changed(self, change: Any) -> None:
        if self._moving or change["new"] is None:  # refused: the control has put itself back
            return
        before, moved = self.trainer.settings, change["owner"]
        settings = self.settings.settings(moved, before)
        if settings.dataset in (OWN, OWN_VALUES) and not self.trainer.own[settings.dataset]:
            self.trainer.own[settings.dataset] = self.trainer.points(settings.valued)
        self.trainer.change(settings)
        trouble = self.trainer.obstacle()
        if trouble:
            self.running.stop()
        self._until = max(self._until, self.trainer.epoch + 1)
        self._show_settings(before, moved)
        self._refresh(trouble)

    @alone
    def _add(self, u: float, v: float, k: int) -> None:
        if len(self.trainer.whole[0]) >= MOST:
            self.message.say(f"There are {MOST} points, as many as may be. Remove some first.")
            return
        valued = self.trainer.settings.valued
        self._take([*self.trainer.points(valued), (round(u, 3), round(v, 3), float(2 * k - 1) if valued else k)])

    @alone
    def _remove(self, u: float, v: float) -> None:
        points = self.trainer.points(self.trainer.settings.valued)
        if points:
            points.remove(min(points, key=lambda point: (point[0] - u) ** 2 + (point[1] - v) ** 2))
            self._take(points)

    @alone
    def _follow(self, u: float, v: float) -> None:
        if len(self.trainer.whole[0]):
            self._show_example(*self.trainer.nearest(u, v))

    def _show_example(self, k: int, test: bool = False) -> None:
        self.running.stop()
        self.example.follow(self.trainer, k, test)
        for row in self._training:
            row.layout.display = "none"

    @alone
    def _weight_chosen(self, _: object) -> None:
        self.by_hand.show(self.net)

    @alone
    def _look_changed(self, change: Any) -> None:
        if not self._moving and change["new"] is not None:
            self._refresh()

    @alone
    def _look_at(self, unit: tuple[int, ...]) -> None:
        if unit in [place for _, place in self.look.options]:
            self.look.value = () if unit == self.look.value else unit

    @alone
    def _set_there(self, place: tuple[int, ...], value: float | str) -> None:
        if isinstance(value, float) and abs(value) <= LARGEST:
            self.trainer.set(place, value)
            self._refresh()
        else:
            self.message.say(
                f"{place_name(place)} must be a number from {-LARGEST} to {LARGEST}; got {str(value)[:40]!r}."
            )

    @alone
    def _widen(self, widths: tuple[int, ...]) -> None:
        self.settings.widths.value = widths

    @alone
    def _give(self, name: str) -> None:
        self.controls["dataset"].value = name

    def _take(self, points: list[Point]) -> None:
        before = self.trainer.settings
        self.trainer.take(points)
        trouble = self.trainer.obstacle()
        if trouble:
            self.running.stop()
        self._show_settings(before)
        self._refresh(trouble)

    # What is shown --------------------------------------------------------------------------------------------

    @alone
    def refresh(self) -> None:
        """Show the network as it is now."""
        self._refresh(self.trainer.notice())

    def _refresh(self, trouble: str = "") -> None:
        t, unit = self.trainer, self.look.value
        self.message.say(trouble or self._adviser.watch(0))
        u, v = self.view.grid(GRID)
        coarse = np.stack(np.meshgrid(u[::EVERY], v[::EVERY]), axis=-1).reshape(-1, 2)
        names = [INPUT_NAMES[name] for name in t.settings.inputs]
        self.network.show(t.net, t.see(coarse).a[:-1], names, t.settings.dataset, unit)
        self.curve.show(**pictures.curve(t))
        self.table.value = pictures.table(t)
        self._show_progress(self.running.on)
        if not self.running.on:
            self._write_code()
            self.by_hand.show(t.net)
        shown = pictures.region(t, u, v, unit) | pictures.points(t)
        self.view.show(**shown, alt=pictures.words(t, unit))

    def _show_progress(self, on: bool) -> None:
        epoch = self.trainer.epoch
        done = epoch + RUN - self._until
        bar = f' of {self._until} <progress aria-label="training" max="{RUN}" value="{done}"></progress>' if on else ""
        self.progress.value = f"epoch {epoch}{bar}"

    def _show_settings(self, before: Settings | None = None, moved: Any = None) -> None:
        """Let the controls say what the trainer has, where it is not as before, and the lists what the network has."""
        self._moving, settings, net = True, self.trainer.settings, self.net
        self.settings.show(settings, before, moved)
        self.title.value = f"<b>The playground.</b> {QUESTIONS[settings.valued]}"
        self.view.hint = HINTS[settings.valued]
        if list(self.brush.options) != BRUSHES[settings.valued]:
            kept, self.brush.options = self.brush.value, BRUSHES[settings.valued]
            self.brush.value = kept
        maps = [(l, j) for l in range(len(net.sizes) - 1) for j in range(net.sizes[l])]
        self.look.exchange([("output", ()), *((place_title(self.trainer, place), place) for place in maps)])
        self._moving = False
        self.by_hand.offer(net)

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
    """Return the experiment of chapter 06: a network learns points in the plane while you watch and change it.

    Examples
    --------
    >>> playground()
    [experiment] playground on circles, 2-4-4-1; epoch 0, C = 0.6918 on 150 training points
    """
    return _Playground()
