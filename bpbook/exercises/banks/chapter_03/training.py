"""The four steps in a loop."""

from functools import partial
from typing import Any

import numpy as np

from ...kinds import Function, Mistake
from .gradient import _gradient, _gradient_of, _neuron
from .sigmoid import _activation, _slope


def _training(rng: np.random.Generator) -> tuple[float, float, float, float, float, int]:
    return *_neuron(rng), float(rng.uniform(0, 1)), float(rng.uniform(0.5, 1.5)), int(rng.integers(3, 7))


def _training_with_negative_input(rng: np.random.Generator) -> tuple[float, ...]:
    w, b, x, *rest = _training(rng)
    return w, b, -x, *rest


def _training_on_a_large_input(rng: np.random.Generator) -> tuple[float, ...]:
    """Draw a derivative of more than 5, which nobody asks to be clipped."""
    w, b, x, *_ = _training(rng)
    w, x = w / 1000, 1000 * x
    return w, b, x, float(w * x + b < 0), 1e-7, 2


def _no_step(rng: np.random.Generator) -> tuple[float, ...]:
    return *_training(rng)[:-1], 0


def _train(
    w: float, b: float, x: float, y: float, eta: float, steps: int, gradient: Any = _gradient
) -> tuple[Any, Any]:
    for _ in range(steps):
        dw, db = gradient(w, b, x, y)
        w, b = w - eta * dw, b - eta * db
    return w, b


def _train_one_after_the_other(w: float, b: float, x: float, y: float, eta: float, steps: int) -> tuple[Any, Any]:
    for _ in range(steps):
        w = w - eta * _gradient(w, b, x, y)[0]
        b = b - eta * _gradient(w, b, x, y)[1]
    return w, b


def _train_bias_first(w: float, b: float, x: float, y: float, eta: float, steps: int) -> tuple[Any, Any]:
    for _ in range(steps):
        b = b - eta * _gradient(w, b, x, y)[1]
        w = w - eta * _gradient(w, b, x, y)[0]
    return w, b


def _training_without(part: str) -> Any:
    """Return training whose gradient lacks a part."""

    def gradient(w: float, b: float, x: float, y: float) -> tuple[Any, Any]:
        dw, db = _gradient(w, b, x, y)
        slope = _slope(w * x + b)
        a = _activation(w * x + b)
        parts = {"slope": (dw / slope, db / slope), "x": (db, db), "bias": (dw, 0.0), "direction": (-dw, -db)}
        parts |= {"z": _gradient_of(w * x + b, x, y), "b": _gradient_of(_activation(w * x), x, y)}
        parts |= {"w for x": (db * w, db), "x in b": (dw, dw)}
        parts |= {
            "order": (db, dw),
            "target": (a * slope * x, a * slope),
            "half": (2 * dw, 2 * db),
            "weight": (0.0, db),
        }
        return parts[part]

    return partial(_train, gradient=gradient)


def _one_step_at_most(w: float, b: float, x: float, y: float, eta: float, steps: int) -> tuple[Any, Any] | None:
    """Return what the first step gives, and nothing where there is none."""
    return _train(w, b, x, y, eta, 1) if steps else None


def _train_on_a_share(w: float, b: float, x: float, y: float, eta: float, steps: int) -> tuple[Any, Any]:
    return _train(w, b, x, y, eta / max(steps, 1), steps)


def _train_clipped(
    w: float, b: float, x: float, y: float, eta: float, steps: int, most: float = 1.0
) -> tuple[Any, Any]:
    return _train(w, b, x, y, eta, steps, lambda *point: np.clip(_gradient(*point), -most, most))


ONLY_ONE = Mistake("only one step", "Only one step is taken. Is the `return` inside the loop?")

SHARED = Mistake("step shared out", "Every step is a whole one. Do not divide by the number of steps.")

CLIPPED = Mistake("clipped", "You cut large derivatives here. Take them as they are.")

EXERCISES = [
    Function(
        name="train",
        points=3,
        equations=("FF", "BP1", "BP3", "BP4", "GD"),
        arguments=_training,
        special=(_training_with_negative_input, _training_on_a_large_input, _no_step),
        reference=lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, steps),
        returns=("w", "b"),
        partial=True,
        mistakes={
            _train_one_after_the_other: "b is changed by a delta that was computed after w had moved. Find both "
            "derivatives first, then change both.",
            _training_without("direction"): "This goes uphill. A step goes against the gradient.",
            _training_without("slope"): "The slope of the sigmoid is missing in delta.",
            _training_without("x"): "dC/dw lacks its factor x.",
            _training_without("z"): "Nothing went through the sigmoid, because z was taken for a.",
            _training_without("b"): "The bias is missing on the way forward.",
            _training_without("order"): "The two derivatives are exchanged.",
            _training_without("target"): "The target has not been subtracted from a.",
            _training_without("half"): "The steps are twice as long as they should be, because the one half of the "
            "loss cancels the 2.",
            _training_without("weight"): "The weight never moves.",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, 1.0, steps): "The learning rate is missing.",
            lambda w, b, x, y, eta, steps: _gradient(
                *_train(w, b, x, y, eta, steps - 1), x, y
            ): "These are the last derivatives. Return the weight and the bias.",
            lambda w, b, x, y, eta, steps: (w, b): "Nothing has moved.",
            _train_bias_first: "w is changed by a delta that was computed after b had moved. Find both "
            "derivatives first, then change both.",
            _training_without("w for x"): "dC/dw is delta times x, not times w.",
            _training_without("x in b"): "dC/db has no factor x.",
            _train_on_a_share: SHARED,
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta / steps, steps): SHARED,
            _train_clipped: CLIPPED,
            partial(_train_clipped, most=5.0): CLIPPED,
            _training_without("bias"): "The bias never moves.",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, 1): ONLY_ONE,
            _one_step_at_most: ONLY_ONE,
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, max(steps, 1)): "With 0 steps nothing moves, but "
            "here one step is taken all the same.",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, steps - 1): "One step too few is taken.",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, steps + 1): "One step too many is taken.",
            lambda w, b, x, y, eta, steps: _train(
                w, b, x, y, eta * steps, 1
            ): "All the steps use the derivatives at the start. Compute them anew at every step.",
        },
        hints=(
            "Write the four steps in a loop: forward, loss (which the step itself does not need), backward, update.",
            "Inside the loop compute z, a and delta, then both derivatives, and only then change w and b.",
            "Inside `for _ in range(steps):` put your lines of `neuron_gradient` and then (GD) twice. `return w, b` "
            "comes after the loop.",
        ),
    ),
]
