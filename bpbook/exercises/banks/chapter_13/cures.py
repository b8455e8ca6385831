"""Shortcuts and normalisation: small corrections, a batch of one, the way back through a shortcut, and a norm."""

from typing import Any

import numpy as np

from ...bugs.fields.depth import DEPTH
from ...kinds import Choice, Expression, Function, Gradient


def _two_groups(rng: np.random.Generator, m: int = 4, n: int = 3) -> tuple[Any, Any, float]:
    seen = 2 * rng.normal(size=(6, n)) + 3 * rng.normal(size=n)
    return 1.5 * rng.normal(size=(m, n)) + 1, seen, float(rng.uniform(0.1, 0.6))


def _one_new(rng: np.random.Generator) -> tuple[Any, Any, float]:
    return _two_groups(rng, m=1)


def _as_many_as_units(rng: np.random.Generator) -> tuple[Any, Any, float]:
    return _two_groups(rng, m=6, n=6)


def _normed(z: Any, seen: Any, eps: float, wrong: str = "") -> Any:
    """Return z, normalised by what was seen, with one thing wrong if asked."""
    of, axis = {"own": z, "units": z, "both": np.concatenate([z, seen])}.get(wrong, seen), 0
    if wrong == "units":
        axis = 1
    if wrong == "one spread":
        return (z - seen.mean()) / np.sqrt(seen.var() + eps)
    mean, variance = of.mean(axis=axis, keepdims=True), of.var(axis=axis, keepdims=True)
    if wrong == "own mean":
        mean = z.mean(axis=0)
    if wrong == "own variance":
        variance = z.var(axis=0)
    if wrong == "m - 1":
        variance = of.var(axis=0, ddof=1)
    centred = z if wrong == "not centred" else z - mean
    if wrong == "only centred":
        return centred
    if wrong == "variance":
        return centred / (variance + eps)
    if wrong == "eps outside":
        return centred / (np.sqrt(variance) + eps)
    if wrong == "multiplied":
        return centred * np.sqrt(variance + eps)
    return centred / np.sqrt(variance + (0 if wrong == "no eps" else eps))


def _twin(wrong: str) -> Any:
    return lambda z, seen, eps: _normed(z, seen, eps, wrong)


def _block(rng: np.random.Generator, m: int = 4, n: int = 3) -> tuple[Any, Any, Any, Any]:
    return rng.normal(size=(m, n)), rng.normal(size=(m, n)), rng.normal(size=(n, n)), rng.normal(size=n)


def _one_row(rng: np.random.Generator) -> tuple[Any, Any, Any, Any]:
    return _block(rng, m=1, n=2)


def _steep(rng: np.random.Generator) -> tuple[Any, Any, Any, Any]:
    """Draw tiny inputs and huge weights, where nudges of the input fail."""
    u, h, W, b = _block(rng)
    return u, h * 1e-6, W * 1e6, b


def _through(u: Any, h: Any, W: Any, b: Any, wrong: str = "") -> Any:
    """Return dC/dh behind the plus sign, with one thing wrong if asked."""
    z = h @ W + b
    a = np.tanh(z)
    slope = {"at a": 1 - np.tanh(a) ** 2, "none": 1.0, "activation": a, "a(1 - a)": a * (1 - a)}.get(wrong, 1 - a**2)
    back = (u @ W.T) * slope if wrong == "late slope" else (u * slope) @ (W if wrong == "no transpose" else W.T)
    if wrong == "no shortcut":
        return back
    if wrong == "through W":
        return (u + u * slope) @ W.T
    if wrong == "h for u":
        return h + back
    if wrong == "one":
        return 1 + back
    if wrong == "product":
        return u * back
    if wrong == "only u":
        return u
    if wrong == "minus":
        return u - back
    return u + back


def _mistaken(wrong: str) -> Any:
    return lambda u, h, W, b: _through(u, h, W, b, wrong)


def _loss(u: Any, h: Any, W: Any, b: Any) -> Any:
    return (u * (h + np.tanh(h @ W + b))).sum()


EXERCISES = [
    Expression(
        name="doubling",
        points=2,
        expected="sqrt(4**(1 / L) - 1)",
        variables={"L": (5, 60)},
        mistakes={
            "2**(1 / L) - 1": "That is for corrections that all point the same way as h. Unrelated ones add up by "
            "their squares.",
            "sqrt(2**(1 / L) - 1)": "That doubles the mean square. The size is its root.",
            "4**(1 / L) - 1": "That is the square of s. A root is missing.",
            "sqrt(3 / L)": "You added the corrections up as if all were as large as the first. They grow with h.",
            "1 / sqrt(L)": "That multiplies the mean square by (1 + 1/L)**L, a little less than e. You are asked for "
            "4.",
            "1 / L": "That is for corrections that agree, and it does not double them.",
            "2**(1 / L)": "That is by what each layer has to multiply the size. Which s does it?",
            "4**(1 / L)": "That is by what each layer has to multiply the mean square. Which s does it?",
            "sqrt(2 / L)": "That would be for a mean square that doubles, if the corrections did not grow with h.",
        },
        hints=(
            "If the size doubles, by what is the mean square multiplied?",
            "By 4. One layer multiplies it by 1 + s². And L layers?",
            "Solve (1 + s²)**L = 4 for s.",
        ),
    ),
    Choice(
        name="batch_of_one",
        right="b",
        options={
            "a": "The mean of a batch of one is that image itself. What is left when you take it away?",
            "b": "Right. The image is its own mean, so nothing of it is left. Libraries keep running means for this.",
            "c": "The small number under the root keeps the division from 0/0. What is above the line?",
            "d": "Nothing here is random. Take away the mean of one number from that number.",
        },
        hints=(
            "Over what does batch normalisation take its mean?",
            "Over the examples of the batch, and there is one. What is z minus its own mean?",
            "Zero divided by a small number is zero, in every unit and for every image. What does f make of that?",
        ),
    ),
    Gradient(
        name="skip_back",
        points=3,
        equations=("BP2",),
        arguments=_block,
        special=(_one_row,),
        reference=lambda u, h, W, b: _through(u, h, W, b),
        loss=_loss,
        wrt=(1,),
        steep=_steep,
        mistakes={
            _mistaken("no shortcut"): DEPTH["shortcut forgotten"],
            _mistaken("through W"): DEPTH["shortcut through the weights"],
            _mistaken("at a"): DEPTH["slope at a"],
            _mistaken("none"): "The slope of tanh is missing on the way through the layer.",
            _mistaken("activation"): "tanh itself stands where its slope belongs.",
            _mistaken("a(1 - a)"): "That is the slope of a sigmoid. The layer uses tanh.",
            _mistaken("no transpose"): "What comes back passes W as if it went forward. A square matrix hides it.",
            _mistaken("late slope"): "The slope belongs to z, behind W. It is multiplied before the gradient passes "
            "the weights.",
            _mistaken("h for u"): "h itself is added. The shortcut hands on the gradient u.",
            _mistaken("one"): "A one is added to every entry. The shortcut's slope is one, and it multiplies u.",
            _mistaken("product"): "The two ways are multiplied. Gradients that meet at h add up.",
            _mistaken("only u"): "That is the shortcut alone. The layer beside it has a share too.",
            _mistaken("minus"): "The share of the layer is subtracted. Both ways add up.",
        },
        hints=(
            "The plus sign hands u to both of its inputs. Which two ways lead from there back to h?",
            "One is the shortcut, which changes nothing. The other is (BP2): a slope and the weights.",
            "Multiply u by 1 - tanh(z)², send that through the transpose of W, and add what came along the shortcut.",
        ),
    ),
    Function(
        name="normalise_later",
        points=2,
        arguments=_two_groups,
        special=(_one_new, _as_many_as_units),
        reference=lambda z, seen, eps: _normed(z, seen, eps),
        mistakes={
            _twin("units"): DEPTH["norm over the units"],
            _twin("one spread"): DEPTH["norm over everything"],
            _twin("own"): DEPTH["normalised by itself"],
            _twin(
                "both"
            ): "The new examples help to make the mean and the variance. What they become must not depend on "
            "who comes with them.",
            _twin("own mean"): "The mean is that of the new examples, and the variance is not. Both belong to what was "
            "seen.",
            _twin(
                "own variance"
            ): "The variance is that of the new examples, and the mean is not. Both belong to what was seen.",
            _twin("not centred"): "The mean is not taken away.",
            _twin("only centred"): "The mean is taken away, but nothing is divided by the spread.",
            _twin("variance"): DEPTH["variance for sd"],
            _twin("eps outside"): "eps is added to the root. It belongs under it.",
            _twin("no eps"): "eps is not used, so a unit that was always the same would be divided by zero.",
            _twin(
                "m - 1"
            ): "The variance is divided by m - 1, as for a sample. This one is a mean over the m examples.",
            _twin("multiplied"): "It multiplies by the spread, where it should divide.",
            lambda z, seen, eps: _normed(seen, seen, eps): "These are the examples it has learned from. You are asked "
            "for the new ones.",
        },
        hints=(
            "Each unit, a column, has a mean and a variance. Over which examples?",
            "Over those that were seen. Both are rows with one number for each unit.",
            "Take that mean away from z, and divide by the root of that variance plus eps.",
        ),
    ),
]
