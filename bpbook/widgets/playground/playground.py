"""Chapter 06: the playground, a network that learns points in the plane while you watch."""

import time
from typing import Any

import ipywidgets
import numpy as np

from ..controls.running import Running, alone
from ..controls.words import number, place_name
from . import pictures
from .panel import RUN, Panel
from .pictures import INPUT_NAMES, place_title
from .training.adviser import Adviser
from .training.settings import OWN, OWN_VALUES, Point, Settings
from .training.sharing import CALL, restored, shared
from .training.trainer import Trainer

__all__ = ["playground"]

GRID, EVERY = 48, 2
"""Cells along the large map; a small map takes every second one."""
MOMENT, MOST, READABLE = 0.1, 500, 0.2
"""Seconds that a tick may take; points there may be; seconds that the numbers of a run stay before others come."""
LARGEST = 100
"""As far from 0 as a weight can be set."""


class _Playground(Panel):
    """One `trainer`, what the reader does with it, and what is shown of it."""

    def __init__(self, state: str = "") -> None:
        self.running = Running("playground", self._tick, self._ended)
        self._until, self._moving, self._told = 0, False, 0.0
        super().__init__(
            {"train": self.train_or_pause, "step": self.step, "rewind": self.rewind, "reset": self.reset}
            | {"example": self.follow, "clear": self.clear, "set": self.set_weight, "back": self.go_back},
            {"on_look": self._look_at, "on_set": self._set_there, "on_widths": self._widen, "on_data": self._give},
        )
        self._begin(restored(state, self.settings.check) if state else Trainer(Settings()))
        self.view.on_add, self.view.on_remove, self.view.on_open = self._add, self._remove, self._follow
        self.view.on_drawn = self.running.drawn
        for control in self.settings.all():
            control.observe(self._changed, "value")
        self.by_hand.weight.observe(self._weight_chosen, "value")
        self.state.observe(self._state_typed, "value")
        self.look.observe(self._look_changed, "value")
        self._show_settings()
        self._refresh()

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
        self.show_training(True)
        self.example_button.focus()

    @alone
    def take(self, state: str) -> None:
        """Go to the state of a text, or of a line of code, that a playground shows under its code."""
        try:
            trainer = restored(state, self.settings.check)
        except ValueError as reason:
            self._write_code()
            self.message.refuse(str(reason))
            return
        self.running.stop()
        self._begin(trainer)
        self.look.value = ()
        self._show_settings()
        self._refresh()

    @alone
    def set_weight(self) -> None:
        """Give the chosen weight or bias the value typed."""
        trouble, self.by_hand.value.refused = self.by_hand.value.refused, ""
        if trouble:  # it was typed, and Set pressed, in one go
            self.message.refuse(trouble)
        else:
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
        self._tell()
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
            self.message.refuse(f"There are {MOST} points, the most allowed. Remove some first.")
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
        self.show_training(False)

    def _state_typed(self, change: Any) -> None:
        if not self._moving and change["new"] != self.shown_state:
            self.take(change["new"])

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
            self.message.refuse(
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
        self.message.say(trouble or self._adviser.watch(0), passing=self.running.on and not trouble)
        u, v = self.view.grid(GRID)
        coarse = np.stack(np.meshgrid(u[::EVERY], v[::EVERY]), axis=-1).reshape(-1, 2)
        names = [INPUT_NAMES[name] for name in t.settings.inputs]
        self.network.show(t.net, t.see(coarse).a[:-1], names, t.settings.dataset, unit)
        self.curve.show(**pictures.curve(t))
        if not self.running.on or time.monotonic() > self._told + READABLE:
            self._tell()
        if not self.running.on:
            self._write_code()
            self.by_hand.show(t.net)
        shown = pictures.region(t, u, v, unit) | pictures.points(t)
        self.view.show(**shown, alt=pictures.words(t, unit))

    def _tell(self) -> None:
        """Show the numbers: more often than somebody can read them would only hold up the pictures."""
        self._told = time.monotonic()
        self.table.value = pictures.table(self.trainer)
        self.show_progress(self.trainer.epoch, self._until if self.running.on else None)

    def _show_settings(self, before: Settings | None = None, moved: Any = None) -> None:
        """Let the controls say what the trainer has, where it is not as before, and the lists what the network has."""
        self._moving, settings, net = True, self.trainer.settings, self.net
        self.settings.show(settings, before, moved)
        self.show_valued(settings.valued)
        maps = [(l, j) for l in range(len(net.sizes) - 1) for j in range(net.sizes[l])]
        self.look.exchange([("output", ()), *((place_title(self.trainer, place), place) for place in maps)])
        self._moving = False
        self.by_hand.offer(net)

    def _write_code(self) -> None:
        self.show_code(self.lines(), CALL.format(shared(self.trainer)))

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown: net, C and C_test."""
        return self.trainer.lines()

    def __repr__(self) -> str:
        t = self.trainer
        text = f"[experiment] playground on {t.settings.dataset}, {'-'.join(map(str, t.net.sizes))}; epoch {t.epoch}"
        return text + (f", C = {number(t.losses[-1], 4)} on {len(t.x)} training points" if len(t.x) else ", no points")


def playground(state: str = "") -> ipywidgets.VBox:
    """Return the experiment of chapter 06: a network learns points in the plane while you watch and change it.

    Parameters
    ----------
    state : str, optional
        What a playground shows under its code as its state.

    Raises
    ------
    ValueError
        state is no such text.

    Examples
    --------
    >>> playground()
    [experiment] playground on circles, 2-4-4-1; epoch 0, C = 0.6918 on 150 training points
    """
    return _Playground(state)
