"""How a message says what came, and which code makes of it what is needed or would train better."""

import numbers
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["as_code", "called", "no_numbers", "scale", "shortened", "shown"]

LARGE = 20  # root mean square of a column from which on `scale` speaks up: standardised columns have 1


def shown(value: object) -> str:
    """Return what came as it stands in a message: its repr on one line, cut when it is long."""
    return shortened(repr(value))


def shortened(text: str) -> str:
    """Return a text on one line, cut when it is long."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def no_numbers(argument: str, value: Any, array: NDArray[Any]) -> str:
    """Say what an array holds in the place of numbers, and which code makes numbers of it."""
    name, code, table = called(argument), as_code(argument, value), hasattr(value, "iloc")  # of pandas
    if array.dtype.kind == "c":
        return f"dtype {array.dtype}. Pass {code}.real if that is meant."
    if array.dtype.names and all(array.dtype[field].kind in "buif" for field in array.dtype.names):
        return f"a table with named columns, dtype {array.dtype}. Pass np.array({code}.tolist())."
    if isinstance(value, Iterator) and not array.ndim:
        return f"{shown(value)}, which can be read only once. Pass np.array(list({name}))."
    gone = next((place for place, entry in np.ndenumerate(array) if _is_missing(entry)), None)
    odd = next((place for place, e in np.ndenumerate(array) if not _is_missing(e) and not _is_number(e)), None)
    entry = None if odd is None else array[odd]
    entry = entry.item() if isinstance(entry, np.generic) else entry
    if array.ndim and gone is not None and not isinstance(entry, str | bytes):
        return f"a missing value{_row(gone)}{_column(array, gone)}. {_missing_mend(name, table, odd is None)}"
    if array.dtype.kind in "Mm":
        what, unit = ("dates", "M8[D]") if array.dtype.kind == "M" else ("durations", "m8[D]")
        return f"{what}. Pass np.array({name}, dtype='{unit}').astype(float), which counts days."
    if odd is None and array.dtype.kind != "V" and value is not None:
        return f"dtype {array.dtype}. Pass np.array({name}, dtype=float) if that is meant."
    place: tuple[int, ...] = odd or ()
    column = _column(array, place)
    if isinstance(entry, str | bytes) and array.ndim:
        return f"the word {shown(entry)}{column}. {_words_mend(name, code, array, place, table)}"
    for kind, has, unit in (("date", "year", "M8[D]"), ("duration", "total_seconds", "m8[D]")):
        if hasattr(entry, has):
            those = name if not column else f"{name}.iloc[:, {place[1]}]" if table else f"{code}[:, {place[1]}]"
            mend = f"Put np.array({those}, dtype='{unit}').astype(float) in its place, which counts days."
            return f"a {kind}{column}. {mend}"
    if isinstance(entry, numbers.Real):
        return f"{shown(entry)}{column}, which float64 cannot hold. Scale it down."
    if isinstance(entry, numbers.Complex):
        return f"{shown(entry)}{column}. Pass np.array({name}, dtype=complex).real if that is meant."
    return f"{shown(entry)}{column}, a {type(entry).__name__}. Put a number in its place."


def _row(place: tuple[int, ...]) -> str:
    return f" in row {place[0]}"


def _column(array: NDArray[Any], place: tuple[int, ...]) -> str:
    return f" in column {place[1]}" if array.ndim == 2 and array.shape[1] > 1 else ""


def _missing_mend(name: str, table: bool, only_numbers: bool) -> str:
    """Return the code that leaves out the rows of a table in which something is missing, or words."""
    if not table:
        return "Fill it in, or leave such rows out."
    others = "x" if name == "y" else "y"
    return f"Pass {name}.dropna(){'.astype(float)' * only_numbers}, and leave the same rows out of {others}."


def _words_mend(name: str, code: str, array: NDArray[Any], place: tuple[int, ...], table: bool) -> str:
    """Return the code that numbers the words of one column, or makes a column of 0 and 1 for each word of a table."""
    if array.ndim == 2 and array.shape[1] > 1 and table:
        return f"Pass pandas.get_dummies({name}, dtype=float), which has a column for each word."
    those = array[:, place[1]] if array.ndim == 2 else array
    if any(_is_missing(entry) or entry != entry for entry in those.flat):
        return "Some are missing: fill them in, or leave such rows out."
    if array.ndim == 2 and array.shape[1] > 1:
        c = place[1]
        return (
            f"Put (({code}[:, [{c}]] == np.unique({code}[:, {c}].astype(str))) * 1.0) in its place, a column per word."
        )
    flat = name if array.ndim == 1 else f"np.ravel({name})"
    if not all(isinstance(entry, type(array[place])) for entry in array.flat):  # words beside numbers have no order
        flat = f"np.ravel({name}).astype(str)"
    return f"Pass np.unique({flat}, return_inverse=True)[1], which numbers the words from 0."


def _is_missing(entry: Any) -> bool:
    """Say whether this is None, a date that is none, or what pandas puts where a value is missing."""
    if isinstance(entry, np.datetime64 | np.timedelta64):
        return bool(np.isnat(entry))
    return entry is None or type(entry).__name__ in ("NAType", "NaTType")


def _is_number(entry: Any) -> bool:
    try:
        float(entry)
    except (TypeError, ValueError, OverflowError):
        return False
    return not isinstance(entry, np.datetime64 | np.timedelta64)


def called(argument: str) -> str:
    """Return how the reader's code calls this argument."""
    return argument.removeprefix("validation ")


def as_code(argument: str, value: Any) -> str:
    """Return code for this argument as an array: lists and tables have no `.T` or `[:, None]` of their own."""
    return called(argument) if isinstance(value, np.ndarray) else f"np.array({called(argument)})"


def scale(argument: str, value: ArrayLike, x: NDArray[Any]) -> str:
    """Return one sentence of advice if the columns of x, which `value` became, are too large to learn from; else ""."""
    code = as_code(argument, value)
    if np.asarray(value).dtype == np.uint8 and x.max() > 1:
        mend = f"{code} / 255"
        return f"{argument} holds bytes up to {x.max():g}, as images do, and small numbers train better. Pass {mend}."
    if x.min() >= -LARGE and x.max() <= LARGE:  # quick, and so no column's root mean square is larger
        return ""
    sizes = np.sqrt(np.square(x, dtype=np.float64).mean(axis=0))
    column = int(sizes.argmax())
    if sizes[column] <= LARGE:
        return ""
    mend = f"({code} - np.mean({code}, axis=0)) / (np.std({code}, axis=0) + 1e-12)"
    return (
        f"column {column} of {argument} holds numbers of about {sizes[column]:.2g}, and no eta suits it and the rest. "
        f"Pass {mend}, and treat every later x with the same means and deviations."
    )
