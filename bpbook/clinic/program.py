"""A program that trains a network, in parts that can be exchanged one by one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import checks, losses
from ..backprop import Cache, Grads, Params, backward, forward
from ..datasets.images.digits import digits
from ..mlp import MLP

__all__ = ["PARTS", "Data", "History", "Program", "digits_data", "mended", "one_hot_digits", "program", "train"]

Array = NDArray[Any]
PARTS = ("load", "start", "forward", "loss", "backward", "update")


class Data(NamedTuple):
    """What a program learns from and is examined on: x (m, n_0), y (m,) or (m, n_L), and the same for the test."""

    x: Array
    y: Array
    x_test: Array
    y_test: Array


@dataclass(frozen=True)
class Program:
    """A training program: the data, the weights at birth, and the four steps.

    Attributes
    ----------
    load : callable
        load() -> Data.
    start : callable
        start(seed) -> Params, the weights at birth.
    forward : callable
        forward(params, x) -> Cache; its a[-1] is what the loss and the predictions are made of.
    loss : callable
        loss(cache, y) -> float, the number that the owner watches, without weight decay.
    backward : callable
        backward(params, cache, y) -> Grads of that loss, without weight decay.
    update : callable
        update(params, grads, eta, lmbda) -> None; changes the weights in place.
    fresh : callable
        fresh() -> None, forgets everything between two runs: dice fall the same again, memories are empty.
    eta, lmbda : float
        Learning rate and weight decay.
    epochs, batch_size : int
        How long it trains.
    """

    load: Callable[[], Data]
    start: Callable[[int], Params]
    forward: Callable[[Params, Array], Cache]
    loss: Callable[[Cache, Array], Any]
    backward: Callable[[Params, Cache, Array], Grads]
    update: Callable[[Params, Grads, float, float], None]
    fresh: Callable[[], None]
    eta: float
    lmbda: float
    epochs: int
    batch_size: int

    def __repr__(self) -> str:
        sizes = [self.start(0).W[1].shape[0], *(W.shape[1] for W in self.start(0).W[1:])]
        return f"<program {'-'.join(map(str, sizes))}, {self.epochs} epochs>"


class History(NamedTuple):
    """What the owner sees: the loss on all training examples before training and after each epoch, and the end."""

    loss: list[float]
    params: Params
    score: float


@cache
def digits_data() -> Data:
    """Return 600 handwritten digits to learn from and 600 to be examined on."""
    x, y = digits()
    return Data(x[:600], y[:600], x[1000:1600], y[1000:1600])


def one_hot_digits() -> Data:
    """Return the digits with one-hot targets, for the squared error."""
    data = digits_data()
    return data._replace(y=np.eye(10)[data.y], y_test=np.eye(10)[data.y_test])


def _update(params: Params, grads: Grads, eta: float, lmbda: float) -> None:
    for W, b, dW, db in zip(params.W[1:], params.b[1:], grads.dW[1:], grads.db[1:], strict=True):
        W -= eta * (dW + lmbda * W)
        b -= eta * db


def program(
    sizes: tuple[int, ...] = (64, 16, 10),
    hidden: str = "relu",
    loss: str = "softmax_cross_entropy",
    *,
    output: str | None = None,
    load: Callable[[], Data] = digits_data,
    eta: float = 0.2,
    lmbda: float = 0.0,
    epochs: int = 15,
    batch_size: int = 32,
) -> Program:
    """Return a healthy program: every part is the library's own.

    Parameters
    ----------
    sizes : tuple of int
        Units in each layer, the input first.
    hidden, loss, output : str
        As `bp.MLP` takes them.
    load : callable
        Gives the data; handwritten digits unless you say otherwise.

    >>> history = train(program())
    >>> history.loss[0] > 2 and history.loss[-1] < 0.3
    True
    """
    function = losses.get(loss)
    options: dict[str, Any] = {"hidden": hidden, "loss": loss} | ({"output": output} if output else {})
    return Program(
        load=load,
        start=lambda seed: MLP(list(sizes), seed=seed, **options).params,
        forward=forward,
        loss=lambda cache, y: function(cache.a[-1], y),
        backward=lambda params, cache, y: backward(params, cache, y, function),
        update=_update,
        fresh=lambda: None,
        eta=eta,
        lmbda=lmbda,
        epochs=epochs,
        batch_size=batch_size,
    )


def mended(sick: Program, **parts: Callable[..., Any]) -> Program:
    """Return the program with some of its parts exchanged.

    Parameters
    ----------
    sick : Program
    **parts : callable
        load, start, forward, loss, backward or update, as `Program` describes them.

    Raises
    ------
    ValueError
        A program has no such part.
    TypeError
        A part is no function, or `sick` is no program.

    >>> mended(program(), forward=forward) == program()
    False
    """
    if not isinstance(sick, Program):
        raise TypeError(f"sick must be a program; got {checks.shown(sick)}. Pass patient.sick, for example.")
    for name, part in parts.items():
        if name not in PARTS:
            raise ValueError(f"a program has the parts {', '.join(PARTS)}; got {name!r}.")
        if not callable(part):
            raise TypeError(f"{name} must be a function; got {checks.shown(part)}. Pass it without calling it.")
    return replace(sick, **parts)  # type: ignore[arg-type]


def batches(data: Data, batch_size: int, rng: np.random.Generator) -> Any:
    """Yield x and y of one epoch, batch by batch, in a fresh order."""
    order = rng.permutation(len(data.x))
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield data.x[rows], data.y[rows]


@np.errstate(all="ignore")
def train(program: Program, seed: int = 0, data: Data | None = None, epochs: int | None = None) -> History:
    """Train the program as its owner would, and examine it on the test examples.

    Parameters
    ----------
    program : Program
    seed : int
        For the weights at birth and the order of the examples.
    data : Data, optional
        In place of what the program loads.
    epochs : int, optional
        In place of the program's own.

    Returns
    -------
    History
        The losses, epochs + 1 of them; the weights; and the score: the share of test examples that are classified
        right or, for values, R^2 (1 is perfect, 0 is always saying the mean).
    """
    program.fresh()
    data = program.load() if data is None else data
    params, rng = program.start(seed), np.random.default_rng(seed)
    losses_seen = [float(program.loss(program.forward(params, data.x), data.y))]
    for _ in range(program.epochs if epochs is None else epochs):
        for x, y in batches(data, program.batch_size, rng):
            cache = program.forward(params, x)
            program.update(params, program.backward(params, cache, y), program.eta, program.lmbda)
        losses_seen.append(float(program.loss(program.forward(params, data.x), data.y)))
    return History(losses_seen, params, score(program, params, data.x_test, data.y_test))


def score(program: Program, params: Params, x: Array, y: Array) -> float:
    """Return the share of examples that are classified right, or R^2 where there is one output."""
    output = program.forward(params, x).a[-1]
    if output.shape[1] == 1:
        y = y.reshape(-1, 1)
        return float(1 - ((output - y) ** 2).sum() / ((y - y.mean()) ** 2).sum())
    return float(np.mean(output.argmax(axis=1) == (y if y.ndim == 1 else y.argmax(axis=1))))
