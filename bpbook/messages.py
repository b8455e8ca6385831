"""How a message says what came, and which code makes of it what is needed."""

import contextlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["as_code", "called", "no_numbers", "shortened", "shown"]


def shown(value: object) -> str:
    """Return what came as it stands in a message: its repr on one line, cut when it is long."""
    return shortened(repr(value))


def shortened(text: str) -> str:
    """Return a text on one line, cut when it is long."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def no_numbers(argument: str, value: Any, array: NDArray[Any]) -> str:
    """Say what an array holds in the place of numbers, and which code makes numbers of it."""
    name, code = called(argument), as_code(argument, value)
    if array.dtype.kind == "c":
        return f"dtype {array.dtype}. Pass {code}.real if that is meant."
    if array.dtype.kind in "Mm":
        what, unit = ("dates", "M8[D]") if array.dtype.kind == "M" else ("durations", "m8[D]")
        return f"{what}. Pass np.array({name}, dtype='{unit}').astype(float), which counts days."
    with contextlib.suppress(TypeError, ValueError):
        np.array(value, dtype=float)
        return f"dtype {array.dtype}. Pass np.array({name}, dtype=float) if that is meant."
    place = next(place for place, entry in np.ndenumerate(array) if entry is not None and not _is_number(entry))
    entry = array[place].item() if isinstance(array[place], np.generic) else array[place]
    column = f" in column {place[1]}" if array.ndim == 2 and array.shape[1] > 1 else ""
    table = hasattr(value, "iloc")  # a pandas table, or a column of one
    if type(entry).__name__ in ("NAType", "NaTType"):
        mend = (
            f"Pass {name}.dropna().astype(float), and leave the same rows out of {'x' if name == 'y' else 'y'}"
            if table
            else "Fill it in"
        )
        return f"a missing value in row {place[0] if place else 0}{column}. {mend}."
    if isinstance(entry, str | bytes) and array.ndim:
        return f"the word {shown(entry)}{column}. {_words_mend(name, code, array, place, table)}"
    if hasattr(entry, "year"):
        dates = name if not column else f"{name}.iloc[:, {place[1]}]" if table else f"{code}[:, {place[1]}]"
        return f"a date{column}. Put np.array({dates}, dtype='M8[D]').astype(float) in its place, which counts days."
    return f"{shown(entry)}{column}, a {type(entry).__name__}. Put a number in its place."


def _words_mend(name: str, code: str, array: NDArray[Any], place: tuple[int, ...], table: bool) -> str:
    """Return the code that numbers the words of one column, or makes a column of 0 and 1 for each word of a table."""
    if array.ndim == 2 and array.shape[1] > 1 and table:
        return f"Pass pandas.get_dummies({name}, dtype=float), which has a column for each word."
    if array.ndim == 2 and array.shape[1] > 1:
        c = place[1]
        return (
            f"Put (({code}[:, [{c}]] == np.unique({code}[:, {c}].astype(str))) * 1.0) in its place, a column per word."
        )
    try:
        np.unique(array)
    except TypeError:  # words beside None or nan
        return "Some are missing: fill them in, or leave such rows out."
    flat = name if array.ndim == 1 else f"np.ravel({name})"
    return f"Pass np.unique({flat}, return_inverse=True)[1], which numbers the words from 0."


def _is_number(entry: Any) -> bool:
    try:
        float(entry)
    except (TypeError, ValueError):
        return False
    return True


def called(argument: str) -> str:
    """Return how the reader's code calls this argument."""
    return argument.removeprefix("validation ")


def as_code(argument: str, value: Any) -> str:
    """Return code for this argument as an array: lists and tables have no `.T` or `[:, None]` of their own."""
    return called(argument) if isinstance(value, np.ndarray) else f"np.array({called(argument)})"
