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


def _arrows(rng: np.random.Generator) -> tuple[list[int], list[int]]:
    u, v = rng.integers(-4, 5, (2, 3))
    return u.tolist(), (v + (v == u)).tolist()


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
        name="angle",
        given=_arrows,
        expected=_degrees,
        mistakes={
            lambda u, v: np.radians(_degrees(u, v)): "That is the angle in radians. It is asked for in degrees.",
            _cosine: "That is the cosine of the angle. Which angle has it?",
            _dot: "That is the product of the two. Divide by both lengths, and it becomes a cosine.",
            lambda u, v: 90 - _degrees(u, v): "That is what the angle lacks to a right angle. The cosine belongs to "
            "the angle itself.",
            lambda u, v: 180 - _degrees(u, v): "That is the angle to the opposite arrow. A sign has been lost on the "
            "way.",
            lambda u, v: np.degrees(_cosine(u, v)): "The cosine itself is turned into degrees. The angle comes before "
            "that, by the arc cosine.",
        },
        hints=(
            "Which quantity is 1 for arrows of one direction, 0 for a right angle and -1 for opposite ones?",
            "It is the sum of the products, divided by the lengths of both arrows.",
            "`np.arccos` turns this cosine into an angle in radians, and `np.degrees` makes degrees of it.",
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
        name="what_it_shows",
        right="c",
        options={
            "a": "That a network can learn in some way does not tell us how anything else learns. For a brain, "
            "somebody has to look into a brain.",
            "b": "Look at the angles: what it learned from came to within 60 degrees of the gradient. The further from "
            "it, the less was learned.",
            "c": "Yes. For this network and these digits, and for no more than that. On harder images it fell behind.",
            "d": "That was tried in the chapter, and it did worse than sending nothing. The forward weights cannot "
            "come round to a B that changes.",
        },
        hints=(
            "How many tasks and how many networks were tried?",
            "Go through the answers and ask of each which experiment would have to be done to support it.",
            "One answer claims no more than what was measured, and one contradicts a row of the table.",
        ),
    ),
]
