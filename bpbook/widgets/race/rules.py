"""The next step of each optimizer of the race, as its rule with the numbers put in."""

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSProp
from ..controls.words import number

__all__ = ["next_step"]

Array = NDArray[Any]
W, DIVIDED = "<i>w</i> ← <i>w</i>", " − <i>η</i> {} / (√{} + ε)"


def next_step(optimizer: Optimizer, w: Array, g: Array) -> str:
    """Return the rule by which w of shape (2,) moves next, with its numbers, in HTML.

    Parameters
    ----------
    optimizer : Optimizer
        With what it remembers of the steps so far; it is left as it is.
    w, g : arrays of shape (2,)
        The weights and the gradient there.
    """
    after, moved = copy.deepcopy(optimizer), w.copy()
    after.moves = None  # the copy takes its step with `moved`
    after.update([moved], [g])
    before = {name: arrays[0] for name, arrays in optimizer.memory.items()}
    now = {name: arrays[0] for name, arrays in after.memory.items()}
    eta, none = number(optimizer.rate(), 4), np.zeros(2)
    match after:
        case GradientDescent():
            rule = f"{W} − <i>η g</i> = {_pair(w)} − {eta} · {_pair(g)} = {_pair(moved)}"
            return _titled("gradient descent", "GD", rule)
        case Momentum():
            v = f"{after.mu:g} · {_pair(before.get('v', none))} − {eta} · {_pair(g)} = {_pair(now['v'])}"
            rule = f"<i>v</i> ← <i>μ v</i> − <i>η g</i> = {v}; {W} + <i>v</i> = {_pair(moved)}"
            return _titled("momentum", "MOM", rule)
        case RMSProp():
            mean = f"{after.rho:g} · {_pair(before.get('s', none))} + {1 - after.rho:g} · {_pair(g * g)}"
            quotient = f"{_pair(w)} − {eta} · {_pair(g)} / {_pair(np.sqrt(now['s']))} = {_pair(moved)}"
            rule = f"<i>s</i> ← <i>ρ s</i> + (1 − <i>ρ</i>) <i>g</i>² = {mean} = {_pair(now['s'])}; "
            return _titled("RMSProp", "RMS", f"{rule}{W}{DIVIDED.format('<i>g</i>', '<i>s</i>')} = {quotient}")
        case Adam():
            u_hat, s_hat = now["u"] / (1 - after.beta1**after.t), now["s"] / (1 - after.beta2**after.t)
            quotient = f"{_pair(w)} − {eta} · {_pair(u_hat)} / {_pair(np.sqrt(s_hat))} = {_pair(moved)}"
            means = f"<i>û</i> = {_pair(u_hat)}, <i>ŝ</i> = {_pair(s_hat)}; "
            return _titled("Adam", "ADAM", f"{means}{W}{DIVIDED.format('<i>û</i>', '<i>ŝ</i>')} = {quotient}")
    raise ValueError(f"optimizer must be one of the four of the race; got {optimizer!r}.")


def _titled(name: str, equation: str, rule: str) -> str:
    return f"<b>{name}</b> ({equation}): {rule}"


def _pair(numbers: Array) -> str:
    return f"({number(numbers[0], 4)}, {number(numbers[1], 4)})"
