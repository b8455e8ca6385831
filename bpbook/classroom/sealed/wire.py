"""What passes between the room and the judge: numbers, arrays, text, and what holds them; never an object, never code.

Used on both sides of the door, so it needs NumPy alone. What comes out of the room was made by a stranger, so `unpack`
believes nothing: it knows eleven shapes of message and refuses any other.
"""

import base64
import importlib
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["LARGEST", "Nonsense", "door", "mapping", "pack", "unpack"]

LARGEST = 16 << 20
"""Bytes of one message."""
DEEPEST, LONGEST, TEXT = 10, 100_000, 100_000
DTYPE = re.compile(r"[<>|=][?biufcUSMm]\d{1,6}(\[\w+\])?")
HUGE = 10**400


class Nonsense(Exception):
    """A message that nobody would write who follows the protocol."""


def door(message: dict[str, Any]) -> Any:
    """Say something to the judge, from inside the room, and return what it answers."""
    return json.loads(importlib.import_module("_host").call(json.dumps(message).encode()) or b"null")


def pack(value: Any, other: Callable[[Any], Any] = lambda value: None, depth: int = 0) -> Any:
    """Return what `json` can write of a value; of what is no plain data, the name of its type.

    Parameters
    ----------
    value : anything
    other : callable, optional
        Is asked about what is no plain data first; what it returns is sent, unless it is None.
    """
    kind = type(value)
    if value is None or kind in (bool, float):
        return value
    if issubclass(kind, np.generic) and value.dtype.kind in "?buifc":
        return {"scalar": _array(np.asarray(value))}
    if issubclass(kind, int):
        return int(value) if int.bit_length(value) < 1024 else {"int": 1 if value > 0 else -1}
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, str):
        return str.__str__(value)[:TEXT]
    if value is Ellipsis:
        return {"dots": 0}
    if kind in (Fraction, Decimal):
        return {"exact": [kind.__name__, str(value)[:1000]]}
    if depth < DEEPEST:
        if issubclass(kind, (list, tuple)) and len(value) <= LONGEST:
            return {"list" if issubclass(kind, list) else "tuple": [pack(each, other, depth + 1) for each in value]}
        if issubclass(kind, dict) and len(value) <= LONGEST:
            pairs = [(key, each) for key, each in value.items() if type(key) in (str, int, bool, float)]
            return {"dict": [[key, pack(each, other, depth + 1)] for key, each in pairs]}
        if kind is np.ndarray and value.dtype.kind == "O" and value.size <= LONGEST:
            return {"objects": [list(value.shape), [pack(each, other, depth + 1) for each in value.flat]]}
    if (told := other(value)) is not None:
        return told
    if issubclass(kind, np.ndarray) or hasattr(kind, "__array__"):
        array = np.array(value, subok=False)
        if DTYPE.fullmatch(array.dtype.str) and array.nbytes < LARGEST // 2:
            return {"array": _array(array)}
    return {"odd": type.__getattribute__(kind, "__name__")}


def unpack(message: Any, other: Callable[[str, Any], Any] = lambda key, value: None, depth: int = 0) -> Any:
    """Return the value that was packed; an empty object of a class of that name where only a name was sent.

    Raises
    ------
    Nonsense
        It was packed by someone else.
    """
    if message is None or isinstance(message, (bool, int, float, str)):
        return message
    if not isinstance(message, dict) or len(message) != 1 or depth > DEEPEST + 2:
        raise Nonsense("no value")
    [(key, held)] = message.items()
    try:
        return _unpacked(key, held, other, depth)
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, AttributeError) as error:
        raise Nonsense(str(error)[:100]) from None


def _unpacked(key: str, held: Any, other: Callable[[str, Any], Any], depth: int) -> Any:
    match key:
        case "list" | "tuple":
            members = [unpack(each, other, depth + 1) for each in held]
            return members if key == "list" else tuple(members)
        case "dict":
            return {name: unpack(each, other, depth + 1) for name, each in held}
        case "array":
            return _read(held)
        case "scalar":
            return _read(held).reshape(())[()]
        case "objects":
            array = np.empty(len(held[1]), dtype=object)
            array[:] = [unpack(each, other, depth + 1) for each in held[1]] or None
            return array.reshape(_shape(held[0]))
        case "int":
            return HUGE if held > 0 else -HUGE
        case "dots":
            return Ellipsis
        case "exact":
            return (Fraction if held[0] == "Fraction" else Decimal)(held[1])
        case "odd":
            return type(str(held).replace("\0", "")[:80] or "thing", (), {})()
    if (told := other(key, held)) is None:
        raise Nonsense("an unknown message")
    return told


def _array(array: np.ndarray) -> list[Any]:
    return [array.dtype.str, list(array.shape), base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()]


def _read(held: Any) -> np.ndarray:
    dtype, shape, text = held
    if not DTYPE.fullmatch(dtype):
        raise Nonsense("no array")
    return np.frombuffer(base64.b64decode(text), np.dtype(dtype)).reshape(_shape(shape)).copy()


def _shape(shape: Any) -> tuple[int, ...]:
    if len(shape) > 16 or not all(type(n) is int and 0 <= n < 1 << 40 for n in shape):
        raise Nonsense("no shape")
    return tuple(shape)


def mapping(value: Any) -> Any:
    """Return a dictionary of what is a mapping of another class, packed; None for anything else."""
    return pack(dict(value)) if isinstance(value, Mapping) else None
