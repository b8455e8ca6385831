"""Exercises of chapter 03: one sigmoid neuron, its gradient by hand, and its way down."""

from functools import partial
from typing import Any

import numpy as np

from ...activations import sigmoid
from ..bugs import BUGS
from ..kinds import Array, Choice, Expression, Function, Gradient, Mistake, Number


def _activation(z: Any) -> Any:
    return sigmoid(np.asarray(z))


def _slope(z: Any) -> Any:
    a = _activation(z)
    return a * (1 - a)


def _whole_numbers(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(3, 7)), int(rng.integers(-7, -2)), int(rng.integers(3, 7))


def _odds(rng: np.random.Generator) -> tuple[int]:
    return (int(rng.choice([2, 3, 4, 5, 7, 9])),)


def _output_and_target(rng: np.random.Generator) -> tuple[float, int]:
    return float(rng.choice([0.1, 0.2, 0.25, 0.75, 0.8, 0.9])), int(rng.integers(0, 2))


def _balanced_neuron(rng: np.random.Generator) -> tuple[int, int, int, float]:
    """Draw w, b, x, y of a neuron with z = 0."""
    w, x = int(rng.choice([-3, -2, 2, 3, 4])), int(rng.integers(5, 10))
    return w, -w * x, x, float(rng.choice([0, 0.25, 0.75, 1]))


def _by_hand(w: float, b: float, x: float, y: float) -> list[float]:
    """Return z, a, C, delta, dC/dw, dC/db."""
    z = w * x + b
    a = float(_activation(z))
    delta = (a - y) * a * (1 - a)
    return [z, a, (a - y) ** 2 / 2, delta, delta * x, delta]


def _by_hand_and_wrong(w: float, b: float, x: float, y: float, wrong: str) -> list[float]:
    z, a, C, delta, dw, db = _by_hand(w, b, x, y)
    if wrong == "half":
        return [z, a, 2 * C, delta, dw, db]
    if wrong == "sign":
        return [z, a, C, -delta, -dw, -db]
    if wrong == "slope":
        return [z, a, C, a - y, (a - y) * x, a - y]
    if wrong == "slope at a":
        delta = (a - y) * float(_slope(a))
        return [z, a, C, delta, delta * x, delta]
    if wrong == "exchanged":
        return [z, a, C, delta, db, dw]
    if wrong == "weight":
        return [z, a, C, delta, delta * w, db]
    if wrong == "x":
        return [z, a, C, delta, delta, db]
    if wrong == "two":
        return [z, a, 2 * C, 2 * delta, 2 * dw, 2 * db]
    if wrong == "two in delta":
        return [z, a, C, 2 * delta, 2 * dw, 2 * db]
    if wrong == "error":
        return [z, a, a - y, delta, dw, db]
    return [z, a, C, delta, dw, dw]


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


def _step(rng: np.random.Generator) -> tuple[float, float, float, float, float]:
    w, b = (float(k) for k in rng.choice([4, 5, 6, 7], 2))
    dw, db = (float(k) for k in rng.choice([1.5, 2, 3], 2, replace=False) * rng.choice([-1, 1], 2))
    return w, b, dw, db, float(rng.choice([0.1, 0.2, 0.5]))


def _training(rng: np.random.Generator) -> tuple[float, float, float, float, float, int]:
    return *_neuron(rng), float(rng.uniform(0, 1)), float(rng.uniform(0.5, 1.5)), int(rng.integers(3, 7))


def _training_with_negative_input(rng: np.random.Generator) -> tuple[float, ...]:
    w, b, x, *rest = _training(rng)
    return w, b, -x, *rest


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


FLATTER = Mistake("flatter", "The sigmoid rises from 0 to 1, and less steeply than that.")
FACTOR = Mistake(
    "a factor missing",
    "A factor is missing. Count what (BP1) multiplies, and what the slope of the sigmoid is made of.",
)
SAME = Mistake("the same factor twice", "In (SIG) the two factors are not the same.")
NO_TARGET = Mistake("no target", "y stands in both terms; here it is in none.")

EXERCISES = [
    Number(
        name="weighted_input",
        equations=("FF",),
        given=_whole_numbers,
        expected=lambda w, b, x: w * x + b,
        mistakes={
            lambda w, b, x: w * x: "The bias is missing.",
            lambda w, b, x: w * (x + b): "The weight multiplies the input alone; the bias is added afterwards.",
            lambda w, b, x: w * b + x: "The weight multiplies the input, and the bias is added.",
            lambda w, b, x: 1 / (1 + np.exp(-(w * x + b))): "That is the activation a. Its input z is asked for.",
            lambda w, b, x: w + x + b: "The weight multiplies the input; nothing is multiplied here.",
            lambda w, b, x: b * x + w: "Weight and bias are exchanged: it is the weight that multiplies.",
            lambda w, b, x: w * x - b: "The bias is added, with the sign that it has.",
        },
        hints=(
            "Equation (FF), first half.",
            "The weight multiplies the input; what does the bias do?",
            "Multiply w by x, then add b; mind that b is negative.",
        ),
    ),
    Number(
        name="activation",
        equations=("FF",),
        given=_odds,
        expected=lambda odds: odds / (1 + odds),
        mistakes={
            np.log: "That is z. What does the sigmoid make of it?",
            lambda odds: 1 / (1 + np.exp(odds)): "In the exponent stands minus z, and z is the logarithm of k.",
            lambda odds: odds: "That is e to the power z. It still has to go into the sigmoid.",
            lambda odds: 1 / (1 + odds): "The exponent in the sigmoid is minus z. What is e to the power minus z?",
            lambda odds: 1 / odds: "That is e to the power minus z, a part of the answer.",
            lambda odds: 1 + odds: "The exponent in the sigmoid is minus z, and the sum stands below the line.",
            lambda odds: 1 / (1 + np.exp(-odds)): "That is the sigmoid of k. z is its logarithm.",
            lambda odds: odds / (1 + odds) ** 2: "That is the slope of the sigmoid there.",
            lambda odds: 1 / (1 + np.log(odds)): "Below the line stands an exponential of minus z, not z.",
            lambda odds: 1 + 1 / odds: "That is what stands below the line of the fraction.",
        },
        hints=(
            "The exponential undoes the logarithm: what is e to the power z?",
            "The sigmoid holds e to the power minus z, which is one over what you have just found.",
            "Write one over (one plus one over `odds`), and simplify the fraction if you like.",
        ),
    ),
    Number(
        name="largest_slope",
        equations=("SIG",),
        expected=lambda: 0.25,
        mistakes={
            lambda: 0.5: "That is the output a at the steepest point. How steep is the curve there?",
            lambda: 0.1: "It is steeper than that somewhere. For which a is the product in (SIG) largest?",
            lambda: 2.0: FLATTER,
            lambda: 4.0: FLATTER,
            lambda: _slope(1.0): "That is the slope at z = 1. It is steeper elsewhere.",
            lambda: 1.0: "The sigmoid is much flatter than that everywhere. Put the best a into (SIG).",
            lambda: 0.0: "That is the smallest it comes near to, far out on both sides.",
        },
        hints=(
            "Equation (SIG) gives the slope as a product of two numbers that add up to one.",
            "Such a product is largest when the two are equal.",
            "The two are equal in the middle of the curve, at z = 0; put that a into (SIG).",
        ),
    ),
    Expression(
        name="sigmoid_slope",
        equations=("SIG",),
        expected="a * (1 - a)",
        variables={"a": (0.05, 0.95)},
        ratios={-1.0: "The sigmoid only rises, so its slope is positive."},
        mistakes={
            "sigmoid(a) * (1 - sigmoid(a))": "This takes the sigmoid of a, but a has already been through it.",
            "a**2": SAME,
            "(1 - a)**2": SAME,
            "1 - 2 * a": "That is how the slope changes with a. The slope itself is asked for.",
            "1 / (a * (1 - a))": "Turn it over: this is one over the slope.",
            "1 - a": "One of the two factors is missing.",
            "a": "That is the activation itself. Where the sigmoid is flat at the top, a is nearly 1.",
            "a * (1 + a)": "Look at the sign in (SIG) once more.",
            "1 - a**2": "That is the slope of tanh, written with its own output.",
        },
        hints=(
            "Equation (SIG) needs no exponential once a is known.",
            "There are two factors, and together they make one.",
            "Multiply a by what is missing from a to one.",
        ),
    ),
    Number(
        name="output_delta",
        equations=("BP1", "SE", "SIG"),
        given=_output_and_target,
        expected=lambda a, y: (a - y) * a * (1 - a),
        mistakes={
            lambda a, y: a - y: "That is dC/da. To come from a back to z, the slope of the sigmoid is missing.",
            lambda a, y: (
                (y - a) * a * (1 - a)
            ): "The size is right. The derivative of the loss with respect to a is a - y, not y - a.",
            lambda a, y: a * (1 - a): FACTOR,
            lambda a, y: (a - y) * a: FACTOR,
            lambda a, y: (a - y) * (1 - a): FACTOR,
            lambda a, y: (a - y) / (a * (1 - a)): "From a back to z, the slope of the sigmoid multiplies.",
            lambda a, y: y - a: "A factor is missing, and the sign is turned round.",
            lambda a, y: (
                (a - y) ** 2 / 2 * a * (1 - a)
            ): "The first factor is the derivative of the loss, not the loss.",
            lambda a, y: (a - y) * _slope(a): "The slope was taken at a. It belongs at z, and there it is a (1 - a).",
            lambda a, y: (a - y) ** 2 / 2: "That is the loss. How does it change with z?",
            lambda a, y: (a - y) * a * (1 - a) / 2: "The one half has cancelled already; here it is taken once more.",
            lambda a, y: (
                (a - y) ** 2 * a * (1 - a)
            ): "The first factor is the derivative of the square, not the square.",
            lambda a, y: 2 * (a - y) * a * (1 - a): "The square's factor and the one half of the loss cancel.",
        },
        hints=(
            "Equation (BP1): two factors, one from the loss and one from the activation function.",
            "With squared error the first factor is a - y. For the second, (SIG) needs a alone.",
            "Multiply a - y by a and by 1 - a. The sign says whether a is too large or too small.",
        ),
    ),
    Array(
        name="by_hand",
        points=2,
        equations=("FF", "SE", "BP1", "BP3", "BP4"),
        given=_balanced_neuron,
        expected=_by_hand,
        mistakes={
            lambda w, b, x, y: _by_hand_and_wrong(w, b, x, y, "half"): "C lacks its one half; all the rest is right.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "sign"
            ): "The sizes are right. delta starts from a - y, and all three derivatives take their sign from there.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "slope"
            ): "This delta is the error a - y alone. The slope of "
            "the sigmoid is missing, here and in all that follows.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "slope at a"
            ): "The slope of the sigmoid was taken at a. It belongs at z.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "weight"
            ): "dC/dw needs what the weight multiplies, and that is x, not w.",
            partial(_by_hand_and_wrong, wrong="exchanged"): "dC/dw and dC/db are exchanged.",
            partial(_by_hand_and_wrong, wrong="x"): "dC/dw lacks what the weight multiplies.",
            partial(_by_hand_and_wrong, wrong="two"): "C lacks its one half, and all that follows is twice as large.",
            partial(_by_hand_and_wrong, wrong="two in delta"): "C is right. The one half in it cancels the 2 that its "
            "derivative brings.",
            partial(_by_hand_and_wrong, wrong="error"): "The third number is the error. The loss is one half of its "
            "square.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "bias"
            ): "The bias multiplies nothing: dC/db has no factor x.",
        },
        hints=(
            "Go in the order of the list. Each number needs only those before it.",
            "z comes out so that the sigmoid is easy. The slope of the sigmoid follows from a by (SIG).",
            "delta is (a - y) a (1 - a). Then (BP4): delta times x. Then (BP3): delta as it is.",
        ),
    ),
    Function(
        name="neuron",
        equations=("FF",),
        arguments=_neuron,
        special=(_with_negative_input, _far_out, _far_out),
        reference=lambda w, b, x: _activation(w * x + b),
        mistakes={
            lambda w, b, x: 1 / 1 + np.exp(-(w * x + b)): "Brackets are missing below the fraction line.",
            lambda w, b, x: np.exp(-(w * x + b)): "That is a part of what stands below the line of the fraction.",
            lambda w, b, x: np.tanh(w * x + b): "That is tanh. The neuron is a sigmoid.",
            lambda w, b, x: np.exp(w * x + b): "That is the exponential of z, a part of the sigmoid.",
            lambda w, b, x: 1 / (1 - np.exp(-(w * x + b))): "Below the line of the fraction stands a sum.",
            lambda w, b, x: _activation(w + x + b): "The weight multiplies the input; here it is added.",
            lambda w, b, x: max(w * x + b, 0.0): "That is the ReLU. The neuron is a sigmoid.",
            lambda w, b, x: _slope(w * x + b): "That is the slope of the sigmoid at z.",
            lambda w, b, x: _activation(w * (x + b)): "The weight multiplies the input alone; the bias is added "
            "afterwards.",
            lambda w, b, x: w * x + b: "This is z. The activation function is still to come.",
            lambda w, b, x: _activation(w * x): "The bias is missing.",
            lambda w, b, x: _activation(-w * x - b): "In the sigmoid the exponent is minus z.",
            lambda w, b, x: _activation(
                w * x - b
            ): "The bias has the wrong sign. In the exponent stands minus all of z: are there brackets missing?",
        },
        hints=(
            "Two lines will do: first z, then a.",
            "z is (FF), and a is the sigmoid of z.",
            "The sigmoid is one over (one plus the exponential of minus z); `np.exp` is the exponential.",
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
            ): "The slope is taken at a, and a "
            "has been through the sigmoid already. It belongs at z, where it is a (1 - a).",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, (w * x + b) * (1 - w * x - b), x
            ): "The formula a (1 - a) was fed z in place of a.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(w * x + b), 1.0
            ): "dC/dw is delta times what the weight multiplies. x is missing.",
            lambda w, b, x, y: _gradient_with(w, b, x, y, _slope(w * x + b), w): "dC/dw is delta times what the weight "
            "multiplies: x, not w.",
            lambda w, b, x, y: tuple(
                -d for d in _gradient(w, b, x, y)
            ): "The sizes are right, the signs are not. Two factors decide them: a - y, and the slope, which is never "
            "negative.",
            lambda w, b, x, y: tuple(
                2 * d for d in _gradient(w, b, x, y)
            ): "The loss has a one half, which takes the 2 of the square away.",
            lambda w, b, x, y: _gradient(w, b, x, y)[
                ::-1
            ]: "Both numbers are right and stand in the wrong order: dC/dw comes first.",
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
            ): "Half of the slope is missing: it is a product of two factors.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, 1 - _activation(w * x + b), x
            ): "One of the two factors of the slope is missing.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, (_activation(w * x + b) - y) / 2 * _slope(w * x + b), x
            ): "The loss, half a square, stands where its derivative belongs.",
            lambda w, b, x, y: (
                _slope(w * x + b) * x,
                _slope(w * x + b),
            ): "By how much is the output off? The error is missing.",
            lambda w, b, x, y: _gradient_of(w * x + b, x, y): "Nothing went through the sigmoid: z was taken for a.",
            lambda w, b, x, y: _gradient_of(_activation(w * x), x, y): "The bias is missing on the way forward.",
            lambda w, b, x, y: _gradient_of(_activation(-w * x - b), x, y): "In the sigmoid the exponent is minus z.",
            lambda w, b, x, y: (
                _gradient(w, b, x, y)[0],
                _gradient(w, b, x, y)[1] * b,
            ): "The bias multiplies nothing: dC/db has no factor b.",
            lambda w, b, x, y: (
                _gradient(w, b, x, y)[0],
                1.0,
            ): "One is the derivative of z with respect to b. What comes back to z multiplies it.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, _slope(w * x + b) * (w * x + b - y) / (_activation(w * x + b) - y), x
            ): "z is compared with the target. It is the output a that is compared.",
            lambda w, b, x, y: _gradient_with(
                w, b, x, y, 1 / _slope(w * x + b), x
            ): "From a back to z, the slope of the sigmoid multiplies; here it divides.",
            lambda w, b, x, y: (_gradient(w, b, x, y)[0], 0.0): "dC/db is not zero: a bias shifts z directly.",
            lambda w, b, x, y: _gradient(w, b, x, y)[:1] * 2: "dC/db is delta itself; the bias multiplies no x.",
        },
        hints=(
            "Forward first: z and a. Then delta, and from delta both derivatives.",
            "delta is (a - y) times a (1 - a); that is (BP1) with (SIG).",
            "Return two numbers: delta times x by (BP4), and delta by (BP3).",
        ),
    ),
    Array(
        name="after_one_step",
        equations=("GD",),
        given=_step,
        expected=lambda w, b, dw, db, eta: [w - eta * dw, b - eta * db],
        mistakes={
            lambda w, b, dw, db, eta: [w + eta * dw, b + eta * db]: "That goes uphill: the gradient points to where C "
            "grows.",
            lambda w, b, dw, db, eta: [w - eta * dw, b]: "w is right. The bias learns too.",
            lambda w, b, dw, db, eta: [w, b - eta * db]: "b is right. The weight learns too.",
            lambda w, b, dw, db, eta: [w - eta, b - eta]: "The derivatives are missing: how steep is it there?",
            lambda w, b, dw, db, eta: [w * (1 - eta * dw), b * (1 - eta * db)]: "The step is taken from w and from b; "
            "neither multiplies its own step.",
            lambda w, b, dw, db, eta: [w - dw / eta, b - db / eta]: "The learning rate multiplies the derivatives.",
            lambda w, b, dw, db, eta: [w - dw, b - db]: "The learning rate is missing.",
            lambda w, b, dw, db, eta: [-eta * dw, -eta * db]: "These are the steps. Where do w and b stand after them?",
            lambda w, b, dw, db, eta: [
                b - eta * db,
                w - eta * dw,
            ]: "Both are right, in the wrong order: the weight comes first.",
            lambda w, b, dw, db, eta: [
                w * eta * dw,
                b * eta * db,
            ]: "The step is taken from w and from b; here it multiplies them.",
            lambda w, b, dw, db, eta: [
                eta * dw,
                eta * db,
            ]: "These are eta times the derivatives. Take them from w and b.",
            lambda w, b, dw, db, eta: [
                w - eta * db,
                b - eta * dw,
            ]: "Each goes by its own derivative; they are exchanged.",
        },
        hints=(
            "Equation (GD), once for the weight and once for the bias.",
            "Take away the learning rate times the derivative; mind the signs.",
            "Write a list of two: w minus eta times dw, and b minus eta times db.",
        ),
    ),
    Choice(
        name="jumping_loss",
        equations=("GD",),
        right="c",
        options={
            "a": "More steps of this size would jump just as far. Look at where a step lands.",
            "b": "A larger eta makes the steps longer still.",
            "c": "Right. Each step passes the valley and lands higher on the other side; shorter steps land inside.",
            "d": "With the wrong sign the loss would rise at every step. Here it also falls now and then.",
        },
        hints=(
            "Imagine the curve of the loss as a valley, and yourself on one side of it.",
            "The gradient is right: it points down at every step. What if the step is longer than the valley is wide?",
            "Which of the four makes the steps shorter?",
        ),
    ),
    Choice(
        name="slow_start",
        equations=("SE", "SIG"),
        right="b",
        options={
            "a": "The error is nearly as large as it can be. Something multiplies it on the way to z.",
            "b": "Right. delta is the error times the slope of the sigmoid, and out there the curve is almost flat.",
            "c": "The learning rate is the same as for any other neuron. Which factor of the gradient is small?",
            "d": "A small C would be good news. Put a near 1 and y = 0 into (SE): it is nearly as large as it can be.",
        },
        hints=(
            "Write dC/dw as a product of three factors and put the numbers in.",
            "The error is nearly one and x is what it is. What about the third factor?",
            "Where a is close to zero or one, a (1 - a) is small.",
        ),
    ),
    Expression(
        name="cross_entropy_slope",
        equations=("CE",),
        expected="(a - y) / (a * (1 - a))",
        variables={"a": (0.1, 0.9), "y": (0, 1)},
        ratios={-1.0: "The size is right. (CE) begins with a minus sign."},
        mistakes={
            "a - y": "That is delta, one link further back. Here the derivative with respect to a is asked for.",
            "(a - y) / a * (1 - a)": "`/ a * (1 - a)` divides by a and multiplies by 1 - a. A bracket is missing.",
            "y / a + (1 - y) / (1 - a)": "The first term of (CE) has a minus sign.",
            "(a - y) * a * (1 - a)": "That is the delta of the squared error.",
            "a * (1 - a)": "That is the slope of the sigmoid. Here C is differentiated with respect to a.",
            "-y / a + (1 - y) / a": "The second logarithm is that of 1 - a.",
            "1 / a - 1 / (1 - a)": NO_TARGET,
            "-1 / a + 1 / (1 - a)": NO_TARGET,
            "(a - y) / (1 - a)": "Over a common denominator, one of its two factors is missing.",
            "-1 / a": "That is the derivative for y = 1. Keep y, and both terms.",
            "-y / a": "That is the first term alone.",
            "(1 - y) / (1 - a)": "That is the second term alone.",
            "-y / a - (1 - y) / (1 - a)": "In the second term stands 1 - a, which falls as a rises.",
            "-y * log(a) - (1 - y) * log(1 - a)": "That is the loss itself.",
        },
        hints=(
            "Differentiate the two terms of (CE) one by one; y is a constant.",
            "The derivative of ln a is one over a. In ln(1 - a) the chain rule brings a minus sign.",
            "The first term gives minus y over a, the second gives plus (1 - y) over (1 - a). Add them; you need not "
            "simplify.",
        ),
    ),
    Number(
        name="times_as_large",
        equations=("BP1", "SE", "CE"),
        given=lambda rng: (float(rng.choice([0.8, 0.9, 0.95, 0.96, 0.98])),),
        expected=lambda a: 1 / (a * (1 - a)),
        mistakes={
            lambda a: a * (1 - a): "The other way round: how many times as large is the delta of cross-entropy?",
            lambda a: 4.0: "So it is at the steepest point. Your a lies elsewhere.",
            lambda a: 1 / (a * (1 - a)) ** 2: "In the ratio the slope stands once, not twice.",
            lambda a: 1 / (a * (1 - a) ** 2): "In the ratio each factor of the slope stands once.",
            lambda a: a: "That is the delta of cross-entropy. Divide it by the delta of squared error.",
            lambda a: (
                a**2 * (1 - a)
            ): "That is the delta of squared error. How many times does it go into the other one?",
            lambda a: 1 / a: "The slope of the sigmoid has two factors, and both stand in the delta of squared error.",
            lambda a: 1 / (a**2 * (1 - a)): "That is one over the delta of squared error. The delta of cross-entropy "
            "is not 1 here.",
            lambda a: 1 / (1 - a): "The slope of the sigmoid has two factors, a and 1 - a.",
        },
        hints=(
            "Write both deltas for y = 0.",
            "One is a - y, and the other is a - y times the slope of the sigmoid.",
            "In the ratio a - y cancels. What is left is one over the slope.",
        ),
    ),
    Function(
        name="cross_entropy_delta",
        equations=("BP1", "CE"),
        arguments=lambda rng: (float(rng.uniform(-3, 3)), float(rng.integers(0, 2))),
        special=(
            lambda rng: (float(rng.uniform(6, 12)), 0.0),
            lambda rng: (float(rng.uniform(-12, -6)), 1.0),
        ),
        reference=lambda z, y: _activation(z) - y,
        mistakes={
            lambda z, y: y - _activation(z): "Where a is too large, a larger z makes C larger still.",
            lambda z, y: (
                (_activation(z) - y) * _slope(z)
            ): "That is the delta of squared error. With cross-entropy the slope of the sigmoid cancels.",
            lambda z, y: (
                (_activation(z) - y) / _slope(z)
            ): "That is dC/da. On the way from a to z it is multiplied by the slope of the sigmoid.",
            lambda z, y: _activation(z): "This is a. The target has not been taken away.",
            lambda z, y: _slope(z): "That is the slope of the sigmoid. It cancels here.",
            lambda z, y: (_activation(z) - y) ** 2 / 2: "That is the squared error. Delta is a derivative.",
            lambda z, y: np.tanh(z) - y: "That is tanh. The neuron is a sigmoid.",
            lambda z, y: _activation(-z) - y: "In the sigmoid the exponent is minus z: a sign is turned round.",
            lambda z, y: 1 / 1 + np.exp(-z) - y: "Brackets are missing below the fraction line.",
            lambda z, y: (
                -y * np.log(_activation(z)) - (1 - y) * np.log(1 - _activation(z))
            ): "That is the loss. Delta is its derivative with respect to z.",
            lambda z, y: abs(_activation(z) - y): "The sign of output minus target is lost.",
            lambda z, y: z - y: "This compares z with the target. The target is for a.",
            lambda z, y: _activation(_activation(z)) - y: "The sigmoid was applied twice.",
        },
        hints=(
            "Find dC/da of (CE) first, over one common denominator.",
            "The denominator is a (1 - a), and (BP1) multiplies by just that.",
            "What is left is the output minus the target. The function is given z, so it needs the sigmoid once.",
        ),
    ),
    Function(
        name="train",
        points=3,
        equations=("FF", "BP1", "BP3", "BP4", "GD"),
        arguments=_training,
        special=(_training_with_negative_input,),
        reference=lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, steps),
        returns=("w", "b"),
        mistakes={
            _train_one_after_the_other: "b is changed by a delta that was computed after w had moved. Find both "
            "derivatives first, then change both.",
            _training_without("direction"): "This goes uphill. The step is against the gradient.",
            _training_without("slope"): "The slope of the sigmoid is missing in delta.",
            _training_without("x"): "dC/dw lacks its factor x.",
            _training_without("z"): "Nothing went through the sigmoid: z was taken for a.",
            _training_without("b"): "The bias is missing on the way forward.",
            _training_without("order"): "The two derivatives are exchanged.",
            _training_without("target"): "The target is not taken away from a.",
            _training_without("half"): "The steps are twice as long: the one half of the loss cancels the 2.",
            _training_without("weight"): "The weight never moves.",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, 1.0, steps): "The learning rate is missing.",
            lambda w, b, x, y, eta, steps: _gradient(
                *_train(w, b, x, y, eta, steps - 1), x, y
            ): "These are the last derivatives. The weight and the bias are asked for.",
            lambda w, b, x, y, eta, steps: (w, b): "Nothing has moved.",
            _train_bias_first: "w is changed by a delta that was computed after b had moved. Find both "
            "derivatives first, then change both.",
            _training_without("w for x"): "dC/dw is delta times x, not times w.",
            _training_without("x in b"): "dC/db has no factor x.",
            lambda w, b, x, y, eta, steps: _train(
                w, b, x, y, eta / steps, steps
            ): "Every step is a whole one: nothing is divided by their number.",
            _training_without("bias"): "The bias never moves.",
            lambda w, b, x, y, eta, steps: _train(
                w, b, x, y, eta, 1
            ): "Only one step is taken. Does `return` stand inside the loop?",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, steps - 1): "One step too few is taken.",
            lambda w, b, x, y, eta, steps: _train(w, b, x, y, eta, steps + 1): "One step too many is taken.",
            lambda w, b, x, y, eta, steps: _train(
                w, b, x, y, eta * steps, 1
            ): "All the steps use the derivatives at the start. Compute them anew at every step.",
        },
        hints=(
            "The four steps, in a loop: forward, loss (not needed for the step itself), backward, update.",
            "Inside the loop compute z, a and delta, then both derivatives, and only then change w and b.",
            "`for _ in range(steps):` holds your lines of `neuron_gradient` and then (GD) twice; `return w, b` stands "
            "after the loop.",
        ),
    ),
]
