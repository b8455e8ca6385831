"""What judges a forecast or a diagnosis and is missing from scikit-learn.

Splits, scores and baselines are scikit-learn's: `sklearn.model_selection` and `sklearn.metrics`.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks
from .activations import sigmoid

__all__ = ["DieboldMariano", "diebold_mariano", "temperature"]

FURTHEST = 1e12
"""A temperature is looked for up to so many times the size of the logits, and down to that fraction of it."""


def temperature(z: ArrayLike, y: ArrayLike) -> float:
    """Return the temperature T with which sigmoid(z / T) fits the answers best: one number that mends confidence.

    T minimises the mean cross-entropy of sigmoid(z / T). Above 1 it draws all probabilities towards 1/2, because the
    network was too sure; below 1 it drives them apart. No answer changes sides, since z / T has the sign of z.

    Parameters
    ----------
    z : array of shape (m,) or (m, 1)
        Logits of examples that the network was not trained on, best pooled from all folds of a cross-validation: on
        the examples it has learned, a network is nearly always right, so they cannot show how often it is wrong.
    y : array of shape (m,) or (m, 1)
        Their answers, 0 or 1.

    Raises
    ------
    ValueError
        No temperature is best: every logit has the right sign, so that a smaller T is always better; or the logits
        say nothing about y, so that a larger one is. Or z and y do not fit together.
    TypeError
        z or y does not hold real numbers.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger 2017, "On calibration of modern neural networks", ICML, section 4.2.

    >>> z = [2.0, 2.0, 2.0, 2.0]  # four people with odds of e^2 to 1, and three of them have it: odds of 3 to 1
    >>> T = temperature(z, [1, 1, 1, 0])
    >>> bool(np.isclose(T, 2 / np.log(3)))
    True
    """
    logits = checks.numeric("z", z)
    if logits.ndim == 2 and logits.shape[1] == 1:
        logits = logits[:, 0]
    if logits.ndim != 1 or not len(logits):
        raise ValueError(
            f"z must have shape (m,), one logit per example; got {logits.shape}. Pass net.forward(x).z[-1]."
        )
    logits = checks.inputs(logits[:, None], 1, argument="z")[:, 0]
    answers = checks.targets(y, len(logits), 1, "zeros and ones")[:, 0]
    _check_that_one_is_best(logits, answers)

    def slope(T: float) -> Any:
        return -np.mean((sigmoid(logits / T) - answers) * logits) / T**2  # (TEMP)

    low = high = size = float(np.abs(logits).mean())
    while slope(low) > 0 and low > size / FURTHEST:
        low, high = low / 2, low
    while slope(high) < 0 and high < size * FURTHEST:
        low, high = high, high * 2
    for _ in range(60):  # halves what was a factor of 2 at most until nothing is left of it
        T = (low + high) / 2
        low, high = (T, high) if slope(T) < 0 else (low, T)
    return (low + high) / 2


def _check_that_one_is_best(z: NDArray[Any], y: NDArray[Any]) -> None:
    """Raise an error where C falls all the way to T = 0, or all the way to T = infinity."""
    if not z.any():
        raise ValueError(f"z must hold logits that differ from 0; got {len(z)} zeros. Train the network first.")
    if not np.any(((z > 0) - y) * z > 0):
        raise ValueError(
            f"z must have the wrong sign for some examples; got {len(z)} that are all right, so the best T is 0. "
            "Pool the out-of-fold logits of more people."
        )
    if np.mean((0.5 - y) * z) >= 0:
        raise ValueError(
            "z must be larger, on average, where y is 1; got logits for which every T is too small. "
            "Check that y is 1 for the class that z speaks for."
        )


class DieboldMariano(NamedTuple):
    """What `diebold_mariano` found.

    Attributes
    ----------
    statistic : float
        How many standard errors the mean gain is above zero. Positive where the forecast beats its rival.
    p : float
        How often luck alone would give a statistic at least this far from zero, on either side.
    gain : float
        Mean loss of the rival minus mean loss of the forecast, in the units of the losses.
    lags : int
        How many days back the long-run variance looked.
    """

    statistic: float
    p: float
    gain: float
    lags: int

    def __repr__(self) -> str:
        """Say it in one line."""
        return f"gain {self.gain:.4g}, statistic {self.statistic:.2f}, p {self.p:.2g} ({self.lags} lags)"


def diebold_mariano(loss: ArrayLike, rival: ArrayLike, lags: int | None = None) -> DieboldMariano:
    """Ask whether one forecast's losses are smaller than another's by more than luck explains.

    d_t = rival_t - loss_t,   statistic = mean(d) / sqrt(S / m),
    S = gamma_0 + 2 sum over k = 1..lags of (1 - k/(lags + 1)) gamma_k,
    gamma_k = sum over t of (d_t - mean(d)) (d_{t-k} - mean(d)) / m.

    S is the long-run variance: where good days follow good days, m of them tell less than m independent ones would,
    and the variance of a single day alone would be too small.

    Parameters
    ----------
    loss, rival : arrays of shape (m,)
        What each forecast lost on each day, for example its squared error, in the order of time.
    lags : int, optional
        How many days apart two losses may still be related: at least h - 1 for a forecast h days ahead. If you say
        nothing, the whole part of 4 (m/100)^(2/9), a usual rule.

    Returns
    -------
    DieboldMariano
        statistic, p, gain and lags. p takes the statistic for normally distributed, which holds for many days.

    Raises
    ------
    ValueError
        The losses differ in length, are too few for the lags, or differ nowhere.
    TypeError
        The losses are no real numbers, or lags is no whole number.

    Notes
    -----
    The test assumes that d keeps its mean, its variance and its memory over the whole stretch, that the memory is
    short, and that the variance is finite. It compares two series of forecasts as they were made. It does not say
    which model is true, and it knows nothing of forecasts that were tried and thrown away.

    References
    ----------
    F. X. Diebold and R. S. Mariano 1995, "Comparing predictive accuracy", Journal of Business & Economic Statistics
    13, 253-263. The weights of S: W. K. Newey and K. D. West 1987, Econometrica 55, 703-708.

    >>> rival, loss = [2.0, 3.0, 2.0, 3.0], [1.0, 1.0, 1.0, 1.0]  # d = 1, 2, 1, 2: mean 3/2, gamma_0 = 1/4
    >>> bool(np.isclose(diebold_mariano(loss, rival, lags=0).statistic, 1.5 / np.sqrt(0.25 / 4)))
    True
    """
    ours, theirs = _same_days(loss, rival)
    m = len(ours)
    lags = int(4 * (m / 100) ** (2 / 9)) if lags is None else checks.whole("lags", lags, least=0)
    if m <= 2 * lags + 1:
        raise ValueError(f"lags must leave more than twice as many days; got {lags} lags of {m} days. Take fewer lags.")
    d = theirs - ours
    e = d - d.mean()
    gamma = [e[k:] @ e[: m - k] / m for k in range(lags + 1)]
    S = gamma[0] + 2 * sum((1 - k / (lags + 1)) * gamma[k] for k in range(1, lags + 1))
    rounding = 1e-24 * (ours @ ours + theirs @ theirs) / m
    if rounding >= S:
        raise ValueError(
            "loss and rival must differ by more on some days than on others; got a difference that never "
            "changes. Check that they come from two forecasts."
        )
    statistic = float(d.mean() / math.sqrt(S / m))
    return DieboldMariano(statistic, math.erfc(abs(statistic) / math.sqrt(2)), float(d.mean()), lags)


def _same_days(loss: ArrayLike, rival: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as finite arrays of shape (m,), with the m of one being the m of the other."""
    ours, theirs = (checks.numeric(name, value).astype(float) for name, value in (("loss", loss), ("rival", rival)))
    for name, array in (("loss", ours), ("rival", theirs)):
        if array.ndim != 1:
            raise ValueError(
                f"{name} must have shape (m,), one loss for each day; got {array.shape}. Pass {name}.ravel()."
            )
        if not np.isfinite(array).all():
            raise ValueError(
                f"{name} must be finite; got {array[~np.isfinite(array)][0]}. Leave such days out of both."
            )
    if len(theirs) != len(ours):
        raise ValueError(f"rival must have the days of loss, {len(ours)}; got {len(theirs)}. Compare the same days.")
    return ours, theirs
