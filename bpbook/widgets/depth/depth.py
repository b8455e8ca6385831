"""The experiment: a network of up to thirty layers, every layer's sizes as lines, and a button that trains it."""

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ...plots import sizes_by_layer
from ..controls.inputs import Choice, Count, Message, Slider, button, code
from ..views.figure_view import FigureView
from .program import ACTIVATIONS, EPOCH, LAYERS, STARTS, Run, Settings

__all__ = ["depth"]

QUESTION = "How deep may it be before its first layer learns nothing, and which cure reaches it?"
LOWEST, HIGHEST = 1e-20, 1e12
"""Ends of the axis; what is smaller or larger is said in words."""
KEPT = 4
"""How many tries are told."""
DEEPEST = 30


class _Depth(ipywidgets.VBox):
    """A deep network at birth, and as it learns; `run` holds its numbers.

    Attributes
    ----------
    run : Run
    tries : dict
        What was trained, by its name: after how many steps, and the share of new images read right.
    """

    run: Run

    def __init__(self) -> None:
        wide: Any = {"style": {"description_width": "70px"}, "layout": {"width": "300px"}}
        small: Any = {"style": {"description_width": "70px"}, "layout": {"width": "200px"}}
        first = Settings()
        self.message, self.view = Message(), FigureView(self._draw, 8.4, 3.3)
        self.depth = Count(first.depth, min=1, max=DEEPEST, description="depth", continuous_update=False, **wide)
        self.activation = Choice(options=ACTIVATIONS, value=first.activation, description="f", **small)
        self.start = Choice(options=list(STARTS), value=first.start, description="start", **small)
        self.gain = Slider(1.0, min=0.2, max=4.0, step=0.1, description="gain", continuous_update=False, **wide)
        self.layer = Choice(options=list(LAYERS), value=first.layer, description="layer", **wide)
        self.controls: list[Any] = [self.depth, self.activation, self.start, self.gain, self.layer]
        self.train_button = button(f"Train {EPOCH} steps", "Take steps of Adam on batches of 64", self.train, main=True)
        self.rewind_button = button("Rewind", "The same network at birth", self.rewind)
        self.code, fold = code()
        self.message.layout.min_height = "30px"  # so that the picture stays where it is when there is something to say
        for control in self.controls:
            control.complain = self.message.refuse
            control.observe(self._moved, "value")
        title = ipywidgets.HTML(f"<b>Keep the gradient alive.</b> {QUESTION}")
        top = ipywidgets.HBox([self.depth, self.activation, self.start])
        below = ipywidgets.HBox([self.gain, self.layer, self.train_button, self.rewind_button])
        super().__init__([title, top, below, self.message, self.view, fold])
        self.add_class("bpbook-stored")
        self.tries: dict[str, tuple[int, float]] = {}
        self._land()

    @property
    def settings(self) -> Settings:
        """What the controls say."""
        return Settings(
            self.depth.value, self.activation.value, self.start.value, self.layer.value, round(self.gain.value, 2)
        )

    def train(self) -> None:
        """Take some steps; where a number overflows, say which layer is to blame and stop."""
        if self.run.exploded:
            self.message.say("There is nothing left to train: its numbers are not finite. Rewind, or move a control.")
            return
        self.run.train(EPOCH)
        self.message.say(_blame(self.run))
        s = self.run.settings
        gain = "" if s.gain == 1 else f", gain {s.gain:g}"
        name = f"{s.depth} layers of {s.layer}, {s.activation}, {s.start}{gain}"
        self.tries.pop(name, None)  # the newest try is told last
        self.tries[name] = self.run.steps, self.run.right
        self._show()

    def rewind(self) -> None:
        """Go back to the network at birth, and forget what was tried."""
        self.tries = {}
        self._land()

    def lines(self) -> str:
        """Return the program that makes the numbers shown."""
        return self.run.lines()

    def _moved(self, change: Any) -> None:
        if change["new"] is not None:
            self._land()

    def _land(self) -> None:
        """Show the network of these settings at birth."""
        self.run = Run(self.settings)
        self.message.say(_blame(self.run))
        self._show()

    def _show(self) -> None:
        self.code.value = f"<pre>{html.escape(self.lines())}</pre>"
        self.view.show(self.run, list(self.tries.items())[-KEPT:])

    def _draw(self, ax: Axes, run: Run, tries: list[tuple[str, tuple[int, float]]]) -> str:
        lines = {"sd of h": run.sd, "norm of dC/dh": run.back, "norm of dC/dW": run.dW}
        sizes_by_layer({name: np.clip(line, LOWEST, HIGHEST).tolist() for name, line in lines.items()}, ax, ylabel="")
        ax.axhline(1, color="#5b5f66", lw=0.8)
        ax.set(xlim=(0.5, DEEPEST + 0.5), ylim=(LOWEST / 10, HIGHEST * 10))
        ax.legend(loc="lower right")
        told = [f"{name}: {right:.1%} after {steps} steps" for name, (steps, right) in tries]
        state = f"after {run.steps} steps" if run.steps else "at birth"
        return "\n".join(
            [
                f"{run.settings.depth} layers of {run.settings.layer}, {state}: loss {run.C:.4g}, {run.right:.1%} of "
                f"397 new images right. Norm of dC/dW in the first layer {_size(run.dW[0])}, in the last hidden layer "
                f"{_size(run.dW[-1])}.",
                f"Tried so far: {'; '.join(told) or 'nothing'}.",
            ]
        )

    def __repr__(self) -> str:
        return f"[experiment] keep the gradient alive; {self.view.lines[0]}"


def _size(value: float) -> str:
    return f"{value:.2g}"


def _first_bad(values: Sequence[float]) -> int | None:
    """Return the first layer, counted from 1, whose number is not finite."""
    return next((l for l, value in enumerate(values, start=1) if not np.isfinite(value)), None)


def _blame(run: Run) -> str:
    """Say which layer's numbers are not finite; nothing where all are."""
    for name, values in (("h", run.sd), ("dC/dh", run.back), ("dC/dW", run.dW)):
        if layer := _first_bad(values):
            return f"{name} of layer {layer} is not finite any more. Try a smaller gain, or another layer."
    return "" if np.isfinite(run.C) else "The loss is not finite any more. Try a smaller gain, or another layer."


def depth() -> ipywidgets.VBox:
    """Return the experiment of chapter 13: a network of up to thirty layers that learns to read digits, or does not.

    Depth, activation, weights at birth, their gain, and what a layer returns can be changed; the picture shows how
    large each layer's output and gradients are, at birth and after some steps.

    Examples
    --------
    >>> experiment = depth()
    >>> experiment.run.dW[0] < 1e-10 < 1e-3 < experiment.run.dW[-1]
    True
    """
    return _Depth()
