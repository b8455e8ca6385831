"""Chapter 06: four optimizers race over a surface of the reader's choice."""

import html
from typing import Any

import ipywidgets
import numpy as np

from ..controls.inputs import Choice, Count, Message, Slider, Typed, button, code
from ..controls.running import Running, alone
from ..controls.words import number
from ..views.plane import PlaneView, path, place, relief
from .rules import next_step
from .run import CLOSE, FAR, RUNNERS, RaceRun
from .surfaces import SURFACES, Surface

__all__ = ["race"]

MARKS = "●■▲◆"
ETA, STEPS = 0.08, 300
"""The first eta; how many steps a race has."""
QUESTION = "Which optimizer crosses the narrow valley first, and which never gets there when eta doubles?"


class _Race(ipywidgets.VBox):
    """The surface, the start, four etas and a number of steps; all that is shown follows from their `run`."""

    run: RaceRun

    def __init__(self) -> None:
        self.message = Message()
        self.running = Running("race", self._tick, self._ended, rest=0.04)
        self._make_controls()
        hint = "Click, or arrow keys and Enter, to choose where all four start."
        self.view = PlaneView((-1, 1, -1, 1), ("w₀", "w₁"), 430, 370, "sequential", "start", "Optimizer race", hint)
        self.view.on_add = self._begin_at
        self.view.on_drawn = self.running.drawn
        self.table, self.rules, (self.code, fold) = ipywidgets.HTML(), ipywidgets.HTML(), code()
        self.rules.add_class("bpbook-rules")
        title = ipywidgets.HTML(f"<b>The optimizer race.</b> {QUESTION}")
        buttons = ipywidgets.HBox([self.run_button, self.step_button, self.rewind_button, self.reset_button])
        middle = ipywidgets.HBox([self.view, self._panel()])
        super().__init__([title, buttons, self.message, middle, self.rules, fold])
        self.add_class("bpbook-board")
        middle.add_class("bpbook-side-by-side")
        self._moving = False
        for control in self.controls.values():
            control.complain = self.message.refuse
            control.observe(self._changed, "value")
        self._land()

    # Controls -------------------------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        wide: Any = {"style": {"description_width": "112px"}, "layout": {"width": "336px"}}
        self.controls: dict[str, Any] = {"surface": Choice(options=list(SURFACES), description="surface", **wide)}
        for name in RUNNERS:
            self.controls[name] = Slider(
                ETA, min=0.002, max=0.5, step=0.002, readout_format=".3f", description=name, **wide
            )
        narrow: Any = {"layout": {"width": "150px"}, "style": {"description_width": "60px"}}
        self.controls["w0"] = Typed(min=-10, max=10, description="start w₀", **narrow)
        self.controls["w1"] = Typed(min=-10, max=10, description="w₁", **narrow)
        self.controls["step"] = Count(0, min=0, max=STEPS, description="step", **wide)
        self.together = ipywidgets.Checkbox(
            True, description="one eta for all four", indent=False, layout={"width": "auto"}
        )
        self.run_button = button("Run", "Step by step until all are there", self.run_or_pause, main=True)
        self.step_button = button("Step", "One step of all four", self.step)
        self.rewind_button = button("Rewind", "Back to the start", self.rewind)
        self.reset_button = button("Reset", "Every control as it was at first", self.reset)
        self.half_button = button("eta ÷ 2", "Halve every eta", lambda: self._scale(0.5))
        self.double_button = button("eta × 2", "Double every eta", lambda: self._scale(2))

    def _panel(self) -> ipywidgets.VBox:
        c, row = self.controls, ipywidgets.HBox
        self.formula = ipywidgets.HTML()
        etas = row([self.together, self.half_button, self.double_button])
        start = row([c["w0"], c["w1"]])
        return ipywidgets.VBox(
            [c["surface"], self.formula, etas, *(c[name] for name in RUNNERS), start, c["step"], self.table]
        )

    @property
    def surface(self) -> Surface:
        """The surface that is raced on."""
        return SURFACES[self.controls["surface"].value]

    def _steps(self) -> int:
        return int(self.controls["step"].value)

    def eta(self, name: str) -> float:
        """Return the learning rate of one optimizer."""
        return float(self.controls[name].value)

    # What the reader can do -----------------------------------------------------------------------------------

    @alone
    def run_or_pause(self) -> None:
        """Run until all are there, or pause."""
        if self.running.on:
            self.running.stop()
            return
        if not self._going_on():
            self._set({"step": 0})
        self._look_running(True)
        self.running.start()

    @alone
    def step(self) -> None:
        """Let all four take one step."""
        self._set({"step": self._steps() + 1})

    @alone
    def rewind(self) -> None:
        """Put all four back to the start."""
        self.running.stop()
        self._set({"step": 0})

    @alone
    def reset(self) -> None:
        """Put every control back to how it was at first."""
        self._moving = True
        self.controls["surface"].value, self.together.value = next(iter(SURFACES)), True
        for name in RUNNERS:
            self.controls[name].value = ETA
        self._land()

    @alone
    def _scale(self, factor: float) -> None:
        etas = {name: self.eta(name) * factor for name in RUNNERS}
        low, high = self.controls["Adam"].min, self.controls["Adam"].max
        if all(low <= eta <= high for eta in etas.values()):
            self._set(etas)
        else:
            self.message.refuse(f"An eta must be from {low:g} to {high:g}; all four stay as they were.")

    # How that is done -----------------------------------------------------------------------------------------

    def _tick(self) -> bool:
        self.step()
        return self._going_on()

    def _going_on(self) -> bool:
        """Say whether another step may change anything: someone is neither there nor gone, and steps are left."""
        return self.run.under_way() and self._steps() < STEPS

    def _ended(self, reason: str) -> None:
        self._look_running(False)
        if reason:
            self.message.say(reason)

    def _look_running(self, on: bool) -> None:
        self.run_button.description, self.view.busy = ("Pause" if on else "Run"), on
        self.rules.value = "" if on else self._rules()
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
        if change["owner"] is self.controls["surface"]:
            self._land()
        elif self.together.value and change["owner"].description in RUNNERS:
            self._set(dict.fromkeys(RUNNERS, change["new"]))
        else:
            self._refresh()

    def _land(self) -> None:
        """Show another surface, with its own start."""
        self.running.stop()
        surface = self.surface
        self.view.bounds = surface.bounds
        u, v = self.view.grid(80)
        C = surface.function(*np.meshgrid(u, v))
        self.formula.value = f"<i>C</i> = {surface.formula}, lowest at {place(surface.goal)}"
        self.view.show(**relief(u, v, C, surface.least, steep=8), texts=[[*surface.goal, "✕"]])
        self._set({"w0": surface.start[0], "w1": surface.start[1], "step": 0})

    def _refresh(self) -> None:
        start = float(self.controls["w0"].value), float(self.controls["w1"].value)
        etas = {name: self.eta(name) for name in RUNNERS}
        self.run = RaceRun(self.surface, start, etas, self._steps())
        paths = [path(name, way, k, self.run.gone(name)) for k, (name, way) in enumerate(self.run.ways.items())]
        self.table.value = self._written()
        self.rules.value = "" if self.running.on else self._rules()
        gone = [f"{name} with eta = {self.eta(name):.4g}" for name in RUNNERS if self.run.gone(name)]
        words = (
            f"Diverged beyond ±{FAR:g}: {', '.join(gone)}. Choose a smaller eta (the race is run again as you move it),"
        )
        self.message.say(f"{words} or rewind." if gone else "", passing=self.running.on and not gone)
        if not self.running.on:
            self._write_code()
        self.view.show(paths=paths, alt=self.run.words())

    # Words ----------------------------------------------------------------------------------------------------

    def _written(self) -> str:
        rows = ""
        for k, (name, way) in enumerate(self.run.ways.items()):
            arrival = self.run.arrival(name)
            there = "gone" if self.run.gone(name) else "not yet" if arrival is None else f"step {arrival}"
            C = "too large" if self.run.gone(name) else number(self.surface(way[-1]), 4)
            rows += f'<tr><td><span class="style-{k}">{MARKS[k]}</span> {name}</td><td>{self.eta(name):.3g}</td>'
            rows += f"<td>{C}</td><td>{there}</td></tr>"
        head = f"<th>optimizer</th><th>eta</th><th>C now</th><th>C below {self.surface.least + CLOSE:.3g}</th>"
        return f'<table class="bpbook-table"><tr>{head}</tr>{rows}</table>'

    def _rules(self) -> str:
        """Return the next step of each optimizer that is not gone, with its numbers; it is shown while none runs."""
        there = {name: way[-1] for name, way in self.run.ways.items() if not self.run.gone(name)}
        steps = [next_step(self.run.optimizers[name], w, self.surface.gradient(w)) for name, w in there.items()]
        return f"The next step, with its numbers:<br>{'<br>'.join(steps)}"

    def _write_code(self) -> None:
        self.code.value = f"<pre>{html.escape(self.lines())}</pre>"

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown: w and C of each optimizer."""
        return self.run.lines()

    def __repr__(self) -> str:
        return f"[experiment] optimizer race; {self.view.alt}"


def race() -> ipywidgets.VBox:
    """Return the experiment of chapter 06: gradient descent, momentum, RMSProp and Adam race over a surface.

    Examples
    --------
    >>> race()
    [experiment] optimizer race; Narrow valley, step 0 from (−4, 1.5).
    """
    return _Race()
