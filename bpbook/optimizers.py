"""Optimizers: gradients in, steps out.

An optimizer keeps whatever it must remember about each array (a velocity, a mean square) and changes the arrays in
place. Its learning rate eta is a number, or a function of the number of steps already taken: a schedule.

>>> import numpy as np
>>> w = np.array([1.0, 2.0])
>>> GradientDescent(eta=0.1).update([w], [np.array([1.0, -1.0])])
>>> w
array([0.9, 2.1])
"""

import copy
import math
import operator
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from . import checks
from .schedules import Schedule, cosine_decay, exponential_decay, step_decay, warmup

__all__ = [
    "Adam",
    "GradientDescent",
    "Momentum",
    "Optimizer",
    "RMSProp",
    "clip_by_norm",
    "cosine_decay",
    "exponential_decay",
    "step_decay",
    "warmup",
]

Array = NDArray[np.floating]


class Optimizer:
    """What all optimizers share: the learning rate, the count of steps, and one memory per array.

    An optimizer belongs to the arrays of its first step. What it remembers of them would send another network off in
    the wrong direction, so it refuses other arrays, even of the same shapes. `fresh` makes one for another network.

    Parameters
    ----------
    eta : float or function of the step
        Learning rate, positive; or `eta(t)` with t = 0 for the first step.

    Attributes
    ----------
    t : int
        Steps taken so far.
    last_eta : float or None
        Learning rate of the last step.
    memory : dict of list of array
        What is remembered, by name; each list has one array per weight array. Empty before the first step.
    moves : list of array, or None
        The arrays that it moves; None before the first step. If you set it to None, the next arrays take their place.
    """

    remembers: tuple[str, ...] = ()

    def __init__(self, eta: float | Schedule) -> None:
        self.eta = eta if callable(eta) else checks.positive("eta", eta)
        self.t = 0
        self.last_eta: float | None = None
        self.memory: dict[str, list[Any]] = {}
        self.moves: list[Any] | None = None

    def rate(self) -> float:
        """Return the learning rate of the next step."""
        return checks.positive("eta(t)", self.eta(self.t), zero=True) if callable(self.eta) else self.eta

    def update(self, weights: Sequence[Array], gradients: Sequence[Array]) -> None:
        """Take one step: change every array of `weights` in place; `gradients` are left alone.

        Parameters
        ----------
        weights, gradients : lists of arrays
            Of equal lengths and shapes, the same weights in the same order at every step.

        Raises
        ------
        ValueError
            The weights are not those of the steps before or cannot be changed, or the shapes of weights and gradients
            differ; nothing has been changed.
        TypeError
            The weights are no arrays of floats or the gradients do not fit them; nothing has been changed.
        """
        known = _as_before(self.moves, weights, gradients)
        if not known:
            self.check(weights)
            _check_gradients(weights, gradients)
        eta = self.rate()
        if not known:
            self.moves = list(weights)
        if not self.memory:
            self.memory = {name: [np.zeros_like(w) for w in weights] for name in self.remembers}
        self.last_eta = eta
        self.t += 1
        for w, g, *remembered in zip(weights, gradients, *self.memory.values(), strict=True):
            self.step(w, g, eta, *remembered)

    def step(self, w: Array, g: Array, eta: float, *remembered: Array) -> None:
        """Change one array w in place, given its gradient g and what is remembered about it."""
        raise NotImplementedError

    def check(self, weights: Sequence[Array]) -> None:
        """Raise an error unless `weights` are arrays of floats that can be changed, and those of the steps before."""
        _check_arrays("weights", weights)
        for w in weights:
            if w.dtype.kind not in "fc":
                raise TypeError(f"weights must hold floats; got dtype {w.dtype}. Pass w.astype(float).")
            if not w.flags.writeable:
                raise ValueError("weights must be arrays that can be changed; got a read-only one. Pass w.copy().")
        name, shapes = type(self).__name__, [w.shape for w in weights]
        for memory, arrays in self.memory.items():
            if [array.shape for array in arrays] != shapes:
                raise ValueError(
                    f"weights must have the shapes of the earlier steps, {[array.shape for array in arrays]} in "
                    f"{memory}; got {shapes}. Use a new {name} for a new network: optimizer.fresh()."
                )
        carries = " and ".join([*self.memory, *["the step that its schedule has reached"] * callable(self.eta)])
        if self.moves is not None and carries and not any(map(operator.is_, weights, self.moves)):
            raise ValueError(
                f"weights must be those of the earlier steps; got others, and this {name} would carry over {carries} "
                f"from {self.t} steps of another network. Use a new {name} for a new network: optimizer.fresh()."
            )

    def fresh(self) -> Self:
        """Return an optimizer with the same settings that has taken no step and remembers nothing.

        >>> Momentum(0.1, mu=0.5).fresh()
        Momentum(eta=0.1, mu=0.5, nesterov=False)
        """
        new = copy.copy(self)
        new.t, new.last_eta, new.memory, new.moves = 0, None, {}, None
        return new

    def settings(self) -> dict[str, Any]:
        """Return the numbers that make this optimizer, by their names in its constructor, but for eta."""
        state = ("eta", "t", "last_eta", "memory", "moves")
        return {name: value for name, value in vars(self).items() if name not in state}

    def __repr__(self) -> str:
        eta = "schedule" if callable(self.eta) else f"{self.eta:g}"
        settings = "".join(f", {name}={value}" for name, value in self.settings().items())
        return f"{type(self).__name__}(eta={eta}{settings})"


class GradientDescent(Optimizer):
    """w <- w - eta g: straight downhill, one learning rate for all.

    Parameters
    ----------
    eta : float or function of the step

    References
    ----------
    Cauchy 1847; with the gradient of some examples only, Robbins and Monro 1951.
    """

    def __init__(self, eta: float | Schedule = 0.1) -> None:
        super().__init__(eta)

    def step(self, w: Array, g: Array, eta: float, *remembered: Array) -> None:
        """Take the step (GD)."""
        w -= eta * g  # (GD)


class Momentum(Optimizer):
    """v <- mu v - eta g, w <- w + v: a heavy ball that gathers speed along the valley.

    With `nesterov`, w <- w + mu v - eta g after v was updated: the gradient looks one step ahead. That is
    Nesterov's method in Sutskever's form, with the place that it looks at as the weights that are stored.

    Parameters
    ----------
    eta : float or function of the step
    mu : float
        Share of the velocity that survives a step, at least 0 and below 1.
    nesterov : bool

    References
    ----------
    Polyak 1964; Sutskever, Martens, Dahl and Hinton 2013, equations 1 to 4.
    """

    remembers = ("v",)

    def __init__(self, eta: float | Schedule = 0.01, mu: float = 0.9, nesterov: bool = False) -> None:
        super().__init__(eta)
        self.mu = _fraction("mu", mu)
        self.nesterov = checks.flag("nesterov", nesterov)

    def step(self, w: Array, g: Array, eta: float, *remembered: Array) -> None:
        """Take the step (MOM)."""
        (v,) = remembered
        v *= self.mu
        v -= eta * g  # (MOM)
        w += self.mu * v - eta * g if self.nesterov else v  # (MOM)


class RMSProp(Optimizer):
    """s <- rho s + (1 - rho) g^2, w <- w - eta g / (sqrt(s) + epsilon): each weight at its own scale.

    Parameters
    ----------
    eta : float or function of the step
    rho : float
        Share of s that survives a step, at least 0 and below 1.
    epsilon : float
        Stands outside the root and keeps the denominator from being 0.

    References
    ----------
    Tieleman and Hinton 2012, Coursera lecture 6.5, with the averages 0.9 and 0.1.
    """

    remembers = ("s",)

    def __init__(self, eta: float | Schedule = 0.001, rho: float = 0.9, epsilon: float = 1e-8) -> None:
        super().__init__(eta)
        self.rho = _fraction("rho", rho)
        self.epsilon = checks.positive("epsilon", epsilon)

    def step(self, w: Array, g: Array, eta: float, *remembered: Array) -> None:
        """Take the step (RMS)."""
        (s,) = remembered
        s += (1 - self.rho) * (g * g - s)  # (RMS)
        w -= eta * g / (np.sqrt(s) + self.epsilon)  # (RMS)


class Adam(Optimizer):
    """A running mean u of the gradient over the root of a running mean s of its square, both freed of their bias.

    With t counting from 1: u <- beta1 u + (1 - beta1) g, s <- beta2 s + (1 - beta2) g^2,
    w <- w - eta (u / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon). With `decay` > 0 it is AdamW:
    w shrinks by eta decay w as well, apart from the gradient. (The loss's own lambda goes through g instead; the paper
    on AdamW has the schedule's factor in the place of eta.)

    Parameters
    ----------
    eta : float or function of the step
    beta1, beta2 : float
        Shares of u and s that survive a step, at least 0 and below 1.
    epsilon : float
        Stands outside the root and keeps the denominator from being 0.
    decay : float
        Zero or positive.

    References
    ----------
    Kingma and Ba 2015, algorithm 1; AdamW: Loshchilov and Hutter 2019.
    """

    remembers = ("u", "s")

    def __init__(
        self,
        eta: float | Schedule = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 0.0,
    ) -> None:
        super().__init__(eta)
        self.beta1 = _fraction("beta1", beta1)
        self.beta2 = _fraction("beta2", beta2)
        self.epsilon = checks.positive("epsilon", epsilon)
        self.decay = checks.positive("decay", decay, zero=True)

    def step(self, w: Array, g: Array, eta: float, *remembered: Array) -> None:
        """Take the step (ADAM)."""
        u, s = remembered
        u += (1 - self.beta1) * (g - u)  # (ADAM)
        s += (1 - self.beta2) * (g * g - s)  # (ADAM)
        if self.decay:
            w -= eta * self.decay * w  # (ADAM) decay apart from the gradient
        w -= eta * (u / (1 - self.beta1**self.t)) / (np.sqrt(s / (1 - self.beta2**self.t)) + self.epsilon)  # (ADAM)


def clip_by_norm(gradients: Sequence[Array], c: float) -> list[Array]:
    """Return all gradients shrunk together so that their joint norm is at most c; the inputs are left alone.

    If ||g|| >= c then g <- c g / ||g||, with one norm over all arrays: the direction stays as it was.

    Parameters
    ----------
    gradients : list of arrays of real numbers
    c : float
        Largest norm, positive.

    Raises
    ------
    ValueError
        c is not positive.
    TypeError
        `gradients` is no list of arrays of real numbers.

    References
    ----------
    Pascanu, Mikolov and Bengio 2013, algorithm 1.

    >>> [g.round(6).tolist() for g in clip_by_norm([np.array([3.0]), np.array([4.0])], 1.0)]
    [[0.6], [0.8]]
    """
    c = checks.positive("c", c)
    _check_arrays("gradients", gradients)
    if not {g.dtype.kind for g in gradients} <= set("fiub"):
        raise TypeError(f"gradients must hold real numbers; got dtypes {_dtypes(gradients)}.")
    largest = max((float(np.abs(g).max()) for g in gradients if g.size), default=0.0) or 1.0
    shares = [g / largest for g in gradients]  # so that no square overflows
    length = math.sqrt(sum(float(np.square(share).sum(dtype=np.float64)) for share in shares))
    if largest * length < c:
        return list(gradients)
    return [share * (c / length) for share in shares]  # (CLIP)


def _fraction(argument: str, value: float) -> float:
    number = checks.positive(argument, value, zero=True)
    if number >= 1:
        raise ValueError(f"{argument} must be at least 0 and below 1; got {value!r}.")
    return number


def _as_before(moves: list[Any] | None, weights: Any, gradients: Any) -> bool:
    """Say, as quickly as every step can bear, whether these are the arrays of the steps before and their gradients."""
    if moves is None or type(weights) is not list or type(gradients) is not list:
        return False
    if not len(moves) == len(weights) == len(gradients):
        return False
    for own, w, g in zip(moves, weights, gradients, strict=True):
        if w is not own or type(g) is not np.ndarray or g.shape != w.shape or g.dtype is not w.dtype:
            return False
    return True


def _check_arrays(argument: str, arrays: object) -> None:
    # An array is no list of arrays: its entries are numbers, which nobody can change in place.
    if not isinstance(arrays, list | tuple) or not all(isinstance(array, np.ndarray) for array in arrays):
        raise TypeError(
            f"{argument} must be a list of arrays; got {checks.shown(arrays)}. Pass [{argument[0]}] for one array "
            f"{argument[0]}."
        )


def _check_gradients(weights: Sequence[Array], gradients: Any) -> None:
    """Raise an error unless the gradients are arrays that can change these weights."""
    _check_arrays("gradients", gradients)
    shapes, given = [w.shape for w in weights], [g.shape for g in gradients]
    if shapes != given:
        raise ValueError(f"gradients must have the shapes of the weights, {shapes}; got {given}.")
    if not all(np.can_cast(g.dtype, w.dtype, "same_kind") for w, g in zip(weights, gradients, strict=True)):
        raise TypeError(f"gradients must hold numbers like the weights; got dtypes {_dtypes(gradients)}.")


def _dtypes(arrays: Sequence[Any]) -> str:
    return ", ".join(str(array.dtype) for array in arrays)
