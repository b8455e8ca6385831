"""Chapter 15: a ball rolls over the loss of two weights, and its sharpness is watched."""

import html
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ...plots import NEGATIVE, POSITIVE
from ..controls.inputs import Choice, Count, Message, Slider, Typed, button, code
from ..controls.running import Running, alone
from ..controls.words import number
from ..views.figure_view import FigureView
from ..views.plane import PlaneView, path, relief
from .landscapes import CELLS, LANDSCAPES, Landscape
from .roll import FAR, STILL, Roll

__all__ = ["roll_a_ball"]

STEPS = 400
QUESTION = "The ball starts where the valley is too sharp for its steps. Where does it come to rest, and why there?"


class _Ball(ipywidgets.VBox):
    """The landscape, the start, eta, momentum, noise and a number of steps; all that is shown follows from `roll`."""

    roll: Roll

    def __init__(self) -> None:
        self.message, self._moving = Message(), False
        self.running = Running("ball", self._tick, self._ended, rest=0.04)
        self._make_controls()
        hint = "Click, or arrow keys and Enter, to choose where the ball starts."
        self.view = PlaneView((-1, 1, -1, 1), ("w₀", "w₁"), 400, 350, "sequential", "start", "A ball", hint)
        self.view.on_add = self._begin_at
        self.view.on_drawn = self.running.drawn
        self.curve = FigureView(self._draw, 3.8, 2.1)
        self.network, self.table, (self.code, fold) = ipywidgets.HTML(), ipywidgets.HTML(), code()
        title = ipywidgets.HTML(f"<b>Roll a ball.</b> {QUESTION}")
        buttons = ipywidgets.HBox([self.run_button, self.step_button, self.rewind_button, self.reset_button])
        self.network.layout.width, self.table.layout.width = "336px", "336px"
        c = self.controls
        panel = [c["landscape"], self.network, c["eta"], c["mu"], c["noise"]]
        panel += [ipywidgets.HBox([c["w0"], c["w1"]]), c["step"], self.table]
        middle = ipywidgets.HBox([self.view, ipywidgets.VBox(panel)])
        super().__init__([title, buttons, self.message, middle, self.curve, fold])
        self.add_class("bpbook-board")
        middle.add_class("bpbook-side-by-side")
        for control in self.controls.values():
            control.complain = self.message.refuse
            control.observe(self._changed, "value")
        self._land()

    # Controls -------------------------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        wide: Any = {"style": {"description_width": "80px"}, "layout": {"width": "336px"}}
        narrow: Any = {"layout": {"width": "150px"}, "style": {"description_width": "60px"}}
        self.controls: dict[str, Any] = {
            "landscape": Choice(options=list(LANDSCAPES), description="landscape", **wide),
            "eta": Slider(0.28, min=0.02, max=8, step=0.02, readout_format=".2f", description="eta", **wide),
            "mu": Slider(0.0, min=0, max=0.95, step=0.05, readout_format=".2f", description="momentum", **wide),
            "noise": Slider(0.0, min=0, max=0.5, step=0.01, readout_format=".2f", description="noise", **wide),
            "w0": Typed(min=-20, max=20, description="start w₀", **narrow),
            "w1": Typed(min=-20, max=20, description="w₁", **narrow),
            "step": Count(0, min=0, max=STEPS, description="step", **wide),
        }
        self.run_button = button("Run", "Step by step until the ball is still or gone", self.run_or_pause, main=True)
        self.step_button = button("Step", "One step", self.step)
        self.rewind_button = button("Rewind", "Back to the start", self.rewind)
        self.reset_button = button("Reset", "Every control as it was at first", self.reset)

    @property
    def surface(self) -> Landscape:
        """The landscape that the ball rolls over."""
        return LANDSCAPES[self.controls["landscape"].value]

    # What the reader can do -----------------------------------------------------------------------------------

    @alone
    def run_or_pause(self) -> None:
        """Run until the ball is still or gone, or pause."""
        if self.running.on:
            self.running.stop()
            return
        if not self._going_on():
            self._set({"step": 0})
        self._look_running(True)
        self.running.start()

    @alone
    def step(self) -> None:
        """Take one step."""
        self._set({"step": self.controls["step"].value + 1})

    @alone
    def rewind(self) -> None:
        """Put the ball back to its start."""
        self.running.stop()
        self._set({"step": 0})

    @alone
    def reset(self) -> None:
        """Put every control back to how it was at first."""
        self._moving = True
        self.controls["landscape"].value = next(iter(LANDSCAPES))
        self._land()

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown."""
        return self.roll.lines()

    # How that is done -----------------------------------------------------------------------------------------

    def _tick(self) -> bool:
        self.step()
        return self._going_on()

    def _going_on(self) -> bool:
        """Say whether another step may change anything."""
        still = self.roll.noise == 0 and self.roll.state()["gradient"] <= STILL
        return not self.roll.gone and not still and self.controls["step"].value < STEPS

    def _ended(self, reason: str) -> None:
        self._look_running(False)
        if reason:
            self.message.say(reason)

    def _look_running(self, on: bool) -> None:
        self.run_button.description, self.view.busy = ("Pause" if on else "Run"), on
        self._write_code()

    @alone
    def _begin_at(self, u: float, v: float, _: int) -> None:
        self._set({"w0": round(u, 2), "w1": round(v, 2), "step": 0})

    def _set(self, values: dict[str, Any]) -> None:
        self._moving = True  # one picture, not one for each control
        for name, value in values.items():
            self.controls[name].value = min(value, STEPS) if name == "step" else value
        self._moving = False
        self._refresh()

    @alone
    def _changed(self, change: Any) -> None:
        if self._moving or change["new"] is None:  # refused: the control has put itself back
            return
        if change["owner"] is self.controls["landscape"]:
            self._land()
        else:
            self._refresh()

    def _land(self) -> None:
        """Show another landscape, with its own start and eta."""
        self.running.stop()
        surface = self.surface
        self.view.bounds = surface.bounds
        u, v = self.view.grid(CELLS)
        C = surface.heights(u, v)
        self.network.value = surface.words
        self.view.show(**relief(u, v, C, C.min(), steep=50))
        w0, w1 = surface.start
        self._set({"w0": w0, "w1": w1, "eta": surface.eta, "mu": 0.0, "noise": 0.0, "step": 0})

    def _refresh(self) -> None:
        c = {name: control.value for name, control in self.controls.items()}
        start = float(c["w0"]), float(c["w1"])
        self.roll = Roll(self.surface, start, float(c["eta"]), float(c["mu"]), float(c["noise"]), int(c["step"]))
        self.table.value = self._written()
        self.curve.show(self.roll)
        words = f"with eta = {self.roll.eta:.4g}, step {len(self.roll.way)} ended beyond ±{FAR:g}"
        self.message.say(
            f"The ball is gone: {words}. Choose a smaller eta, or rewind." if self.roll.gone else "",
            passing=self.running.on and not self.roll.gone,
        )
        if not self.running.on:
            self._write_code()
        self.view.show(paths=[path("ball", self.roll.way, 0, self.roll.gone)], alt=self.roll.words())

    def _draw(self, ax: Axes, roll: Roll) -> str:
        sharp = np.clip(roll.sharpness, -1, 3 * roll.edge)
        ax.plot(sharp, "o-", color=NEGATIVE, lw=1.2, ms=3)
        ax.axhline(roll.edge, color=POSITIVE, ls="--", lw=1.4)
        last = max(len(sharp) - 1, 10)
        ax.text(last, roll.edge, f"edge {number(roll.edge, 3)}", color=POSITIVE, ha="right", va="bottom", fontsize=9)
        top = 1.25 * max(roll.edge, float(sharp.max()))
        ax.set(xlim=(-0.02 * last, 1.02 * last), ylim=(min(0.0, float(sharp.min())), top), xlabel="step")
        ax.set_ylabel("sharpness")
        above = int((roll.sharpness > roll.edge).sum())
        return (
            f"Sharpness: {number(roll.sharpness[0], 3)} at the start, {number(roll.sharpness[-1], 3)} now; "
            f"above the edge of {number(roll.edge, 3)} at {above} of {len(sharp)} places."
        )

    # Words ----------------------------------------------------------------------------------------------------

    def _written(self) -> str:
        now = self.roll.state()
        numbers = {"C": now["C"], "length of the gradient": now["gradient"], "lowest curvature": now["lowest"]}
        numbers |= {"highest: sharpness": now["highest"], "edge, 2 (1 + momentum) / eta": self.roll.edge}
        rows = "".join(f"<tr><th>{name}</th><td>{number(value, 3)}</td></tr>" for name, value in numbers.items())
        return f'<table class="bpbook-table">{rows}</table><p style="line-height: 1.4">{self.roll.verdict()}</p>'

    def _write_code(self) -> None:
        self.code.value = f"<pre>{html.escape(self.lines())}</pre>"

    def __repr__(self) -> str:
        now, name, step = self.roll.state(), self.surface.name, len(self.roll.way) - 1
        bent = f"sharpness {number(now['highest'], 3)}, edge {number(self.roll.edge, 3)}"
        return f"[experiment] roll a ball; {name}, step {step}: C {number(now['C'], 3)}, {bent}"


def roll_a_ball() -> ipywidgets.VBox:
    """Return the experiment of chapter 15: a ball on the loss of two weights, and the exact curvature where it is.

    Examples
    --------
    >>> roll_a_ball()
    [experiment] roll a ball; two links, step 0: C 0.00845, sharpness 8.48, edge 7.14
    """
    return _Ball()
