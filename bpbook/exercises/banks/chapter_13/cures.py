"""Shortcuts and normalisation: a norm by hand, the way back through a shortcut, and a batch of one."""

from typing import Any

import numpy as np

from ...bugs.depth import DEPTH
from ...kinds import Choice, Function, Gradient


def _batch(rng: np.random.Generator) -> tuple[Any, float]:
    return 2 * rng.normal(size=(4, 3)) + rng.normal(size=3), float(rng.uniform(0.1, 0.6))


def _one(rng: np.random.Generator) -> tuple[Any, float]:
    return rng.normal(size=(1, 5)), float(rng.uniform(0.1, 0.6))


def _square(rng: np.random.Generator) -> tuple[Any, float]:
    return rng.normal(size=(3, 3)) + 1, float(rng.uniform(0.1, 0.6))


def _normed(z: Any, eps: float, wrong: str = "") -> Any:
    """Return the normalised z, with one thing wrong if asked."""
    axis = {"batch": 0, "all": None}.get(wrong, 1)
    centred = z if wrong == "not centred" else z - z.mean(axis=axis, keepdims=True)
    variance = (centred**2).mean(axis=axis, keepdims=True)
    if wrong == "only centred":
        return centred
    if wrong == "m - 1":
        variance = z.var(axis=1, ddof=1, keepdims=True)
    if wrong == "variance":
        return centred / (variance + eps)
    if wrong == "eps outside":
        return centred / (np.sqrt(variance) + eps)
    if wrong == "multiplied":
        return centred * np.sqrt(variance + eps)
    if wrong == "length":
        return centred / np.sqrt((centred**2).sum(axis=1, keepdims=True) + eps)
    return centred / np.sqrt(variance + (0 if wrong == "no eps" else eps))


def _twin(wrong: str) -> Any:
    return lambda z, eps: _normed(z, eps, wrong)


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
    back = (u * slope) @ (W if wrong == "no transpose" else W.T)
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
    Function(
        name="layer_norm",
        points=2,
        arguments=_batch,
        special=(_one, _square),
        reference=lambda z, eps: _normed(z, eps),
        mistakes={
            _twin("batch"): DEPTH["norm over the batch"],
            _twin("all"): DEPTH["norm over everything"],
            _twin("not centred"): "The mean is not taken away.",
            _twin("only centred"): "The mean is taken away, but nothing is divided by the spread.",
            _twin("variance"): DEPTH["variance for sd"],
            _twin("eps outside"): "eps is added to the root. It belongs under it.",
            _twin("no eps"): "eps is not used, so an example whose units are all alike would be divided by zero.",
            _twin("m - 1"): "The variance is divided by n - 1, as for a sample. This one is a mean over the n units.",
            _twin("multiplied"): "It multiplies by the spread, where it should divide.",
            _twin("length"): "It divides by the root of the sum of squares. The variance is their mean.",
        },
        hints=(
            "Each example, a row, is looked at by itself. What are its mean and its variance over the units?",
            "Take the mean of each row away. Then divide by a root of variance plus eps.",
            "With `keepdims=True` the means of the rows stay a column, which fits the batch.",
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
]
