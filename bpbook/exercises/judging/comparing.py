"""Compare what came with what was expected, and say how the two are related.

An answer and its reference are dictionaries of plain arrays, one pair for each probe. Relations are found without any
knowledge of mistakes: a factor, a transpose, zeros, rows that were not summed. They are claimed only when they hold
on every probe.
"""

from collections.abc import Mapping, Sequence

from numpy import array, zeros

from .reading import Flat, Plain, finite
from .verdict import Status

__all__ = ["Quantities", "alike", "close", "differing", "first_difference", "relations", "rounded"]

Quantities = Mapping[str, float]
"""Words for a number of the probe, as "your batch size", and the number."""
EXACT = 1e-5
NEAR = 1e-2


def close(value: Plain, expected: Plain, tolerance: float, floor: float = 0.0) -> bool:
    """Say whether two arrays have one shape, are nan or inf in the same places, and are close elsewhere.

    The distance is measured against the largest entry of `expected`, or against `floor` where that is larger.
    """
    if value.shape != expected.shape:
        return False
    distance = abs(value - expected)
    everywhere = finite(expected)
    if everywhere or finite(value):
        bound = tolerance * max(float(abs(expected).max(initial=0.0)), floor, 1e-12)
        return everywhere and float(distance.max(initial=0.0)) <= bound
    here, there = abs(value) < float("inf"), abs(expected) < float("inf")
    if (here != there).any():
        return False
    bound = tolerance * max(float(abs(expected[there]).max(initial=0.0)), floor, 1e-12)
    return float(distance[there].max(initial=0.0)) <= bound


def alike(values: Sequence[Plain], tolerance: float) -> Plain:
    """Return a table of booleans: in row i and column j what `close(values[i], values[j], tolerance)` says.

    Finite values of one shape are compared all at once.
    """
    table = zeros((len(values), len(values)), bool)
    groups: dict[object, list[int]] = {}
    for k, value in enumerate(values):
        groups.setdefault(value.shape if finite(value) else None, []).append(k)
    for shape, members in groups.items():
        if shape is None:
            for i in members:
                table[i, members] = [close(values[i], values[j], tolerance) for j in members]
        else:
            rows = array([values[k].ravel() for k in members])
            bound = tolerance * abs(rows).max(axis=1, initial=1e-12)
            distance = abs(rows[:, None] - rows).max(axis=2, initial=0.0)
            for i, near in zip(members, distance <= bound, strict=True):
                table[i, members] = near
    return table


def differing(value: Mapping[str, Plain], expected: Flat, tolerance: float, part: float = 1e-6) -> list[str]:
    """Return the names of the arrays that are not close; a small part of the largest entry of all is rounding."""
    floor = part * expected.largest
    return [name for name in expected if not close(value[name], expected[name], tolerance, floor)]


def rounded(value: Plain, expected: Plain, tolerance: float) -> bool:
    """Say whether every number is close to the right one, or is it rounded to three digits or more.

    A whole number is a count, and is not rounded.
    """
    if value.shape != expected.shape or not finite(value) or not finite(expected):
        return False
    return all(
        abs(v - e) <= tolerance * abs(e) or (e != round(e) and any(v == float(f"{e:.{k}g}") for k in range(3, 9)))
        for v, e in zip(value.ravel().tolist(), expected.ravel().tolist(), strict=True)
    )


def first_difference(
    name: str, value: Plain, expected: Plain, tolerance: float, names: Sequence[str] = ()
) -> tuple[Status, str]:
    """Return the status and the words for one array that differs; never a value.

    With `names`, one for each entry of a row of numbers, the first that differs is said by its name.
    """
    what = name if name == "The result" else f"`{name}`"
    if value.shape != expected.shape:
        return "shape", f"{what} has shape {value.shape}; it must have shape {expected.shape}."
    if not finite(value):
        return "nonfinite", f"{what} holds nan or inf. Look for an overflow, a division by zero or a logarithm of zero."
    if value.ndim == 0:
        return "wrong", f"{what} is not the right value yet."
    differs = abs(value - expected) > tolerance * max(float(abs(expected).max(initial=0.0)), 1e-12)
    if not differs.any():
        return "wrong", f"{what} is not right yet."
    first = [int(k[0]) for k in differs.nonzero()]
    of = f", of shape {expected.shape}," if name != "The result" else ""
    where = f"the first that differs is {names[first[0]]}" if names else f"the first at {first}"
    count = f"{int(differs.sum())} of {differs.size} entries differ{';' if names else ','} {where}"
    by_itself = zip(value.ravel(), expected.ravel(), strict=True) if names else [(value, expected)]
    all_near = all(close(one, other, NEAR) for one, other in by_itself)  # numbers with names may differ in size
    near = " All are near. Is something rounded, or approximated?" if all_near else ""
    return "wrong", f"{what}{of} is not right yet: {count}.{near}"


def relations(
    values: Sequence[Mapping[str, Plain]], expected: Sequence[Mapping[str, Plain]], quantities: Sequence[Quantities]
) -> dict[str, str]:
    """Return {name: how it is related to what was expected} for every array where one relation holds on every probe."""
    found = {}
    every = list(dict.fromkeys(name for right in expected for name in right))
    shown = max(range(len(expected)), key=lambda k: len(expected[k]))  # numbers in words are all of this one probe
    for name in every:
        having = [k for k, right in enumerate(expected) if name in right]
        pairs = [(values[k][name], expected[k][name]) for k in having]
        facts = [quantities[k] for k in having] if quantities else []
        if words := _relation(pairs, facts, having.index(shown) if shown in having else 0):
            found[name] = words
            continue
        for other in every:
            if other != name and all(other in right for right in expected):
                pairs = [(values[k][name], expected[k][other]) for k in having]
                if all(close(value, right, EXACT) for value, right in pairs):
                    found[name] = f"what `{other}` should be"
    return found


def _relation(pairs: list[tuple[Plain, Plain]], quantities: Sequence[Quantities], shown: int = 0) -> str:
    if all(value.shape == right.shape for value, right in pairs):
        if not any(value.any() for value, _ in pairs):
            return "zero everywhere" if any(right.any() for _, right in pairs) else ""
        if words := _factor(pairs, quantities, shown):
            return words
    if all(value.ndim == 2 and close(value.T, right, EXACT) for value, right in pairs):
        return "exactly the transpose of what it should be"
    if any(value.shape != right.shape for value, right in pairs) and all(
        value.size == right.size and close(value.reshape(right.shape), right, EXACT) for value, right in pairs
    ):
        return "right in number, wrong in shape"
    if all(value.ndim == right.ndim + 1 and close(value.sum(axis=0), right, EXACT) for value, right in pairs):
        return "not added up over the first axis yet"
    return ""


def _factor(pairs: list[tuple[Plain, Plain]], quantities: Sequence[Quantities], shown: int) -> str:
    """Name the one factor between all pairs: -1, 2, 1/2, or one of the quantities, if no other candidate fits.

    A quantity has another number on every probe; `shown` says whose number is given.
    """
    factors, among = [], []
    for k, (value, right) in enumerate(pairs):
        size = float((right * right).sum())
        if not size and float(abs(value).max(initial=0.0)) > 1e-9:
            return ""  # zero times any factor is zero
        if not size > 0 or not finite(value):
            continue
        factor = float((value * right).sum()) / size
        if not factor or not close(value, factor * right, EXACT):
            return ""
        factors.append(factor)
        among.append(k)
    if not factors:
        return ""
    fitting = []
    for sign in (1, -1):
        for words, per_probe in _candidates(quantities, len(pairs), shown if shown in among else among[0]):
            numbers = [per_probe[k] for k in among]
            if all(abs(f - sign * c) <= EXACT * abs(c) for f, c in zip(factors, numbers, strict=True)):
                fitting.append((sign, words, per_probe[shown if shown in among else among[0]]))
    if not fitting:
        telling = any((right != 0).sum() > 1 for _, right in pairs)  # one number is always a multiple of another
        return "wrong by the same factor in every entry" if telling else ""
    sign, words, number = fitting[0]
    if sign * number == 1:
        return ""
    words = words if len(fitting) == 1 else ""
    turned = "of the wrong sign" if sign < 0 else ""
    if abs(number) == 1:
        return turned
    times = f"exactly {number:g} times too large" if number > 1 else f"exactly {1 / number:g} times too small"
    because = f" ({words})" if words else ""
    return f"{turned} and {times}{because}" if turned else f"{times}{because}"


def _candidates(quantities: Sequence[Quantities], count: int, shown: int) -> list[tuple[str, list[float]]]:
    """Return (words, factor on each probe): 1, 2, 1/2, these times or over every quantity, and its square."""
    found: list[tuple[str, list[float]]] = [("", [c] * count) for c in (1.0, 2.0, 0.5)]
    for words in quantities[0] if quantities else ():
        q = [float(each[words]) for each in quantities]
        if all(q):
            named = {1.0: f"{q[shown]:g} is {words}", 2.0: f"twice {words}", 0.5: f"half of {words}"}
            if q[shown] < 2:  # what is said is the number above 1: half of 1.25 would be said as 1.6
                named[0.5] = f"2 divided by {words}"
            for c, said in named.items():
                found.append((said, [c * k for k in q]))
                found.append((said, [1 / (c * k) for k in q]))
            found.append((f"the square of {words}", [k**2 for k in q]))
            found.append((f"the square of {words}", [k**-2 for k in q]))
    return found
