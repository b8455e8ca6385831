"""Feedback alignment: one unit's delta, an angle, all gradients of a network, and what the result shows."""

from typing import Any

import numpy as np

from ....losses import softmax
from ...kinds import Choice, Function, Number

Network = tuple[Any, ...]


def _unit(rng: np.random.Generator) -> tuple[Any, ...]:
    w, b, delta = (rng.choice([-4, -3, -2, -1, 1, 2, 3, 4], 2, replace=False).tolist() for _ in range(3))
    return float(rng.choice([-0.8, -0.6, 0.2, 0.4, 0.6])), w, b, delta


def _dot(u: Any, v: Any) -> float:
    return float(np.dot(u, v))


def _short_step(rng: np.random.Generator) -> tuple[int, float, int]:
    """Draw the length of a gradient, that of a step, and the degrees between the step and straight downhill."""
    return int(rng.choice([2, 3, 5])), float(rng.choice([0.01, 0.02])), int(rng.choice([35, 40, 56, 70]))


def _cosine(u: Any, v: Any) -> float:
    return _dot(u, v) / (float(np.linalg.norm(u)) * float(np.linalg.norm(v)) or 1.0)


def _degrees(u: Any, v: Any) -> float:
    return float(np.degrees(np.arccos(_cosine(u, v))))


def _network(rng: np.random.Generator, m: int = 5, n_0: int = 4, n_1: int = 3, n_2: int = 2) -> Network:
    shapes = ((m, n_0), (n_0, n_1), (n_1,), (n_1, n_2), (n_2,), (n_1, n_2))
    x, W1, b1, W2, b2, B = (rng.normal(size=shape) for shape in shapes)
    return x, rng.integers(0, n_2, m), W1, b1, W2, b2, B


def _fed_back(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, B: Any, wrong: str = "") -> Any:
    """Return dW1, db1, dW2, db2 of feedback alignment, with one thing wrong if asked."""
    m, z1 = len(x), x @ W1 + b1
    a1 = np.tanh(z1)
    p = softmax(a1 @ (B if wrong == "B forward" else W2) + b2)
    delta2 = (p - np.eye(W2.shape[1])[y]) / (1 if wrong == "not averaged" else m)
    if wrong == "twice averaged":
        delta2 = delta2 / m
    if wrong == "sign":
        delta2 = -delta2
    if wrong == "softmax's slope":
        delta2 = delta2 * p * (1 - p)
    way = {"through W2": W2, "both": W2 + B, "signs only": np.sign(B), "product": W2 * B}.get(wrong, B)
    slope = {"no slope": 1, "slope at a": 1 - np.tanh(a1) ** 2, "sigmoid": a1 * (1 - a1)}.get(wrong, 1 - a1**2)
    delta1 = delta2 @ way.T * slope
    seen = z1 if wrong == "dW from z" else a1
    count = m if wrong == "db mean" else 1
    return x.T @ delta1, delta1.sum(axis=0) / count, seen.T @ delta2, delta2.sum(axis=0) / count


def _twin(wrong: str) -> Any:
    return lambda x, y, W1, b1, W2, b2, B: _fed_back(x, y, W1, b1, W2, b2, B, wrong)


def _layers(rng: np.random.Generator, *shapes: tuple[int, int]) -> tuple[list[Any], list[Any]]:
    """Draw two lists of gradients with None at index 0, of lengths that differ much from layer to layer."""
    shapes = shapes or ((4, 3), (3, 2), (2, 5))
    sizes = rng.uniform(0.2, 3, len(shapes))
    told, asked = ([s * rng.normal(size=n) for s, n in zip(sizes, shapes, strict=True)] for _ in range(2))
    mixed = [0.5 * asked[k] + told[k] * (k + 1) for k in range(len(shapes))]
    return [None, *mixed], [None, *asked]


def _uphill(rng: np.random.Generator) -> tuple[list[Any], list[Any]]:
    """Draw two that are more than a right angle apart."""
    told, asked = _layers(rng)
    return [None, *(t - 2 * a for t, a in zip(told[1:], asked[1:], strict=True))], asked


def _flat(arrays: Any, start: int = 1) -> Any:
    return np.concatenate([np.ravel(array) for array in arrays[start:]])


def _each(told: Any, asked: Any) -> list[float]:
    return [_degrees(t.ravel(), a.ravel()) for t, a in zip(told[1:], asked[1:], strict=True)]


EXERCISES = [
    Number(
        name="sent_back",
        equations=("BP2",),
        given=_unit,
        expected=lambda a, w, b, delta: _dot(delta, b) * (1 - a**2),
        mistakes={
            lambda a, w, b, delta: _dot(delta, w) * (1 - a**2): "The errors have come back through w. That is "
            "backpropagation. Here they come back through b.",
            lambda a, w, b, delta: _dot(delta, b): "The slope of tanh is missing. It belongs to the unit itself, "
            "whatever way the errors take.",
            lambda a, w, b, delta: _dot(delta, b) * a * (1 - a): "That is the slope of a sigmoid. The unit uses tanh.",
            lambda a, w, b, delta: _dot(delta, b) * (1 - np.tanh(a) ** 2): "The slope is taken at a, as if it went "
            "through tanh once more. It is already the tanh of z.",
            lambda a, w, b, delta: _dot(delta, b) * a: "What arrives is multiplied by the activation. It is the slope "
            "that it has to pass.",
            lambda a, w, b, delta: _dot(delta, np.add(w, b)) * (1 - a**2): "Both sets of numbers are used. The weights "
            "w only carry the signal forward.",
            lambda a, w, b, delta: sum(delta) * sum(b) * (1 - a**2): "The errors are added before they are multiplied. "
            "Each error passes a number of its own.",
            lambda a, w, b, delta: delta[0] * b[0] * (1 - a**2): "Only the first of the two errors counts. Both of "
            "them come back to this unit.",
        },
        hints=(
            "In (BP2) the errors of the next layer are multiplied by weights. Which numbers take their place?",
            "Multiply each error by its own number of b, and add the two products.",
            "Then comes the unit's slope, which for tanh is 1 less the square of its activation.",
        ),
    ),
    Number(
        name="what_is_left",
        given=_short_step,
        expected=lambda length, step, angle: length * step * np.cos(np.radians(angle)),
        mistakes={
            lambda length, step, angle: length * step: "That is what a step straight downhill would gain. This one "
            "points elsewhere.",
            lambda length, step, angle: length * step * (1 - angle / 90): "The share is not lost in proportion to the "
            "angle. What is 1 at 0 degrees and 0 at 90?",
            lambda length, step, angle: length * step * np.cos(angle): "`np.cos` takes radians.",
            lambda length, step, angle: length * step * np.sin(np.radians(angle)): "That much of the step goes across "
            "the slope. It is the part along it that counts.",
            lambda length, step, angle: step * np.cos(np.radians(angle)): "The length of the gradient is missing. The "
            "same step gains more where it is steeper.",
            lambda length, step, angle: length * np.cos(np.radians(angle)): "The length of the step is missing. That "
            "is how steep it is along the step.",
            lambda length, step, angle: -length * step * np.cos(np.radians(angle)): "The question is by how much the "
            "loss falls. A fall is positive here.",
        },
        hints=(
            "To first order, a step changes the loss by the sum of its entries times those of the gradient.",
            "Such a sum is the product of both lengths and of a factor that only the angle decides.",
            "That factor is 1 for a step straight downhill, and 0 for one that goes level across the slope.",
        ),
    ),
    Function(
        name="feedback_gradients",
        points=3,
        equations=("FF", "SM", "SCE", "BP2", "BP3", "BP4"),
        arguments=_network,
        special=(
            lambda rng: _network(rng, 4, 3, 3, 3),
            lambda rng: _network(rng, 1, 3, 4, 5),
            lambda rng: _network(rng, 6, 2, 1, 3),
        ),
        reference=lambda x, y, W1, b1, W2, b2, B: _fed_back(x, y, W1, b1, W2, b2, B),
        returns=("dW1", "db1", "dW2", "db2"),
        partial=True,
        mistakes={
            _twin("through W2"): "The errors come back through W2, so this is the gradient itself. Feedback alignment "
            "sends them through B.",
            _twin("both"): "The errors come back through W2 and B together. Only B is on the way back.",
            _twin("product"): "The way back is W2 times B, entry by entry. It is B alone.",
            _twin("signs only"): "Only the signs of B are used. Its sizes count as well.",
            _twin("B forward"): "The signal goes forward through B. It goes through W2, and B serves the errors only.",
            _twin("no slope"): "The slope of tanh is missing in the hidden layer. B replaces the weights, not the "
            "slope.",
            _twin("slope at a"): "The slope is taken as if a went through tanh once more. It is already the tanh of z.",
            _twin("sigmoid"): "That is the slope of a sigmoid. The hidden units use tanh.",
            _twin("softmax's slope"): "A slope of softmax is multiplied in once more. In p - y it has cancelled "
            "already.",
            _twin("not averaged"): "The errors are not divided by the number of examples. The loss is a mean.",
            _twin("twice averaged"): "The errors are divided by the number of examples twice.",
            _twin("db mean"): "The biases get means over the rows. The mean is in delta already, so the rows add up.",
            _twin("dW from z"): "dW2 is made from z of the hidden layer. What comes into W2 is its activation.",
            _twin("sign"): "All signs are reversed. At the output it is p - y.",
        },
        quantities=lambda x, *others: {"the batch size": len(x)},
        hints=(
            "Which of the equations mentions the weights of the layer above? Nothing else changes.",
            "Feed forward with W1 and W2, and begin at the output with (SCE). This delta gives dW2 and db2 as ever.",
            "Going back, put B where W2 stood in (BP2). The shapes are the same, so the transpose is the same.",
        ),
    ),
    Function(
        name="alignment",
        points=2,
        arguments=_layers,
        special=(
            lambda rng: _layers(rng, (3, 4)),
            lambda rng: _layers(rng, (1, 2), (6, 6)),
            _uphill,
        ),
        reference=lambda told, asked: _degrees(_flat(told), _flat(asked)),
        mistakes={
            lambda told, asked: sum(_each(told, asked)) / len(_each(told, asked)): "It is the mean of the layers' "
            "angles. A step moves all layers at once, so they make one long arrow.",
            lambda told, asked: _each(told, asked)[0]: "Only the first layer is compared.",
            lambda told, asked: _each(told, asked)[-1]: "Only the last layer is compared.",
            lambda told, asked: np.degrees(
                np.arccos(np.mean([_cosine(t.ravel(), a.ravel()) for t, a in zip(told[1:], asked[1:], strict=True)]))
            ): "The layers' cosines are averaged. A long gradient has more say in the angle than a short one.",
            lambda told, asked: np.radians(_degrees(_flat(told), _flat(asked))): "The angle is in radians. It is asked "
            "for in degrees.",
            lambda told, asked: _cosine(_flat(told), _flat(asked)): "That is the cosine. Which angle has it?",
            lambda told, asked: 180 - _degrees(_flat(told), _flat(asked)): "That is the angle to the opposite arrow.",
            lambda told, asked: 90 - abs(90 - _degrees(_flat(told), _flat(asked))): "The sign of the cosine is lost. "
            "Beyond 90 degrees the step goes uphill, and the angle has to say so.",
        },
        hints=(
            "A step changes all weights together. How many numbers does it have, and which arrow do they make?",
            "Add up the products of all entries of all layers, and the squares of each list for the two lengths.",
            "Leave out index 0, put the flattened arrays together with `np.concatenate`, and take the angle once.",
        ),
    ),
    Choice(
        name="copied_once",
        right="b",
        options={
            "a": "B stays, but W does not. After one step they differ.",
            "b": "Yes. It is the forward weights that move, and much of their beginning is still in them. From five "
            "seeds the angle came to about 25 degrees, and never went past 40.",
            "c": "That is where an unrelated B begins. This one begins as W itself.",
            "d": "An old B still resembles W. A random one does not.",
        },
        hints=(
            "What is the angle before the first step, when B and W are the same numbers?",
            "Which of the two changes from then on? And does it forget at once where it began?",
            "The chapter's W comes round to a B that it has nothing in common with. Compare that with this one.",
        ),
    ),
]
