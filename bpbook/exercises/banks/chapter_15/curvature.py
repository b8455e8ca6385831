"""Second derivatives by hand."""

from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...bugs.fields.descent import DESCENT
from ...kinds import Gradient


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _neuron(rng: np.random.Generator, m: int = 5) -> tuple[Any, Any, Any, Any]:
    w, b = rng.normal(size=2)
    return np.array(w), np.array(b), rng.normal(size=m) * 1.5, rng.uniform(size=m).round(3)


def _steep(rng: np.random.Generator) -> tuple[Any, Any, Any, Any]:
    """Draw a tiny weight for huge inputs, where nudges of the weight fail."""
    w, b, x, y = _neuron(rng)
    return w * 1e-6, b * 1e-6, x * 1e6, y


def _slope(w: Any, b: Any, x: Any, y: Any) -> Any:
    a = _sigmoid(x * w + b)
    return np.mean((a - y) * a * (1 - a) * x)


def _second(w: Any, b: Any, x: Any, y: Any, wrong: str = "") -> Any:
    """Return d2C/dw2 and d2C/dw db, with one thing wrong if asked."""
    a = _sigmoid(x * w + b)
    s = a * (1 - a)
    bent = s * (1 - 2 * a)
    h = {
        "gauss": s * s,
        "only bent": (a - y) * bent,
        "no y": s * s + a * bent,
        "sign of bend": s * s - (a - y) * bent,
        "s for bent": s * s + (a - y) * s,
        "s once": s + (a - y) * bent,
    }.get(wrong, s * s + (a - y) * bent)
    mean = np.sum if wrong == "sum" else np.mean
    ww, wb = mean(h * x * x), mean(h * x)
    if wrong == "x once":
        ww = mean(h * x)
    if wrong == "mixed x twice":
        wb = mean(h * x * x)
    if wrong == "mixed no x":
        wb = mean(h)
    return (-ww, -wb) if wrong == "sign" else (ww, wb)


def _twin(wrong: str) -> Any:
    return lambda w, b, x, y: _second(w, b, x, y, wrong)


EXERCISES = [
    Gradient(
        name="second_derivatives",
        points=3,
        arguments=_neuron,
        special=(lambda rng: _neuron(rng, 8),),
        reference=lambda w, b, x, y: _second(w, b, x, y),
        returns=("ww", "wb"),
        loss=_slope,
        wrt=(0, 1),
        steep=_steep,
        times=3,
        nudged=BUGS["finite differences"],
        mistakes={
            _twin("gauss"): DESCENT["curvature of the loss alone"],
            _twin("sum"): DESCENT["curvature summed"],
            _twin("mixed x twice"): DESCENT["Hessian not symmetric"],
            _twin("mixed no x"): "The mixed derivative has lost its input: differentiating by w brings one x down.",
            _twin("x once"): "The input belongs to the second derivative by w twice, once for each time you "
            "differentiate.",
            _twin("only bent"): "The curvature of the square is missing: the slope of the neuron appears squared.",
            _twin("no y"): "The target is missing in the second term, which carries the error a - y.",
            _twin("sign of bend"): "The second term has the wrong sign: the sigmoid is bent upward where a is below "
            "one half.",
            _twin("s for bent"): "The second derivative of the sigmoid is its slope times 1 - 2 a, not the slope.",
            _twin("s once"): "In the first term the slope of the sigmoid appears twice, once for each derivative.",
            _twin("sign"): "The sign is reversed everywhere.",
        },
        hints=(
            "Begin with the slope: the mean of the error times the sigmoid's slope times x. Two factors depend on w.",
            "So you get two terms an example: the slope squared, and the error times the sigmoid's second derivative.",
            "The sigmoid's second derivative is a(1 - a)(1 - 2a). Multiply the sum of both terms by x as often as w is "
            "differentiated, and take the mean.",
        ),
    ),
]
