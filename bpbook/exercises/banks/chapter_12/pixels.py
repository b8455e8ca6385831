"""Gradients at the pixels, and what a single layer can and cannot tell."""

from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...bugs.fields.driving import DRIVING
from ...kinds import Choice, Gradient


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _picture(rng: np.random.Generator, scale: float = 1.0) -> tuple[Any, Any, Any, Any]:
    W = rng.normal(size=(5, 3)) / scale
    return rng.normal(size=5) * scale, W, 0.5 * rng.normal(size=3), rng.normal(size=3)


def _plain_picture(rng: np.random.Generator) -> tuple[Any, Any, Any, Any]:
    """Draw weights that send each output's slope to one pixel, without any rounding."""
    x, W, b, v = _picture(rng)
    x = np.copysign(1.0, x)  # so that steps that are a share of a pixel are steps as they are
    return x, np.concatenate([np.eye(3), W[3:]]), b, np.copysign(rng.choice([0.5, 1, 2], 3), v)


def _slope(x: Any, W: Any, b: Any, v: Any, wrong: str = "") -> Any:
    """Return the derivative of v . sigmoid(x W + b) with respect to x, with one thing wrong if asked."""
    z = x @ W + b
    a = _sigmoid(z)
    slope = {"no slope": 1.0 + 0 * a, "at a": _sigmoid(a) * (1 - _sigmoid(a)), "at z": z * (1 - z)}.get(
        wrong, a * (1 - a)
    )
    delta = slope if wrong == "no v" else v * a if wrong == "a for slope" else v * slope
    value = W @ delta
    return {"size": np.abs(value), "sign": -value, "times x": x * value}.get(wrong, value)


def _twin(wrong: str) -> Any:
    return lambda x, W, b, v: _slope(x, W, b, v, wrong)


EXERCISES = [
    Gradient(
        name="pixel_gradient",
        points=2,
        arguments=_picture,
        reference=lambda x, W, b, v: _slope(x, W, b, v),
        loss=lambda x, W, b, v: v @ _sigmoid(x @ W + b),
        wrt=(0,),
        steep=lambda rng: _picture(rng, 1e-6),
        parts=lambda made, x, W, b, v: [
            (made["The result"][:3] / v, _sigmoid(x @ W + b)),
            (made["The result"], np.full(len(x), v @ _sigmoid(x @ W + b))),
        ],
        single=_plain_picture,
        nudged=BUGS["finite differences"],
        mistakes={
            _twin("no slope"): DRIVING["slope of the outputs missing"],
            _twin("at a"): DRIVING["slope at the activation"],
            _twin("size"): DRIVING["saliency without its sign"],
            _twin("at z"): "The slope is a (1 - a) with the activations, and not with the weighted inputs.",
            _twin("no v"): "The reading weighs each output by its entry of v; that is missing.",
            _twin("a for slope"): "The activation stands where its slope belongs.",
            lambda x, W, b, v: _slope(x, W, 0 * b, v): "The bias is missing from the weighted inputs.",
            _twin("sign"): "The sign is reversed.",
            _twin("times x"): "That is the gradient times the pixels. The question is the gradient itself.",
        },
        hints=(
            "Two links: from the reading to the weighted inputs, and from there to the pixels.",
            "The first link is v times the slope of the sigmoid at each output. The second is (BP2) without a slope, "
            "because pixels have no activation function.",
            "Send that delta back through the weights: each pixel adds up its weights times the deltas.",
        ),
    ),
    Choice(
        name="two_kinds",
        right="d",
        options={
            "a": "What is its output for the negative of a picture, if it is right for the picture?",
            "b": "There is no kind that it could choose: both come equally often.",
            "c": "More pictures of both kinds give it the same contradiction more often.",
            "d": "Right. The outputs for a picture and its negative add up to 2b, whatever the weights. If both are to "
            "be the same, they must be b.",
        },
        hints=(
            "Write down the output for a picture x and for its negative.",
            "They are x W + b and b - x W. What is their sum?",
            "Both should be the same arc. What does that leave for x W?",
        ),
    ),
]
