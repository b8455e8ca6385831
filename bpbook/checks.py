"""What input must look like, and the one-line errors when it does not.

Every message names the argument, what is required, what came, and the likely mend. Nothing here changes its input;
what is converted is returned.
"""

import inspect
import itertools
import numbers
import operator
from collections.abc import Mapping, Sequence
from types import FunctionType, MethodType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .messages import as_code, called, no_numbers, shortened, shown

__all__ = [
    "augment",
    "augmented",
    "classes",
    "drawn",
    "flag",
    "inputs",
    "numeric",
    "one_of",
    "positive",
    "seed",
    "shortened",
    "shown",
    "sizes",
    "targets",
    "weights",
    "whole",
]

T = TypeVar("T")
REFILL = "Remove such rows or fill them in."


def one_of(argument: str, choice: object, legal: Mapping[str, T]) -> T:
    """Return `legal[choice]`; raise a ValueError that lists the legal names when there is none."""
    if isinstance(choice, str) and choice in legal:
        return legal[choice]
    raise ValueError(f"{argument} must be one of {', '.join(legal)}; got {shown(choice)}.")


def whole(argument: str, value: Any, least: int = 1) -> int:
    """Return `value` as an int of at least `least`."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{argument} must be a whole number; got {shown(value)}.") from None
    if isinstance(value, bool):
        raise TypeError(f"{argument} must be a whole number; got {shown(value)}.")
    if number < least:
        raise ValueError(f"{argument} must be at least {least}; got {shown(number)}.")
    return number


def flag(argument: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{argument} must be True or False; got {shown(value)}.")
    return bool(value)


def seed(value: Any) -> "int | np.random.Generator":
    """Return `value` if it is a whole number from 0 on, or a Generator."""
    if isinstance(value, np.random.Generator):
        return value
    try:
        return whole("seed", value, least=0)
    except TypeError:
        raise TypeError(
            f"seed must be a whole number or a Generator; got {shown(value)}. Pass seed=0 or np.random.default_rng()."
        ) from None


def positive(argument: str, value: Any, zero: bool = False) -> float:
    """Return `value` as a finite float above 0 (or from 0 on, with `zero`)."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{argument} must be a number; got {shown(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    if not np.isfinite(number) or number < 0 or (number == 0 and not zero):
        raise ValueError(f"{argument} must be {'zero or ' if zero else ''}positive and finite; got {shown(value)}.")
    return number


def sizes(value: Any) -> list[int]:
    """Return the sizes [n_0, ..., n_L] of at least one layer of weights, each at least 1."""
    listed = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    if not listed and not (isinstance(value, np.ndarray) and value.ndim == 1):
        raise TypeError(f"sizes must be a list of layer sizes such as [64, 32, 10]; got {shown(value)}.")
    if len(value) < 2:
        raise ValueError(f"sizes must name at least inputs and outputs, such as [64, 10]; got {shown(value)}.")
    n = [whole(f"sizes[{l}]", size) for l, size in enumerate(value)]
    for l, (n_in, n_out) in enumerate(itertools.pairwise(n), start=1):
        if n_in * n_out >= 2**40:
            raise ValueError(f"sizes must fit into memory; got {shown(n_in * n_out)} weights for W[{l}].")
    return n


def weights(W: Sequence[Any], b: Sequence[Any], n: Sequence[int]) -> None:
    """Raise an error unless every W[l] and b[l] is an array of floats of its shape: they may have been replaced."""
    for l in range(1, len(n)):
        for name, array, shape in (("W", W[l], (n[l - 1], n[l])), ("b", b[l], (n[l],))):
            if not isinstance(array, np.ndarray) or array.shape != shape or array.dtype.kind not in "fc":
                raise ValueError(
                    f"{name}[{l}] must be an array of floats of shape {shape}; got {shown(array)}. "
                    f"To give it other values set net.{name}[{l}][...]."
                )


def numeric(argument: str, value: ArrayLike, complex_too: bool = False) -> NDArray[Any]:
    """Return `value` as an array of real numbers, or of complex ones where they may come too."""
    if np.ma.is_masked(value):
        raise ValueError(f"{argument} must have no masked entries; got some. Fill them in, or leave such rows out.")
    if hasattr(value, "toarray"):
        kind = type(value).__name__
        raise TypeError(f"{argument} must be an array; got a sparse {kind}. Pass {called(argument)}.toarray().")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{argument} must be a rectangular array; got rows of different lengths.") from None
    if array.dtype.kind not in ("buifc" if complex_too else "buif"):
        required = "numbers" if complex_too else "real numbers"
        raise TypeError(f"{argument} must hold {required}; got {no_numbers(argument, value, array)}")
    return array


def _converted(argument: str, array: NDArray[Any], dtype: DTypeLike, mend: str = REFILL) -> NDArray[Any]:
    """Return a finite array in this dtype, in which it must be finite too."""
    _finite(argument, array, mend)
    with np.errstate(over="ignore"):
        converted = array.astype(dtype, copy=False)
    if converted is not array and not np.isfinite(converted).all():
        raise ValueError(f"{argument} must fit into {np.dtype(dtype)}; got {np.abs(array).max():g}. Scale it down.")
    return converted


def _finite(argument: str, array: NDArray[Any], mend: str = REFILL) -> None:
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise ValueError(
            f"{argument} must be finite; got {array[row].flat[~np.isfinite(array[row])][0]} in row {row}. {mend}"
            if array.ndim > 1
            else f"{argument} must be finite; got {array[row]} at index {row}. Remove such examples or fill them in."
        )


def drawn(argument: str, W: ArrayLike, n_in: int, n_out: int, dtype: DTypeLike) -> NDArray[Any]:
    """Return a copy, in this dtype, of what an initializer drew: finite and of shape (n_in, n_out)."""
    array = numeric(f"{argument}(n_in, n_out, rng)", W)
    if array.shape != (n_in, n_out):
        raise ValueError(f"{argument} must return W of shape (n_in, n_out) = {(n_in, n_out)}; got {array.shape}.")
    return _converted(f"{argument}(n_in, n_out, rng)", array, dtype).copy()


def augment(function: object) -> None:
    """Raise a TypeError unless this can be called with a batch and a Generator."""
    required = "augment must be a function of (x, rng)"
    if not callable(function):
        raise TypeError(f"{required}; got {shown(function)}.")
    try:
        # What a decorator has put around a function is asked itself, since that is what is called.
        signature = inspect.signature(function, follow_wrapped=not isinstance(function, FunctionType | MethodType))
    except ValueError:  # written in C, and tells nobody
        return
    try:
        signature.bind("x", "rng")
    except TypeError:
        raise TypeError(f"{required}; got one of {signature}. Pass lambda x, rng: ... that calls it.") from None


def augmented(x: ArrayLike | None, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return, in this dtype, what `augment` made of a batch of this shape: finite, and as many examples as it got."""
    if x is None:
        raise TypeError("augment(x, rng) must return the batch to train on; got None. End it with return x.")
    array = numeric("augment(x, rng)", x)
    if array.shape != shape:
        raise ValueError(
            f"augment(x, rng) must have the shape of its x, {shape}; got {array.shape}. Return one row per example."
        )
    return _converted("augment(x, rng)", array, dtype, "Look for a division by 0 in it.")


def inputs(x: ArrayLike, n_0: int, dtype: DTypeLike = np.float64, argument: str = "x") -> NDArray[Any]:
    """Return x as a finite array of shape (m, n_0) and of this dtype, m at least 1.

    Raises
    ------
    ValueError
        x has another rank or number of columns, has no rows, or holds nan or inf.
    TypeError
        x does not hold real numbers.

    >>> inputs([[1, 2, 3]], 3)
    array([[1., 2., 3.]])
    """
    array, code = numeric(argument, x), as_code(argument, x)
    required = f"{argument} must have shape (m, {n_0}), one row per example; got {array.shape}."
    if array.ndim == 1 and array.shape == (n_0,):
        raise ValueError(f"{required} For a single example pass {code}[None, :].")
    if array.ndim == 1 and n_0 == 1 and len(array):
        raise ValueError(f"{required} For a single input unit pass {code}[:, None].")
    if array.ndim == 2 and array.shape[1] != n_0 and array.shape[0] == n_0:
        raise ValueError(f"{required} If your examples are columns, pass {code}.T.")
    if array.ndim > 2 and len(array) and np.prod(array.shape[1:]) == n_0:
        raise ValueError(f"{required} To flatten each example pass {code}.reshape(len({called(argument)}), -1).")
    if array.ndim != 2 or array.shape[1] != n_0:
        raise ValueError(f"{required} Check the first of the network's sizes.")
    if len(array) == 0:
        raise ValueError(f"{required} There must be at least one example.")
    return _converted(argument, array, dtype)


def targets(
    y: ArrayLike, m: int, n_L: int, kind: str, dtype: DTypeLike = np.float64, argument: str = "y"
) -> NDArray[Any]:
    """Return y as the loss needs it: class numbers of shape (m,), or an array of shape (m, n_L).

    Parameters
    ----------
    kind : str
        "values", "zeros and ones" or "classes", as `Loss.targets` says.

    Raises
    ------
    ValueError
        The shape does not fit m examples and n_L outputs, or the values do not fit the kind.
    TypeError
        y does not hold real numbers.

    >>> targets([1, 0], m=2, n_L=1, kind="values")
    array([[1.],
           [0.]])
    """
    array, code = numeric(argument, y), as_code(argument, y)
    if kind == "classes" and array.ndim < 2:
        return classes(array, m, n_L, argument, code)
    if array.ndim == 1 and n_L == 1:
        array = array[:, None]
    form = f"(m, {n_L}) or (m,)" if n_L == 1 or kind == "classes" else f"(m, {n_L})"
    required = f"{argument} must have shape {form} with m = {m}, one row per example; got {np.shape(y)}."
    if array.shape == (m, 1) and kind == "classes":
        raise ValueError(f"{required} For class numbers pass {code}.ravel().")
    if array.shape == (n_L, m) and n_L != m:
        raise ValueError(f"{required} If your examples are columns, pass {code}.T.")
    if array.ndim == 1 and len(array) == m:
        raise ValueError(f"{required} Give one column per output unit; class numbers are for softmax_cross_entropy.")
    if array.shape != (m, n_L):
        raise ValueError(f"{required} Check that x and {argument} hold the same examples.")
    converted = _converted(argument, array, dtype)
    if kind != "values" and (array.min() < 0 or array.max() > 1):
        bad = array.flat[np.argmax((array < 0) | (array > 1))]
        raise ValueError(f"{argument} must lie between 0 and 1; got {bad:g}. Recode the two classes as 0 and 1.")
    if kind == "classes":
        sums = array.sum(axis=1, dtype=np.float64)
        row = int(np.argmax(np.abs(sums - 1)))
        if abs(sums[row] - 1) > 1e-5:
            raise ValueError(
                f"{argument} must have rows that sum to 1; row {row} sums to {sums[row]:g}. "
                "Divide each row by its sum, or pass class numbers."
            )
    return converted


def classes(y: NDArray[Any], m: int, n_L: int, argument: str = "y", code: str = "y") -> NDArray[np.integer]:
    """Return y, which the reader's code calls `code`, as m class numbers from 0 to n_L - 1."""
    if y.shape != (m,):
        raise ValueError(
            f"{argument} must have shape (m,) with m = {m}, one class number per example; got {y.shape}. "
            f"Check that x and {argument} hold the same examples."
        )
    _finite(argument, y)
    if y.dtype.kind not in "iu":
        whole_valued = y.dtype.kind == "b" or (y == np.floor(y)).all()
        mend = f"Pass {code}.astype(int)." if whole_valued else "Values that are not classes need squared_error."
        raise ValueError(f"{argument} must hold class numbers, which are integers; got dtype {y.dtype}. {mend}")
    if y.min() < 0 or y.max() >= n_L:
        bad = int(y[(y < 0) | (y >= n_L)][0])
        mend = (
            f"If your classes count from 1, pass {code} - 1."
            if y.min() == 1 and y.max() == n_L
            else (f"The network has {n_L} output units, one per class.")
        )
        raise ValueError(f"{argument} must hold class numbers from 0 to {n_L - 1}; got {bad}. {mend}")
    return y.astype(np.intp, copy=False)
