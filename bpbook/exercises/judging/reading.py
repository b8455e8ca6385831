"""Turn whatever a reader's code returned into plain arrays of float64, without trusting it.

The functions that judge are taken from NumPy once, when this module is imported: what a reader's code later puts in
their place does not reach the judge. Arrays of a class of the reader's own come out as plain arrays, so that their
`==` and their `__array_function__` are never asked.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from numpy import array, float32, float64, generic, isfinite, ndarray

from .verdict import Verdict

__all__ = ["Flat", "Plain", "Unreadable", "flatten", "plain"]

Plain = ndarray[Any, Any]
KINDS = {"c": "complex numbers", "O": "objects", "U": "text", "S": "bytes", "M": "dates", "m": "times", "V": "records"}
LINE = 80
NUMBERS = (int, float, bool, Fraction, Decimal)


class Flat(dict[str, Plain]):
    """Arrays by name; `single` says whether one of them came in float32, `whole` which ones in integers."""

    single = False

    def __init__(self) -> None:
        super().__init__()
        self.whole: set[str] = set()

    @cached_property
    def largest(self) -> float:
        """The size of the largest finite entry of all arrays."""
        return max((float(abs(array[isfinite(array)]).max(initial=0.0)) for array in self.values()), default=0.0)


class Unreadable(Exception):
    """What came is not an array of real numbers; `verdict` says why."""

    def __init__(self, status: Any, message: str) -> None:
        super().__init__(message)
        self.verdict = Verdict(status, 0.0, message)


def plain(answer: Any, what: str) -> Plain:
    """Return a plain copy in float64.

    Raises
    ------
    Unreadable
        It is nothing, text, complex, ragged, or made of objects.
    """
    return _numbers(answer, what).astype(float64)


def _numbers(answer: Any, what: str) -> Plain:
    """Return a plain array of real numbers, in the type in which they came."""
    if answer is None or answer is Ellipsis:
        word = "None" if answer is None else "..."
        ask = "Does your function return something?" if what == "The result" else "Is it set anywhere?"
        raise Unreadable("type", f"{what} is {word}. {ask}")
    try:
        values = array(answer, subok=False)
    except Exception:  # noqa: BLE001 - an object of the reader's may raise anything
        raise Unreadable("type", f"{what} must hold real numbers, in rows of equal length.") from None
    if values.dtype.kind == "O" and values.size and all(_is_number(entry) for entry in values.flat):
        try:
            return values.astype(float64)  # a Fraction or a Decimal is as good a number as a float
        except OverflowError:
            raise Unreadable("type", f"{what} holds a number that is too large for a float.") from None
    if values.dtype.kind not in "buif":
        held = KINDS.get(values.dtype.kind, "something else")
        of = f"it is {a_kind_of(answer)}" if values.ndim == 0 else f"it holds {held}"
        raise Unreadable("type", f"{what} must hold real numbers; {of}.")
    return values


def _is_number(entry: Any) -> bool:
    return type(entry) in NUMBERS or (issubclass(type(entry), generic) and entry.dtype.kind in "buif")


def flatten(answer: Any, like: Any, names: tuple[str, ...]) -> Flat:
    """Return {name: array} of an answer that must be built as `like` is: one array, a tuple, lists of layers.

    Parameters
    ----------
    answer : anything
    like : array, or tuple of arrays or of lists with one array per layer and None at index 0
    names : tuple of str
        Of the members of the tuple; empty when `like` is one array.
    """
    found = Flat()

    def keep(name: str, came: Any, what: str, pattern: Any) -> None:
        values = _numbers(came, what)
        found.single |= values.dtype == float32
        if values.ndim and values.dtype.kind in "ui":
            found.whole.add(name)
        found[name] = _as_number(values.astype(float64), pattern)

    if not names:
        keep("The result", answer, "The result", like)
        return found
    if isinstance(answer, Mapping) and all(name in answer for name in names):
        answer = [answer[name] for name in names]
    members = _members(answer, len(names), f"Your function must return {', '.join(names)}")
    for name, member, pattern in zip(names, members, like, strict=True):
        if isinstance(pattern, list):
            if isinstance(member, Mapping):
                member = [member.get(l) for l in range(len(pattern))]
            rule = f"`{name}` must be a list with one array for each layer and None at index 0"
            for l, layer in enumerate(_members(member, len(pattern), rule)):
                if pattern[l] is not None:
                    keep(f"{name}[{l}]", layer, f"`{name}[{l}]`", pattern[l])
        else:
            keep(name, member, f"`{name}`", pattern)
    return found


def _as_number(values: Plain, like: Any) -> Plain:
    """Take an array of one entry for a number, where a number is asked for."""
    return values.reshape(()) if values.size == 1 and getattr(like, "ndim", 0) == 0 else values


def _members(answer: Any, count: int, rule: str) -> list[Any]:
    if isinstance(answer, (tuple, list)) or (isinstance(answer, ndarray) and answer.ndim):
        if len(answer) == count:
            return [answer[k] for k in range(count)]
        raise Unreadable("type", f"{rule}; {len(answer)} came instead of {count}.")
    raise Unreadable("type", f"{rule}; it is {'nothing' if answer is None else f'one {kind_of(answer)}'}.")


def finite(values: Plain) -> bool:
    """Say whether no entry is nan or inf."""
    return bool(isfinite(values).all())


def kind_of(answer: Any) -> str:
    """Return the name of the answer's type, for a message."""
    name = name_of(answer)
    return "array" if name == "ndarray" else name


def name_of(answer: Any) -> str:
    """Return the name of a thing's type in one short line, as code where Markdown would read more into it."""
    return in_a_line(str(type.__getattribute__(type(answer), "__name__")))


def in_a_line(text: str, code: bool = False) -> str:
    """Return words that came from the reader, cut to one line that a notebook shows as it stands.

    Parameters
    ----------
    text : str
    code : bool
        The words are put between backticks by whoever asks, so that none are added here.

    >>> in_a_line("<script>")
    '`<script>`'
    """
    shown = " ".join(text[: 2 * LINE].split()).replace("`", " ")
    shown = f"{shown[:LINE]} ..." if len(shown) > LINE or len(text) > 2 * LINE else shown
    return f"`{shown}`" if set(shown) & set("<&*[$|") and not code else shown


def a_kind_of(answer: Any) -> str:
    """Return the name of the answer's type with its article: "an int", "a list"."""
    name = kind_of(answer)
    return f"{'an' if name[:1].lower() in tuple('aeio') else 'a'} {name}"
