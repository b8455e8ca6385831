"""A network that learns to tell two classes of points apart, with a record from which all its numbers come again."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import datasets
from ..backprop import Cache
from ..mlp import MLP
from ..optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSProp
from .words import number

__all__ = ["OPTIMIZERS", "OWN", "Settings", "Trainer", "place_name"]

Array = NDArray[Any]
OPTIMIZERS: dict[str, type[Optimizer]] = {kind.__name__: kind for kind in (GradientDescent, Momentum, RMSProp, Adam)}
OWN = "your own points"
POINTS, PATIENCE = 200, 20
"""Points of a data set that comes with bpbook; epochs without any gain before that is said."""


@dataclass(frozen=True)
class Settings:
    """What a training run depends on. A change of one of `GOES_ON` goes on from the weights that are there.

    The hidden layers are `depth` times `width` units, or those of `widths` where it is not empty.
    """

    dataset: str = "circles"
    noise: float = 0.1
    share: float = 0.25
    depth: int = 2
    width: int = 4
    hidden: str = "tanh"
    loss: str = "binary_cross_entropy"
    seed: int = 0
    optimizer: str = "Adam"
    eta: float = 0.02
    lmbda: float = 0.0
    batch_size: int = 16
    widths: tuple[int, ...] = ()

    def layers(self) -> tuple[int, ...]:
        """Return how many units each hidden layer has."""
        return self.widths or (self.width,) * self.depth


GOES_ON = ("optimizer", "eta", "lmbda", "batch_size")


@dataclass(frozen=True)
class Fit:
    """So many epochs with these settings."""

    settings: Settings
    epochs: int


@dataclass(frozen=True)
class Hand:
    """A weight [l, i, j] or a bias [l, j] that the reader set."""

    place: tuple[int, ...]
    value: float


def place_name(place: tuple[int, ...]) -> str:
    """Return W[l][i, j] for the weight (l, i, j), or b[l][j] for the bias (l, j)."""
    l, *units = place
    return f"{'W' if len(units) == 2 else 'b'}[{l}]{units}"


class Trainer:
    """One network, its points, and what was done to it.

    Parameters
    ----------
    settings : Settings
    own : sequence of (x_0, x_1, class)
        The reader's own points, which count when the data set is OWN.

    Attributes
    ----------
    net : MLP
    x, y, x_test, y_test : arrays of shape (m, 2), (m,), and the same for the points held out
    losses, test_losses : list of float
        C after each epoch, the one before the first step at index 0; nan where there are no points.
    record : list of Fit and Hand
    """

    def __init__(self, settings: Settings, own: Sequence[tuple[float, float, int]] = ()) -> None:
        self.settings, self.own = settings, list(own)
        self._place_points()
        self.rewind()

    def _place_points(self) -> None:
        s = self.settings
        if s.dataset == OWN:
            x, y = np.array([point[:2] for point in self.own]).reshape(-1, 2), np.array([p[2] for p in self.own], int)
        else:
            x, y = datasets.TOYS[s.dataset](m=POINTS, noise=s.noise, seed=s.seed)
        self.whole = x, y
        self.x, self.y, self.x_test, self.y_test = x, y, x[:0], y[:0]
        if int(s.share * len(x)):
            self.x, self.y, self.x_test, self.y_test = datasets.shuffled_split(x, y, share=s.share, seed=s.seed)

    def rewind(self) -> None:
        """Go back to the network of the same seed, before the first step."""
        s = self.settings
        sizes = [2, *s.layers(), 2 if s.loss == "softmax_cross_entropy" else 1]
        self.net = MLP(sizes, hidden=s.hidden, loss=s.loss, lmbda=s.lmbda, seed=s.seed)
        self._first_lmbda = s.lmbda
        self.record: list[Fit | Hand] = []
        self._seen = self._weights()
        self.losses, self.test_losses = [self.loss()], [self.loss(test=True)]

    # Numbers --------------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """How many epochs were trained."""
        return len(self.losses) - 1

    def loss(self, test: bool = False) -> float:
        """Return C over the points that are trained on, or over those held out; nan where there are none."""
        x, y = (self.x_test, self.y_test) if test else (self.x, self.y)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.net.loss(self.net.forward(x), y) if len(x) else float("nan")

    def probability(self, x: Array) -> Array:
        """Return how sure the network is of class 1, of shape (m,); for squared_error its output, cut to [0, 1]."""
        with np.errstate(over="ignore", invalid="ignore"):
            if self.net.loss_function.targets == "values":
                return np.clip(self.net.forward(x).a[-1][:, 0], 0, 1)
            return self.net.predict_proba(x)[:, -1]

    def right(self, test: bool = False) -> float:
        """Return the share of points that lie on the side of their class; nan where there are none."""
        x, y = (self.x_test, self.y_test) if test else (self.x, self.y)
        return float(((self.probability(x) > 0.5) == y).mean()) if len(x) else float("nan")

    def see(self, x: Array) -> Cache:
        """Return z[l] and a[l] of every layer for x of shape (m, 2)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.net.forward(x)

    # What changes them ----------------------------------------------------------------------------------------

    def obstacle(self) -> str:
        """Return why nothing can be trained, or an empty text."""
        if not len(self.x):
            return "There are no points to train on. Click into the plane, or choose a data set."
        if len(missing := {0, 1} - set(self.y.tolist())) == 1:
            return f"There are no points of class {missing.pop()} to train on; a boundary needs both. Add some."
        return ""

    def advice(self) -> str:
        """Return what to try when C has stayed above its first value for so long that it is not by chance, or "".

        Weights set by hand do not count: the first value is that of the weights with which training began.
        """
        last = self.losses[-PATIENCE:]
        if self.epoch < PATIENCE or min(last) <= self.losses[0]:
            return ""
        return (
            f"C has been above its first value, {number(self.losses[0], 4)}, for {PATIENCE} epochs: with "
            f"eta = {self.settings.eta:g} the steps are too long. Choose an eta ten times smaller and rewind."
        )

    def change(self, settings: Settings) -> bool:
        """Take new settings; return whether the network had to begin anew."""
        self.notice()
        before, self.settings = self.settings, settings
        goes_on = {name: getattr(settings, name) for name in GOES_ON}
        if replace(before, **goes_on) == settings:
            self.net.params = self.net.params._replace(lmbda=settings.lmbda)
            if not self.record:
                self.rewind()
            self.losses[-1], self.test_losses[-1] = self.loss(), self.loss(test=True)
            return False
        self._place_points()
        self.rewind()
        return True

    def take(self, own: Sequence[tuple[float, float, int]]) -> None:
        """Take the reader's own points in place of those that were there, and begin anew."""
        self.own, self.settings = list(own), replace(self.settings, dataset=OWN)
        self._place_points()
        self.rewind()

    def train(self, epochs: int = 1) -> str:
        """Train for so many epochs; return why it ended early, or an empty text.

        An epoch in which a number becomes inf or nan is taken back whole, so that the record stays true.
        """
        self.notice()
        for _ in range(epochs):
            before = self._kept()
            try:
                self._epoch()
                C = self.loss()
                if not np.isfinite(C):
                    raise FloatingPointError(f"C became {C}")
            except FloatingPointError as reason:
                self._put_back(before)
                what = str(reason).split(" in epoch")[0]
                return (
                    f"Training overflows with eta = {self.settings.eta:g}: in epoch {self.epoch + 1} {what}. The "
                    f"weights of epoch {self.epoch} are kept. Choose a smaller eta, or rewind."
                )
            self._seen = self._weights()
            self.losses.append(C)
            self.test_losses.append(self.loss(test=True))
            last = self.record[-1] if self.record else None
            if isinstance(last, Fit) and last.settings == self.settings:
                self.record[-1] = replace(last, epochs=last.epochs + 1)
            else:
                self.record.append(Fit(self.settings, 1))
        return ""

    def _epoch(self) -> None:
        s, kind = self.settings, OPTIMIZERS[self.settings.optimizer]
        optimizer = self.net.optimizer
        if type(optimizer) is not kind:
            optimizer = kind(s.eta)
        optimizer.eta = s.eta
        self.net.fit(
            self.x, self.y, epochs=1, batch_size=s.batch_size, optimizer=optimizer, seed=s.seed, progress=False
        )

    def set(self, place: tuple[int, ...], value: float) -> None:
        """Set the weight [l, i, j] or the bias [l, j]."""
        l, *units = place
        (self.net.W if len(units) == 2 else self.net.b)[l][tuple(units)] = value
        self.notice()

    def notice(self) -> str:
        """Put on record every weight and bias that was set since the last epoch, here or through `net`.

        One that is nan or inf is put back; the text returned says so and is empty otherwise.
        """
        trouble, L = "", len(self.net.W) - 1
        for k, (array, before) in enumerate(zip([*self.net.W[1:], *self.net.b[1:]], self._seen, strict=True)):
            for units in np.argwhere(array != before).tolist():
                place, value = (k % L + 1, *units), float(array[tuple(units)])
                if np.isfinite(value):
                    self.record.append(Hand(place, value))
                else:
                    array[tuple(units)] = before[tuple(units)]
                    trouble = f"{place_name(place)} must be a finite number; got {value}. It is as it was."
        self._seen = self._weights()
        self.losses[-1], self.test_losses[-1] = self.loss(), self.loss(test=True)
        return trouble

    def _weights(self) -> list[Array]:
        """Return copies of W[1], ..., W[L], b[1], ..., b[L]."""
        return [array.copy() for array in [*self.net.W[1:], *self.net.b[1:]]]

    def _kept(self) -> tuple[list[Array], Any, int]:
        return self._weights(), copy.deepcopy(self.net.optimizer), len(self.net.history.loss)

    def _put_back(self, kept: tuple[list[Array], Any, int]) -> None:
        weights, self.net.optimizer, epochs = kept
        for array, before in zip([*self.net.W[1:], *self.net.b[1:]], weights, strict=True):
            array[...] = before
        for values in vars(self.net.history).values():
            del values[epochs:]

    # The same again -------------------------------------------------------------------------------------------

    def lines(self) -> str:
        """Return the lines of bpbook that make these numbers: net, C and, where points are held out, C_test."""
        s = self.settings
        lines = ["import numpy as np", "import bpbook as bp"]
        if s.dataset == OWN:
            lines += [f"x = np.array({self.whole[0].tolist()})", f"y = np.array({self.whole[1].tolist()})"]
        else:
            lines += [f"x, y = bp.datasets.{s.dataset}(m={POINTS}, noise={s.noise}, seed={s.seed})"]
        if len(self.x_test):
            lines += [f"x, y, x_test, y_test = bp.datasets.shuffled_split(x, y, share={s.share}, seed={s.seed})"]
        decay = f", lmbda={self._first_lmbda}" if self._first_lmbda else ""
        lines += [f'net = bp.MLP({self.net.sizes}, hidden="{s.hidden}", loss="{s.loss}"{decay}, seed={s.seed})']
        lines += self._record_lines()
        if len(self.x):
            lines += ["C = net.loss(net.forward(x), y)"]
        if len(self.x_test):
            lines += ["C_test = net.loss(net.forward(x_test), y_test)"]
        return "\n".join(lines)

    def _record_lines(self) -> list[str]:
        lines: list[str] = []
        lmbda, before = self._first_lmbda, None
        decay = "net.params = net.params._replace(lmbda={})".format
        for done in self.record:
            if isinstance(done, Hand):
                lines += [f"net.{place_name(done.place)} = {done.value!r}"]
                continue
            s = done.settings
            if s.lmbda != lmbda:
                lines += [decay(s.lmbda)]
            if before and before.optimizer == s.optimizer and before.eta != s.eta:
                lines += [f"net.optimizer.eta = {s.eta}"]
            new = before is None or before.optimizer != s.optimizer
            optimizer = f", optimizer=bp.{s.optimizer}(eta={s.eta})" if new else ""
            how = f"epochs={done.epochs}, batch_size={s.batch_size}{optimizer}, seed={s.seed}, progress=False"
            lines += [f"net.fit(x, y, {how})"]
            lmbda, before = s.lmbda, s
        return lines + ([decay(self.settings.lmbda)] if self.settings.lmbda != lmbda else [])
