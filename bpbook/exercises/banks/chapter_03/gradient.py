"""The neuron and its gradient, as functions."""

from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...kinds import Function, Gradient, Mistake
from .sigmoid import _activation, _slope


def _neuron(rng: np.random.Generator) -> tuple[float, float, float]:
    w, b = rng.uniform(0.5, 1.5, 2) * rng.choice([-1, 1], 2)
    return float(w), float(b), float(rng.uniform(1.5, 2.5))


def _with_negative_input(rng: np.random.Generator) -> tuple[float, float, float]:
    w, b, x = _neuron(rng)
    return w, b, -x


def _far_out(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw a neuron whose z is far out, on either side, but not so far that a rounds to 0."""
    w, b, x = _neuron(rng)
    return float(np.copysign(rng.uniform(7, 9), w)) / x, b, x


def _neuron_and_target(rng: np.random.Generator) -> tuple[Any, ...]:
    """Draw a neuron and a target that its output is not near: a small difference of the two would be mere rounding."""
    return _with_target(_neuron(rng), rng)


def _with_target(neuron: tuple[float, float, float], rng: np.random.Generator) -> tuple[Any, ...]:
    w, b, x = neuron
    a = float(_activation(w * x + b))
    y = rng.uniform(0, a - 0.1) if a > 0.5 else rng.uniform(a + 0.1, 1)
    return tuple(map(np.array, (w, b, x, y)))


def _loss(w: float, b: float, x: float, y: float) -> Any:
    return (_activation(w * x + b) - y) ** 2 / 2


def _gradient(w: float, b: float, x: float, y: float) -> tuple[Any, Any]:
    delta = (_activation(w * x + b) - y) * _slope(w * x + b)
    return delta * x, delta


def _gradient_of(a: Any, x: float, y: float) -> tuple[Any, Any]:
    """Return the gradient of a neuron that gave a, whatever led to it."""
    delta = (a - y) * a * (1 - a)
    return delta * x, delta


def _gradient_with(w: float, b: float, x: float, y: float, slope: Any, feeds: float) -> tuple[Any, Any]:
    """Return the gradient with another slope and another factor in dC/dw."""
    delta = (_activation(w * x + b) - y) * slope
    return delta * feeds, delta


def _steep(rng: np.random.Generator) -> tuple[Any, ...]:
    """Draw a tiny weight on a huge input, where nudges of the weight fail."""
    w, b, x, y = _neuron_and_target(rng)
    return np.array(w * 1e-6), b, np.array(x * 1e6), y


def _large(rng: np.random.Generator) -> tuple[Any, ...]:
    """Draw a large weight that the bias takes back, where nudges by a share of the weight fail."""
    w, b, x, y = _neuron_and_target(rng)
    return w * 1e4, b + w * x - w * 1e4 * x, x, y


EXERCISES = [
    Function(
        name="neuron",
        equations=("FF",),
        arguments=_neuron,
        special=(_with_negative_input, _far_out, _far_out),
        reference=lambda w, b, x: _activation(w * x + b),
        mistakes={
            lambda w, b, x: 1 / 1 + np.exp(-(w * x + b)): "Brackets are missing below the fraction line.",
            lambda w, b, x: np.exp(-(w * x + b)): "That is only a part of the denominator.",
            lambda w, b, x: np.tanh(w * x + b): "That is tanh. The neuron is a sigmoid.",
            lambda w, b, x: np.exp(w * x + b): "That is the exponential of z, a part of the sigmoid.",
            lambda w, b, x: 1 / (1 - np.exp(-(w * x + b))): "The denominator is a sum.",
            lambda w, b, x: _activation(w + x + b): "The weight multiplies the input. Here it is added.",
            lambda w, b, x: max(w * x + b, 0.0): "That is the ReLU. The neuron is a sigmoid.",
            lambda w, b, x: _slope(w * x + b): "That is the slope of the sigmoid at z, not its value.",
            lambda w, b, x: _activation(w * (x + b)): "The weight multiplies only the input, and the bias is added "
            "afterwards.",
            lambda w, b, x: w * x + b: "This is z. It still has to go through the activation function.",
            lambda w, b, x: _activation(w * x): "The bias is missing.",
            lambda w, b, x: _activation(-w * x - b): "In the sigmoid the exponent is minus z.",
            lambda w, b, x: _activation(
                w * x - b
            ): "The bias has the wrong sign. The exponent is minus all of z, so perhaps brackets are missing.",
        },
        hints=(
            "Two lines are enough, first z and then a.",
            "z is (FF), and a is the sigmoid of z.",
            "The sigmoid is one over (one plus the exponential of minus z), and `np.exp` is the exponential.",
        ),
    ),
    Gradient(
        name="neuron_gradient",
        points=2,
        equations=("FF", "BP1", "BP3", "BP4"),
        arguments=_neuron_and_target,
        special=(lambda rng: _with_target(_with_negative_input(rng), rng),),
        reference=_gradient,
        returns=("dw", "db"),
        loss=_loss,
        wrt=(0, 1),
        steep=_steep,
        large=_large,
        times=3,
        nudged=Mistake("finite differences", BUGS["finite differences"].words),
        mistakes={
            lambda w, b, x, y: _gradient_with(w, b, x, y, 1.0, x): "The slope of the sigmoid is missing: delta is the "
            "error times f'(z).",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(_activation(w * x + b)), x
            ): "The slope is taken at a, which has been through the sigmoid already. It belongs at z, where it is a "
            "(1 - a).",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, (w * x + b) * (1 - w * x - b), x
            ): "The formula a (1 - a) was fed z in place of a.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(w * x + b), 1.0
            ): "dC/dw is delta times what the weight multiplies, so x is missing.",
            lambda w, b, x, y: _gradient_with(w, b, x, y, _slope(w * x + b), w): "dC/dw is delta times what the weight "
            "multiplies: x, not w.",
            lambda w, b, x, y: tuple(
                -d for d in _gradient(w, b, x, y)
            ): "The sizes are right, the signs are not. Two factors decide them: a - y, and the slope, which is never "
            "negative.",
            lambda w, b, x, y: tuple(
                2 * d for d in _gradient(w, b, x, y)
            ): "The loss has a one half, which cancels the 2 of the square.",
            lambda w, b, x, y: _gradient(w, b, x, y)[
                ::-1
            ]: "Both numbers are right, but in the wrong order: dC/dw comes first.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(w * x + b), w * x + b
            ): "dC/dw is delta times what the weight multiplies: x, not z.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(w * x + b), _activation(w * x + b)
            ): "dC/dw is delta times what comes in, x, not what goes out.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, 1 - _activation(w * x + b) ** 2, x
            ): "That is the slope of tanh. The neuron is a sigmoid.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _activation(w * x + b), x
            ): "The slope is a product of two factors, and one of them is missing.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, 1 - _activation(w * x + b), x
            ): "One of the two factors of the slope is missing.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, (_activation(w * x + b) - y) / 2 * _slope(w * x + b), x
            ): "The one half has already been cancelled by the 2 of the square, so the error enters whole.",
            lambda w, b, x, y: (
                _slope(w * x + b) * x,
                _slope(w * x + b),
            ): "The error is missing. How far off was the output?",
            lambda w, b, x, y: _gradient_of(w * x + b, x, y): "Nothing went through the sigmoid, because z was "
            "taken for a.",
            lambda w, b, x, y: _gradient_of(_activation(w * x), x, y): "The bias is missing on the way forward.",
            lambda w, b, x, y: _gradient_of(_activation(-w * x - b), x, y): "In the sigmoid the exponent is minus z.",
            lambda w, b, x, y: (
                _gradient(w, b, x, y)[0],
                _gradient(w, b, x, y)[1] * b,
            ): "The bias multiplies nothing, so dC/db has no factor b.",
            lambda w, b, x, y: (
                _gradient(w, b, x, y)[0],
                1.0,
            ): "One is the derivative of z with respect to b. It is multiplied by what came back to z.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(w * x + b) * (w * x + b - y) / (_activation(w * x + b) - y), x
            ): "This compares z with the target, but it is the output a that has to match it.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, 1 / _slope(w * x + b), x
            ): "On the way from a back to z you multiply by the slope of the sigmoid. Here you divide by it.",
            lambda w, b, x, y: (_gradient(w, b, x, y)[0], 0.0): "dC/db is not zero, because a bias shifts z directly.",
            lambda w, b, x, y: _gradient(w, b, x, y)[:1] * 2: "dC/db is delta itself, since the bias multiplies no x.",
        },
        hints=(
            "Go forward first, to z and a. Then find delta, and from delta both derivatives.",
            "delta is (a - y) times a (1 - a), which is (BP1) with (SIG).",
            "Return two numbers: delta times x by (BP4), and delta itself by (BP3).",
        ),
    ),
]
