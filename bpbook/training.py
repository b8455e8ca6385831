"""The mini-batch loop: shuffle, take a batch, ask for its gradient, take a step; and the History of it.

The loop knows nothing of networks. It is given arrays to change and a function that returns their gradients.
"""

from __future__ import annotations

import contextlib
import functools
import math
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import checks
from .optimizers import Optimizer, clip_by_norm

__all__ = ["History", "settings", "train"]

Array = NDArray[np.floating]


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


def settings(
    epochs: int,
    batch_size: int,
    patience: int | None,
    clip: float | None,
    seed: int | np.random.Generator,
    progress: bool,
    validate: Callable[[], tuple[float, float]] | None,
) -> dict[str, Any]:
    """Return these arguments of `train`, by name, once they have been checked.

    Raises
    ------
    ValueError, TypeError
        One of them does not fit, or there is `patience` and no `validate`.
    """
    if patience is not None:
        checks.whole("patience", patience)
        if validate is None:
            raise ValueError("patience needs validation examples to watch; got none. Pass validation=(xv, yv).")
    return {
        "epochs": checks.whole("epochs", epochs),
        "batch_size": checks.whole("batch_size", batch_size),
        "patience": patience,
        "clip": None if clip is None else checks.positive("clip", clip),
        "seed": checks.seed(seed),
        "progress": checks.flag("progress", progress),
        "validate": validate,
    }


def train(
    weights: Sequence[Array],
    gradient: Callable[[NDArray[np.intp], Callable[[], np.random.Generator]], tuple[float, Sequence[Array]]],
    m: int,
    history: History,
    *,
    epochs: int,
    batch_size: int,
    optimizer: Optimizer,
    validate: Callable[[], tuple[float, float]] | None = None,
    patience: int | None = None,
    clip: float | None = None,
    seed: int | np.random.Generator = 0,
    progress: bool = True,
) -> None:
    """Change `weights` in place, epoch after epoch, and extend `history`; Ctrl-C stops between two steps.

    Parameters
    ----------
    weights, history : list of arrays, History
        Changed in place; the history after each whole epoch.
    gradient : callable
        gradient(rows, rng) returns the mean loss of those examples and its gradient, one array for each of `weights`;
        it raises FloatingPointError when something is nan or inf. rng() is a Generator of this step's own.
    m : int
        Number of examples. The last batch of an epoch may be smaller than `batch_size`.
    validate : callable, optional
        Returns (loss, score) on the validation examples.
    patience : int, optional
        Stop when the validation loss has not improved for this many epochs, and put the best weights back; Ctrl-C
        leaves those of the last step.
    clip : float, optional
        Largest norm of a batch's gradient, all arrays together.
    seed : int or Generator
        Orders the examples. With an int the order depends on the epoch's number in `history` alone, so that ten
        epochs and ten more are the same as twenty.
    epochs, batch_size, optimizer, progress
        As `MLP.fit` has them.

    Raises
    ------
    FloatingPointError
        Of `gradient`, with epoch and step added; the weights are those before that step.
    """
    from tqdm.auto import tqdm  # loaded only when something is trained

    bar = tqdm(total=epochs, unit="epoch", disable=not progress)
    best, best_loss, since_best = None, np.inf, 0
    with _ctrl_c_held_back() as pressed:
        try:
            for _ in range(epochs):
                with np.errstate(over="ignore", invalid="ignore"):  # `gradient` looks for inf and nan itself
                    C = _epoch(weights, gradient, m, history, batch_size, optimizer, clip, seed, pressed)
                    validation = validate() if validate else None
                history.add(C, validation, optimizer.last_eta or 0.0)
                if validation and patience is not None:
                    since_best += 1
                    if validation[0] < best_loss:
                        best, best_loss, since_best = [w.copy() for w in weights], validation[0], 0
                bar.set_postfix({name: f"{values[-1]:.4g}" for name, values in vars(history).items() if values})
                bar.update()
                if patience is not None and since_best >= patience:
                    break
        except KeyboardInterrupt:
            print(f"Stopped in epoch {len(history.loss) + 1}; the weights and the history so far are kept.")
            return
        finally:
            bar.close()
        if best is not None:
            for w, kept in zip(weights, best, strict=True):
                w[...] = kept


@contextlib.contextmanager
def _ctrl_c_held_back() -> Iterator[list[int]]:
    """Keep Ctrl-C from tearing a step apart: the first one fills the list that is yielded, a second one interrupts."""
    pressed: list[int] = []

    def note(number: int, frame: Any) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    # Another handler than Python's own means that someone else looks after Ctrl-C.
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with contextlib.suppress(ValueError):  # in a thread, where there is no Ctrl-C
        if usual:
            signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _epoch(
    weights: Sequence[Array],
    gradient: Callable[[NDArray[np.intp], Callable[[], np.random.Generator]], tuple[float, Sequence[Array]]],
    m: int,
    history: History,
    batch_size: int,
    optimizer: Optimizer,
    clip: float | None,
    seed: int | np.random.Generator,
    pressed: list[int],
) -> float:
    """Go once through all examples, or until Ctrl-C was pressed; return the mean loss on the way."""
    epoch = len(history.loss)

    def rng(step: int = 0) -> np.random.Generator:
        return seed if isinstance(seed, np.random.Generator) else np.random.default_rng([seed, epoch, step])

    order = rng().permutation(m)
    total = 0.0
    for step, start in enumerate(range(0, m, batch_size), start=1):
        if pressed:
            raise KeyboardInterrupt
        rows = order[start : start + batch_size]
        try:
            C, gradients = gradient(rows, functools.partial(rng, step))
        except FloatingPointError as reason:
            mend = f"Try a smaller eta than {optimizer.rate():g}{'' if clip else ', or clip=1.0'}."
            raise FloatingPointError(
                f"{reason} in epoch {epoch + 1}, step {step}; the weights before that step are kept. {mend}"
            ) from None
        optimizer.update(weights, clip_by_norm(gradients, clip) if clip else gradients)
        total += C * len(rows)
    return total / m
