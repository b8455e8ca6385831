"""What judges a forecast or a diagnosis and is missing from scikit-learn.

Splits, scores and baselines are scikit-learn's: `sklearn.model_selection` and `sklearn.metrics`.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks
from .activations import sigmoid

__all__ = ["temperature"]

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
