"""The mini-batch loop: the four steps again and again, and the History of it.

The four steps stand in `_epoch`, one line each. The loop is given them as plain functions on arrays that have been
checked once, so nothing is checked at every step but what a step can spoil: whether its numbers are still finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks, interrupts
from .optimizers import Optimizer, clip_by_norm

__all__ = ["History", "Settings", "Steps", "advice", "blame", "blame_gradient", "in_order", "train"]

Array = NDArray[Any]
EXPLODED = 1e3  # so many times the first batch's loss is no progress


@dataclass
class History:
    """What happened, one entry an epoch.

    Attributes
    ----------
    loss : list of float
        Mean over the epoch of each mini-batch's loss before its step, weight decay included.
    validation_loss, validation_score : list of float
        After the epoch, on the validation examples; empty when there never were any, nan for an epoch without.
    eta : list of float
        Learning rate of the epoch's last step.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_score: list[float] = field(default_factory=list)
    eta: list[float] = field(default_factory=list)

    def add(self, loss: float, validation: tuple[float, float] | None, eta: float) -> None:
        """Add one epoch, whole: validation is (loss, score), or None without validation examples."""
        missing = [math.nan] * (len(self.loss) - len(self.validation_loss) if validation else 0)
        after = [validation] if validation else [(math.nan, math.nan)] * bool(self.validation_loss)
        self.validation_loss += missing + [C for C, _ in after]
        self.validation_score += missing + [score for _, score in after]
        self.loss.append(loss)
        self.eta.append(eta)

    def __repr__(self) -> str:
        epochs = len(self.loss)
        if not epochs:
            return "History(no epoch yet)"
        text = f"History({epochs} epoch{'s' * (epochs > 1)}, loss {self.loss[0]:.4g} to {self.loss[-1]:.4g}"
        return text + (f", validation score {self.validation_score[-1]:.4g})" if self.validation_score else ")")


@dataclass
class Settings:
    """How `MLP.fit` is to train, checked as soon as it is made; the attributes are arguments of `fit`."""

    epochs: int
    batch_size: int
    patience: int | None
    clip: float | None
    augment: Callable[[Array, np.random.Generator], ArrayLike] | None
    seed: int | np.random.Generator
    progress: bool

    def __post_init__(self) -> None:
        self.epochs = checks.whole("epochs", self.epochs)
        self.batch_size = checks.whole("batch_size", self.batch_size)
        self.patience = None if self.patience is None else checks.whole("patience", self.patience)
        self.clip = None if self.clip is None else checks.positive("clip", self.clip)
        if self.augment is not None:
            checks.augment(self.augment)
        self.seed = checks.seed(self.seed)
        self.progress = checks.flag("progress", self.progress)

    def generator(self, epoch: int, step: int = 0) -> np.random.Generator:
        """Return what shuffles an epoch (step 0) or augments a batch (from step 1 on)."""
        if isinstance(self.seed, np.random.Generator):
            return self.seed
        return np.random.default_rng([self.seed, epoch, step])


class Steps(NamedTuple):
    """The first three steps of a network, on arrays that have been checked; the fourth is the optimizer's."""

    forward: Callable[[Array], Any]  # cache = forward(x)
    loss: Callable[[Any, Array], Any]  # C = loss(cache, y)
    backward: Callable[[Any, Array], Any]  # grads = backward(cache, y)


def train(
    steps: Steps,
    weights: list[Array],
    x: Array,
    y: Array,
    history: History,
    optimizer: Optimizer,
    settings: Settings,
    validate: Callable[[], tuple[float, float]] | None = None,
) -> float:
    """Change `weights` in place, epoch after epoch, and extend `history`; Ctrl-C stops between two steps.

    Parameters
    ----------
    steps : Steps
    weights : list of arrays
        [W[1], b[1], W[2], ...], which step 4 changes.
    x, y : arrays of m rows each
    history : History
        Extended after each whole epoch.
    optimizer : Optimizer
        Its `update` is step 4.
    settings : Settings
    validate : callable, optional
        Returns (loss, score) on the validation examples.

    Returns
    -------
    first : float
        The loss of the first batch before any step, to judge the later ones by; nan if Ctrl-C came before it.

    Raises
    ------
    FloatingPointError
        A loss or gradient became nan or inf; the weights are those before that step.
    """
    from tqdm.auto import tqdm  # loaded only when something is trained

    best, best_loss, since_best, first = None, np.inf, 0, math.nan
    bar = tqdm(total=settings.epochs, unit="epoch", disable=not settings.progress)
    with interrupts.held_back() as pressed, bar:
        try:
            for k in range(settings.epochs):
                with np.errstate(over="ignore", invalid="ignore"):  # every step looks for inf and nan itself
                    C, C_first = _epoch(steps, weights, x, y, len(history.loss), optimizer, settings, pressed)
                    validation = validate() if validate else None
                first = C_first if k == 0 else first
                history.add(C, validation, optimizer.last_eta or 0.0)
                if validation and settings.patience is not None:
                    since_best += 1
                    if validation[0] < best_loss:
                        best, best_loss, since_best = [w.copy() for w in weights], validation[0], 0
                bar.set_postfix({name: f"{values[-1]:.4g}" for name, values in vars(history).items() if values})
                bar.update()
                if since_best == settings.patience:
                    break
        except KeyboardInterrupt:
            print(f"Stopped in epoch {len(history.loss) + 1}; the weights and the history so far are kept.")
            return first
        if best is not None:
            for w, kept in zip(weights, best, strict=True):
                w[...] = kept
    return first


def _epoch(
    steps: Steps,
    weights: list[Array],
    x: Array,
    y: Array,
    epoch: int,
    optimizer: Optimizer,
    settings: Settings,
    pressed: list[int],
) -> tuple[float, float]:
    """Go once through all examples, or until Ctrl-C was pressed; return the mean loss on the way and the first one."""
    order = settings.generator(epoch).permutation(len(x))
    total, first = 0.0, math.nan
    for step, start in enumerate(range(0, len(x), settings.batch_size), start=1):
        if pressed:
            raise KeyboardInterrupt
        rows = order[start : start + settings.batch_size]
        batch, targets = x.take(rows, axis=0), y.take(rows, axis=0)
        if settings.augment:
            rng, shape = settings.generator(epoch, step), batch.shape
            batch = checks.augmented(settings.augment(batch, rng), shape, x.dtype)

        cache = steps.forward(batch)  # 1 Feedforward
        C = float(steps.loss(cache, targets))  # 2 Calculate Loss
        grads = steps.backward(cache, targets)  # 3 Backward Pass
        if spoiled := blame(cache, C) or blame_gradient(grads):
            mend = f"Try a smaller eta than {optimizer.rate():g}{'' if settings.clip else ', or clip=1.0'}."
            raise FloatingPointError(
                f"{spoiled} in epoch {epoch + 1}, step {step}; the weights before that step are kept. {mend}"
            )
        gradients = in_order(grads.dW, grads.db)
        if settings.clip:
            gradients = clip_by_norm(gradients, settings.clip)
        optimizer.update(weights, gradients)  # 4 Update Weights

        total += C * len(rows)
        first = C if step == 1 else first
    return total / len(x), first


def advice(history: History, optimizer: Optimizer, first: float) -> str:
    """Return what to do where the loss has grown a thousandfold since the first batch, else nothing."""
    last = history.loss[-1] if history.loss else 0.0
    if not last > EXPLODED * max(first, 1e-3):
        return ""
    return (
        f"the loss rose from {first:.2g} to {last:.2g}, so the steps are too long. Try a smaller eta than "
        f"{optimizer.last_eta:g}, or clip=1.0, and scale x and y to about the size of 1."
    )


def in_order(W: list[Any], b: list[Any]) -> list[Array]:
    """Return [W[1], b[1], W[2], b[2], ...]."""
    return [array for pair in zip(W[1:], b[1:], strict=True) for array in pair]


def blame(cache: Any, C: float) -> str:
    """Return nothing if the loss C is finite; else name the first layer whose weighted input is nan or inf."""
    if math.isfinite(C):
        return ""
    for l, z in enumerate(cache.z):
        if l and not np.isfinite(z).all():
            return f"z[{l}] of layer {l} became {'nan' if np.isnan(z).any() else 'inf'}"
    return f"the loss at the output of layer {len(cache.z) - 1} became nan or inf"


def blame_gradient(grads: Any) -> str:
    """Return nothing if all gradients are finite; else name the last layer where one is not."""
    for l in range(len(grads.dW) - 1, 0, -1):
        for name, g in (("dW", grads.dW[l]), ("db", grads.db[l])):
            # The sum of squares is quick and finite for all but huge entries; only then is every entry looked at.
            if not math.isfinite(np.vdot(g, g)) and not np.isfinite(g).all():
                return f"{name}[{l}] of layer {l} became {'nan' if np.isnan(g).any() else 'inf'}"
    return ""
