"""The board: a program with switches, every try as a bar, and an accusation."""

import html
from typing import Any

import ipywidgets
from matplotlib.axes import Axes

from ...datasets import market
from ...plots import NEGATIVE, NEUTRAL, POSITIVE
from ..controls.inputs import Choice, Message, button, code
from ..views.figure_view import FigureView
from .programs import PRICES, PROGRAMS, Line, Program, Result, run

__all__ = ["find_the_leak"]

QUESTION = "Each forecaster is far too good. One line lets the future in: which?"
ROWS = 6
"""How many tries the picture holds."""


class _Leak(ipywidgets.VBox):
    """A forecaster whose lines can be switched off; `result` is what it reaches with those that are on.

    Attributes
    ----------
    switches : list of Checkbox
        One for each line that can be switched off.
    tries : list of (name, Result)
        What was tried, in order.
    """

    result: Result

    def __init__(self, prices: market.Prices | None) -> None:
        self._head = PRICES if prices is None else "prices = ...  # the series that you gave"
        self._prices = market.sp500() if prices is None else prices
        market.days(self._prices)  # refuses what is no series of prices
        self._known: dict[str, Result] = {}
        self.tries: list[tuple[str, Result]] = []
        self.message, self.view = Message(), FigureView(self._draw, 7.2, 2.3)
        wide: Any = {"style": {"description_width": "80px"}, "layout": {"width": "230px"}}
        self.forecaster = Choice(options=list(PROGRAMS), description="forecaster", **wide)
        self.accused = Choice(options=["line 1"], description="the leak is", **wide)
        self.accuse_button = button("Accuse", "Say that this line lets the future in", self.accuse, main=True)
        self.rewind_button = button("Rewind", "All lines on, nothing tried", self.rewind)
        self.task, self.listing, (self.code, fold) = ipywidgets.HTML(), ipywidgets.VBox(), code()
        self.switches: list[ipywidgets.Checkbox] = []
        self.message.layout.min_height = "58px"  # so that the picture stays where it is when there is something to say
        for control in (self.forecaster, self.accused):
            control.complain = self.message.refuse
        self.forecaster.observe(self._chosen, "value")
        title = ipywidgets.HTML(f"<b>Find the leak.</b> {QUESTION}")
        top = ipywidgets.HBox([self.forecaster, self.rewind_button, self.accused, self.accuse_button])
        super().__init__([title, top, self.task, self.listing, self.message, self.view, fold])
        self.add_class("bpbook-stored")
        self._land()

    @property
    def program(self) -> Program:
        """The forecaster that is looked at."""
        return PROGRAMS[self.forecaster.value]

    @property
    def on(self) -> tuple[bool, ...]:
        """Which of its lines are on."""
        return tuple(bool(switch.value) for switch in self.switches)

    # What the reader can do -----------------------------------------------------------------------------------

    def accuse(self) -> None:
        """Say whether the accused line is the leak, and show what the forecaster reaches without it."""
        number = self.accused.index + 1
        every = (True,) * len(self.switches)
        without = self._reach(tuple(k != number - 1 for k in range(len(every))))
        said = f"Without line {number} alone it hits {without.hit:.1%} in place of {self._reach(every).hit:.1%}."
        verdict = "Right." if number == self.program.leak else "Not this one."
        self.message.say(f"{verdict} {html.escape(self.program.switches[number - 1].known)} {said}")

    def rewind(self) -> None:
        """Switch all lines on and forget what was tried."""
        self._land()

    def lines(self) -> str:
        """Return the program with the lines that are on: what runs, and what makes the numbers shown."""
        return self.program.text(self.on).replace(PRICES, self._head)

    # How that is done -----------------------------------------------------------------------------------------

    def _reach(self, on: tuple[bool, ...]) -> Result:
        """Return what the forecaster reaches with these lines; each combination runs once."""
        text = self.program.text(on)
        if text not in self._known:
            self._known[text] = run(text, self._prices)
        return self._known[text]

    def _chosen(self, change: Any) -> None:
        if change["new"] is not None:
            self._land()

    def _land(self) -> None:
        """Show a forecaster as its author wrote it."""
        lines = self.program.switches
        self.task.value = self.program.task
        self.switches = [
            ipywidgets.Checkbox(True, description=f"line {k}", indent=False, layout={"width": "90px"})
            for k in range(1, len(lines) + 1)
        ]
        self._written = [ipywidgets.HTML() for _ in lines]
        self.listing.children = [
            ipywidgets.HBox([switch, written]) for switch, written in zip(self.switches, self._written, strict=True)
        ]
        for switch in self.switches:
            switch.observe(self._switched, "value")
        self.accused.exchange([(switch.description, switch.description) for switch in self.switches])
        self.tries = []
        self.message.say("")
        self._switched()

    def _switched(self, _: Any = None) -> None:
        """Run the program as it stands, and add the try to the picture."""
        self.result = self._reach(self.on)
        off = [str(k) for k, on in enumerate(self.on, start=1) if not on]
        name = f"without {', '.join(off)}" if off else "all lines"
        self.tries = [(known, result) for known, result in self.tries if known != name] + [(name, self.result)]
        for line, switch, written in zip(self.program.switches, self.switches, self._written, strict=True):
            written.value = _shown(line, switch.value)
        self.code.value = f"<pre>{html.escape(self.lines())}</pre>"
        self.view.show(self.tries[-ROWS:])

    def _draw(self, ax: Axes, tries: list[tuple[str, Result]]) -> str:
        name, now = tries[-1]
        for row, (known, result) in enumerate(tries):
            newest = row == len(tries) - 1
            ax.barh(row, 100 * result.hit, height=0.76, color=NEGATIVE if newest else NEUTRAL)
            ax.text(1, row, known, color="white", fontsize=9, va="center")
            ax.text(103, row, f"{result.hit:.1%}   R² {result.R2:+.2f}", fontsize=9, va="center")
        ax.axvline(100 * now.up, color=POSITIVE, linestyle="--")
        ax.text(100 * now.up + 0.8, ROWS - 0.8, f"always “up”: {now.up:.1%}", color=POSITIVE, fontsize=9, va="center")
        ax.set(xlim=(0, 135), ylim=(ROWS - 0.4, -0.6), xticks=range(0, 101, 25), yticks=[])
        ax.set_xlabel("test days with the right sign, in %", x=50 / 135)
        return (
            f"{name[0].upper()}{name[1:]}: the sign is right on {now.hit:.1%} of the test days, R² {now.R2:+.2f}. "
            f"Always saying “up” is right on {now.up:.1%}.\n"
            f"Tried so far: {'; '.join(f'{known} {result.hit:.1%}' for known, result in tries)}."
        )

    def __repr__(self) -> str:
        return f"[experiment] find the leak; {self.forecaster.value}, hit rate {self.result.hit:.3g}"


def _shown(line: Line, on: bool) -> str:
    """Return a line of code as it stands, with what its author thought it was for."""
    text = line.on if on else line.off or "(left out)"
    written = f"<code>{html.escape(text)}</code><br><i># {html.escape(line.why)}</i>"
    return f'<div style="line-height: 1.3">{written}</div>'


def find_the_leak(prices: market.Prices | None = None) -> ipywidgets.VBox:
    """Return the experiment of chapter 10: three forecasters that are too good, and the line that each dies of.

    Parameters
    ----------
    prices : Prices, optional
        A series of your own, from `bp.datasets.market.read` or `prices`. The S&P 500 unless you say otherwise.

    Raises
    ------
    TypeError
        prices is no such series.

    Examples
    --------
    >>> find_the_leak()
    [experiment] find the leak; the smooth one, hit rate 0.838
    """
    return _Leak(prices)
