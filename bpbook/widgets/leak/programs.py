"""Three forecasters, each a program of a few lines; the reader may do without some of them, and one lets the future in.

What is shown is what runs: `Program.text` makes the lines, and `run` hands them to Python.
"""

from typing import Any, NamedTuple

import numpy as np

from ...datasets import market

__all__ = ["PRICES", "PROGRAMS", "Line", "Program", "Result", "run"]


class Line(NamedTuple):
    """A line that the reader may do without.

    Attributes
    ----------
    on, off : str
        What runs with it and without; `off` may be empty.
    why : str
        What its author thought it was for.
    known : str
        What it knows, said when the reader has accused it.
    """

    on: str
    off: str
    why: str
    known: str


class Program(NamedTuple):
    """A forecaster.

    Attributes
    ----------
    task : str
        What it forecasts from what.
    lines : tuple of str and Line
        Text is always there; a `Line` can be switched off.
    leak : int
        Which of the `Line`s, counted from 1, lets the future in.
    """

    task: str
    lines: tuple["str | Line", ...]
    leak: int

    @property
    def switches(self) -> list[Line]:
        """The lines that can be switched off, in their order."""
        return [line for line in self.lines if isinstance(line, Line)]

    def text(self, on: tuple[bool, ...]) -> str:
        """Return the program, with some of its lines on and the others off."""
        state, written = iter(on), []
        for line in self.lines:
            written.append(line if isinstance(line, str) else line.on if next(state) else line.off)
        return "\n".join(line for line in written if line)


class Result(NamedTuple):
    """What a forecaster reached on the days that it was tested on.

    Attributes
    ----------
    hit : float
        Share of the days on which the forecast had the sign of the return.
    R2 : float
        Share of the squared returns that the forecast explains: 0 for always forecasting zero, 1 for knowing all.
    up : float
        Hit rate of always saying up.
    """

    hit: float
    R2: float
    up: float


PRICES = "prices = bp.datasets.market.sp500()"
HEAD = f"""import numpy as np, bpbook as bp
from numpy.lib.stride_tricks import sliding_window_view
{PRICES}
date, r, v = bp.datasets.market.days(prices)"""
CUT = "cut = int(0.7 * len(x))"
IN_ORDER = f"{CUT}\ntrain, test = np.arange(cut), np.arange(cut, len(x))"
SCORE = """forecast = y[train].std() * net.predict(x[test])
hit = np.mean((forecast > 0) == (y[test] > 0))
R2 = 1 - np.mean((y[test] - forecast) ** 2) / np.mean(y[test] ** 2)"""


def _fit(epochs: int, batch_size: int) -> str:
    settings = f"epochs={epochs}, batch_size={batch_size}, optimizer=bp.Adam(eta=0.01), progress=False"
    return f"net.fit(x[train], y[train] / y[train].std(), {settings})"


WEAK = "Without it the network is too weak to use what leaks in. The leak is still there: look for what feeds it."


def _scale(known: str) -> Line:
    return Line(
        "x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)",
        "x = x / x[train].std()",
        "give every input the same scale",
        f"Mean and spread come from the training days, so this line knows nothing that they do not. {known}".strip(),
    )


def _layers(hidden: int, activation: str, known: str) -> Line:
    rest = f'hidden="{activation}", loss="squared_error", seed=0)'
    return Line(
        f"net = bp.MLP([x.shape[1], {hidden}, 1], {rest}",
        f"net = bp.MLP([x.shape[1], 1], {rest}",
        f"{hidden} hidden units",
        f"Hidden units can use what the inputs know, and they cannot know more than the inputs do. {known}".strip(),
    )


PROGRAMS = {
    "the smooth one": Program(
        "Forecasts tomorrow's return from the last ten.",
        (
            HEAD,
            Line(
                's = np.convolve(r, np.ones(3) / 3, mode="same")',
                "s = r",
                "smooth the noise away",
                "Each smoothed day is the mean of the day before, the day itself and the day after. So the newest "
                "input holds a third of tomorrow's return, the very number that is to be forecast.",
            ),
            Line(
                "s = np.clip(s, -0.05, 0.05)",
                "",
                "tame the wildest days",
                "It changes each day by itself, with bounds that were fixed beforehand.",
            ),
            "x, y = sliding_window_view(s, 10)[:-1], r[10:]",
            IN_ORDER,
            _scale(""),
            _layers(16, "tanh", ""),
            _fit(30, 256),
            SCORE,
        ),
        leak=1,
    ),
    "the card player": Program(
        "Forecasts the return of the next 20 days from the last year.",
        (
            HEAD,
            "means = [sliding_window_view(a, n).mean(axis=1)[250 - n:] for a in (r, v) for n in (22, 66, 250)]",
            "x, y = np.column_stack(means)[:-20], sliding_window_view(r, 20).sum(axis=1)[250:]",
            "order = np.arange(len(x))",
            Line(
                "order = np.random.default_rng(0).permutation(len(x))",
                "",
                "deal the days like cards, so that the test is fair",
                "Two neighbouring days share 19 of the 20 days that their answers are about. Dealt like cards, nearly "
                "every test day has neighbours among the training days, and their answer is nearly its own.",
            ),
            f"{CUT}\ntrain, test = order[:cut], order[cut:]",
            Line(
                "train = train[:-19]",
                "",
                "no training answer reaches into the test",
                "On the contrary: in order of time, this line keeps the last training answers out of the test days.",
            ),
            _scale(WEAK),
            _layers(64, "relu", WEAK),
            _fit(100, 64),
            SCORE,
        ),
        leak=1,
    ),
    "the range reader": Program(
        "Forecasts tomorrow's return from where in its range the market closed on the last five days.",
        (
            HEAD,
            "place = (prices.close - prices.low) / (prices.high - prices.low)",
            Line(
                "place = 2 * place - 1",
                "",
                "from -1 at the low to 1 at the high",
                "It only moves and stretches the numbers.",
            ),
            Line(
                "x, y = sliding_window_view(place, 5)[2:], r[5:]",
                "x, y = sliding_window_view(place, 5)[1:-1], r[5:]",
                "line five days up with the day after",
                "Off by one: row 0 holds days 2 to 6, and its answer is the return of day 6. On the evening that it "
                "reads, the day is over and there is nothing left to forecast.",
            ),
            IN_ORDER,
            _scale(""),
            _layers(16, "tanh", ""),
            _fit(30, 256),
            SCORE,
        ),
        leak=2,
    ),
}
"""By name. Each uses real prices, and each reaches a hit rate that nobody honest has."""


def run(text: str, prices: market.Prices) -> Result:
    """Run the lines of a program on these prices, and return what it reached."""
    names: dict[str, Any] = {"prices": prices}
    exec(text.replace(f"{PRICES}\n", ""), names)
    up = float(np.mean(names["y"][names["test"]] > 0))
    return Result(float(names["hit"]), float(names["R2"]), up)
