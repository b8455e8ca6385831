"""A network that learns points in the plane, with a record from which all its numbers come again."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....backprop import Cache
from ....datasets import features, shuffled_split
from ....mlp import MLP
from ...controls.words import place_name
from .record import Fit, Hand, opening_lines, record_lines
from .settings import GOES_ON, OPTIMIZERS, OWN, OWN_VALUES, Point, Settings

__all__ = ["Trainer"]

Array = NDArray[Any]


class Trainer:
    """One network, its points, and what was done to it.

    Parameters
    ----------
    settings : Settings
    own : dict, optional
        What the attribute `own` is to be.

    Attributes
    ----------
    net : MLP
    own : dict
        The reader's own points with classes and with values, which count when the data set is OWN or OWN_VALUES.
    x, y, x_test, y_test : arrays of shape (m, 2), (m,), and the same for the points held out
    losses, test_losses : list of float
        C after each epoch, the one before the first step at index 0; nan where there are no points.
    record : list of Fit and Hand
    first_penalties : dict
        The lambda and lambda_1 with which the network began.
    """

    def __init__(self, settings: Settings, own: dict[str, list[Point]] | None = None) -> None:
        self.settings = settings
        self.own = {OWN: [], OWN_VALUES: []} if own is None else dict(own)
        self._place_points()
        self.rewind()

    def _place_points(self) -> None:
        s = self.settings
        self.whole = x, y = s.points(self.own.get(s.dataset, []))
        self.x, self.y, self.x_test, self.y_test = x, y, x[:0], y[:0]
        if int(s.share * len(x)):
            self.x, self.y, self.x_test, self.y_test = shuffled_split(x, y, share=s.share, seed=s.seed)

    def points(self, valued: bool) -> list[Point]:
        """Return all points; asked for values, a class becomes 1 or -1, and asked for classes, a value its sign's."""
        (x, y), same = self.whole, valued == self.settings.valued
        targets = y if same else 2 * y - 1 if valued else y > 0
        kind = float if valued else int
        return [(float(u), float(v), kind(target)) for (u, v), target in zip(x, targets, strict=True)]

    def rewind(self) -> None:
        """Go back to the network of the same seed, before the first step."""
        s = self.settings
        self.net = MLP(s.sizes(), hidden=s.hidden, loss=s.measure, seed=s.seed, **s.penalties)
        self.first_penalties = s.penalties
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
        x, y = self._side(test)
        return self.net.loss(self.see(x), y) if len(x) else float("nan")

    def score(self, test: bool = False) -> float:
        """Return the share of points on the side of their class, or R^2; nan where there is none."""
        x, y = self._side(test)
        if not len(x) or (self.settings.valued and np.ptp(y) == 0):
            return float("nan")
        return self.net.score(self._given(x), y) if self.settings.valued else float(((self.shade(x) > 0) == y).mean())

    def shade(self, x: Array) -> Array:
        """Return what the plane is coloured by at x of shape (m, 2): an array of shape (m,).

        Where the points have values it is the output; else from -1, sure of class 0, to 1, sure of class 1.
        """
        output = self.see(x).a[-1][:, 0]
        if self.settings.valued:
            return output
        if self.net.loss_function.targets == "values":
            return 2 * np.clip(output, 0, 1) - 1
        with np.errstate(over="ignore", invalid="ignore"):
            return 2 * self.net.predict_proba(self._given(x))[:, -1] - 1

    def see(self, x: Array) -> Cache:
        """Return z[l] and a[l] of every layer for points x of shape (m, 2); a[0] is what the network is given."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.net.forward(self._given(x))

    def _given(self, x: Array) -> Array:
        return features(x, self.settings.inputs)

    def examples(self, test: bool = False) -> tuple[Array, Array]:
        """Return what the network is given of the points trained on, or held out, and their targets."""
        x, y = self._side(test)
        return self._given(x), y

    def next_batch(self, k: int | None) -> Array:
        """Return which points are to be trained on together with point k in the next epoch; with None, at first."""
        order = np.random.default_rng([self.settings.seed, self.epoch, 0]).permutation(len(self.x))  # as fit has it
        place, size = 0 if k is None else order.tolist().index(k), self.settings.batch_size
        return order[place - place % size :][:size]

    def worst(self) -> int:
        """Return the point trained on whose own C is the largest."""
        x, y = self.examples()
        return int(np.argmax([self.net.loss(self.net.forward(x[k : k + 1]), y[k : k + 1]) for k in range(len(x))]))

    def nearest(self, u: float, v: float) -> tuple[int, bool]:
        """Return the number of the point nearest to (u, v), and whether it is one of those held out."""
        away = np.hypot(*(np.concatenate([self.x, self.x_test]) - (u, v)).T)
        k, m = int(away.argmin()), len(self.x)
        return (k, False) if k < m else (k - m, True)

    def _side(self, test: bool) -> tuple[Array, Array]:
        return (self.x_test, self.y_test) if test else (self.x, self.y)

    # What changes them ----------------------------------------------------------------------------------------

    def obstacle(self) -> str:
        """Return why nothing can be trained, or an empty text."""
        if not len(self.x):
            return "There are no points to train on. Click into the plane, or choose a data set."
        if not self.settings.valued and len(missing := {0, 1} - set(self.y.tolist())) == 1:
            return f"There are no points of class {missing.pop()} to train on; a boundary needs both. Add some."
        return ""

    def change(self, settings: Settings) -> bool:
        """Take new settings; return whether the network had to begin anew."""
        self.notice()
        before, self.settings = self.settings, settings
        goes_on = {name: getattr(settings, name) for name in GOES_ON}
        if replace(before, **goes_on) == settings:
            self.net.params = self.net.params._replace(**settings.penalties)
            if not self.record:
                self.rewind()
            self.losses[-1], self.test_losses[-1] = self.loss(), self.loss(test=True)
            return False
        self._place_points()
        self.rewind()
        return True

    def take(self, own: Sequence[Point]) -> None:
        """Take the reader's own points in place of those that were there, and begin anew."""
        self.settings = replace(self.settings, dataset=OWN_VALUES if self.settings.valued else OWN)
        self.own[self.settings.dataset] = list(own)
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
        how: Any = {"batch_size": s.batch_size, "optimizer": optimizer, "seed": s.seed, "progress": False}
        self.net._advised = True  # the experiment has words of its own for a loss that explodes
        self.net.fit(self._given(self.x), self.y, epochs=1, **how)

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
        lines = opening_lines(self.settings, self.whole, bool(len(self.x_test)), self.first_penalties)
        lines += record_lines(self.record, self.first_penalties, self.settings.penalties)
        if len(self.x):
            lines += ["C = net.loss(net.forward(x), y)"]
        if len(self.x_test):
            lines += ["C_test = net.loss(net.forward(x_test), y_test)"]
        return "\n".join(lines)
