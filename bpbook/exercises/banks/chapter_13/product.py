"""The product of the factors: by hand, at its highest, for tanh, and layer by layer in a network."""

from typing import Any

import numpy as np

from ...bugs.fields.depth import DEPTH
from ...kinds import Choice, Expression, Function, Number


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def _chain(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    w = rng.choice([-3, -2.5, -2, 1.5, 2, 2.5, 3, 4], 3)
    a = rng.choice([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], 3)
    return [float(v) for v in w], [float(v) for v in a]


def _factors(w: Any, a: Any, slope: Any = None) -> Any:
    w, a = np.asarray(w), np.asarray(a)
    return w * (a * (1 - a) if slope is None else slope(a))


def _network(rng: np.random.Generator, n: int = 3, m: int = 4, depth: int = 3) -> tuple[Any, Any, Any]:
    """Draw a sigmoid network with layers of equal width, so that a missing transpose hides."""
    W = [None, *rng.normal(size=(depth, n, n))]
    return W, [None, *(2 * rng.normal(size=(depth, m, n)))], rng.normal(size=(m, n))


def _one_example(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    return _network(rng, m=1)


def _two_layers(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    return _network(rng, depth=2)


def _tapering(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Draw layers of different widths."""
    W = [None, *(rng.normal(size=shape) for shape in ((5, 2), (2, 4), (4, 3)))]
    return W, [None, *(2 * rng.normal(size=(4, n)) for n in (2, 4, 3))], rng.normal(size=(4, 3))


def _five_layers(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    return _network(rng, depth=5)


def _deltas(W: Any, z: Any, delta: Any, wrong: str = "") -> list[Any]:
    """Return delta of layers 1 to L, with one thing wrong if asked."""
    found = [np.asarray(delta)]
    for l in range(len(W) - 2, 0, -1):
        a = _sigmoid(z[l])
        slope = {"at a": _sigmoid(a) * (1 - _sigmoid(a)), "a": a, "none": 1.0, "ceiling": 0.25}.get(wrong, a * (1 - a))
        if wrong == "next slope":
            a = _sigmoid(z[l + 1])
            slope = a * (1 - a)
        V = W[l] if wrong == "one layer off" else W[l + 1]
        found.append((found[-1] @ (V if wrong == "no transpose" else V.T)) * slope)
    return found[::-1]


def _sizes(W: Any, z: Any, delta: Any, wrong: str = "", norm: Any = np.linalg.norm) -> Any:
    return np.array([norm(d) for d in _deltas(W, z, delta, wrong)])


def _twin(wrong: str) -> Any:
    return lambda W, z, delta: _sizes(W, z, delta, wrong)


def _normed(norm: Any) -> Any:
    return lambda W, z, delta: _sizes(W, z, delta, norm=norm)


EXERCISES = [
    Number(
        name="chain_factor",
        equations=("BP2",),
        given=_chain,
        expected=lambda w, a: float(np.prod(_factors(w, a))),
        mistakes={
            lambda w, a: float(np.prod(_factors(w, a, lambda a: _sigmoid(a) * (1 - _sigmoid(a))))): DEPTH["slope at a"],
            lambda w, a: float(np.prod(_factors(np.ones(3), a))): DEPTH["weights missing"],
            lambda w, a: float(np.prod(w)): DEPTH["slopes missing"],
            lambda w, a: float(np.prod(w)) / 64: DEPTH["ceiling for slope"],
            lambda w, a: float(np.sum(_factors(w, a))): "The factors are added up. Along one path they multiply.",
            lambda w, a: float(np.prod(_factors(w, a, lambda a: a))): "The activations stand where their slopes "
            "belong. What is the slope of a sigmoid whose output is a?",
            lambda w, a: float(np.prod(_factors(w, a, lambda a: 1 - a**2))): "These are slopes of tanh. The units are "
            "sigmoids.",
            lambda w, a: float(np.prod(_factors(w, a)[:2])): "The last step is missing. From layer 4 back to layer 1 "
            "there are three.",
            lambda w, a: float(np.prod(_factors(w, a)[1:])): "The step from layer 2 to layer 1 is missing.",
            lambda w, a: abs(float(np.prod(_factors(w, a)))): "The sign is lost. A negative weight reverses delta.",
        },
        hints=(
            "There are three steps back, and each has one factor. What is it made of?",
            "Each factor is a weight times the slope of the unit that it comes from. The slope of a sigmoid can be "
            "written with its own output.",
            "Each factor is a weight times a(1 - a). Multiply all of them.",
        ),
    ),
    Expression(
        name="highest_factor",
        equations=("BP2",),
        expected="(1 + w / 4)**k",
        variables={"k": (2, 12), "w": (0.5, 3)},
        mistakes={
            "(w / 4)**k": DEPTH["shortcut forgotten"],
            "1 + (w / 4)**k": "That is the path past all layers and the one through all of them. How many others are "
            "there?",
            "1 + k * w / 4": "That counts the paths through one layer at most. There are paths through several.",
            "(1 + w)**k": DEPTH["slopes missing"],
            "(1 + 1 / 4)**k": DEPTH["weights missing"],
            "w**k * (1 + 1 / 4)**k": "The weight is not on the shortcut. It multiplies the slope alone.",
            "(w + 1 / 4)**k": "The weight multiplies the slope. It is not the shortcut's factor.",
            "(1 + w / 2)**k": "The largest slope of a sigmoid is not a half: its output there is.",
            "(1 + w / 4)**(k + 1)": "There is one factor for each layer, and there are k of them.",
            "(1 + w / 4)**(k - 1)": "One layer is missing. The gradient goes back to what came into the first.",
            "k * (1 + w / 4)": "Factors along the way multiply; here they are added up.",
            "2**k": "That is the number of paths. Each of them has a factor of its own.",
            "1 + w / 4": "That is what one layer can do. There are k of them.",
        },
        hints=(
            "What is the derivative of h + sigmoid(wh + b) with respect to h?",
            "It is 1 plus w times the slope. How large can that be?",
            "The slope is at most a quarter. Multiply the largest factor by itself, once for each layer.",
        ),
    ),
    Expression(
        name="tanh_window",
        points=2,
        expected="log((1 + sqrt(1 - 1 / w)) / (1 - sqrt(1 - 1 / w)))",
        variables={"w": (5, 30)},
        ratios={
            -1.0: "The size is right everywhere, the sign is not.",
            0.5: "That is the distance from zero to one end. The interval has two halves.",
            2.0: "That is twice the width. Is the 2 of the sigmoid's formula still in it?",
        },
        mistakes={
            "2 * log((1 + sqrt(1 - 4 / w)) / (1 - sqrt(1 - 4 / w)))": "That is the width for the sigmoid. Its slope is "
            "at most a quarter, that of tanh is at most one.",
            "log((1 + sqrt(1 - 1 / w)) / (1 - sqrt(1 - 1 / w))) / w": "That is the width for the input a. You are "
            "asked for the one for z.",
            "2 * log((1 + sqrt(1 - 1 / w)) / (1 - sqrt(1 - 1 / w))) / w": "That is the width for an input, and a 2 of "
            "the sigmoid's formula is left in it. You are asked for the one for z.",
            "2 * sqrt(1 - 1 / w)": "That is the width for tanh z, the output. Which z belong to its ends?",
            "log(2 * w - 1)": "A root is missing: the square of tanh z is at most 1 - 1/w.",
            "sqrt(1 - 1 / w)": "That is the largest output that is allowed. Which z gives it?",
            "2 * (1 - 1 / w)": "That is a bound for the square of the output. Take its root, and then find z.",
            "log((1 + sqrt(1 + 1 / w)) / (sqrt(1 + 1 / w) - 1))": "A sign is wrong inside the root: the output of tanh "
            "is below one.",
        },
        hints=(
            "The slope of tanh is 1 - a², with a = tanh z. For which a is w times the slope at least 1?",
            "For a² up to 1 - 1/w. So a lies between minus and plus the root of that.",
            "If a = tanh z, then z is half the logarithm of (1 + a)/(1 - a). The interval has two ends.",
        ),
    ),
    Function(
        name="delta_sizes",
        points=3,
        equations=("BP2",),
        arguments=_network,
        special=(_one_example, _tapering, _five_layers, _two_layers),
        reference=lambda W, z, delta: _sizes(W, z, delta),
        mistakes={
            _twin("at a"): DEPTH["slope at a"],
            _twin("none"): DEPTH["slopes missing"],
            _twin("ceiling"): DEPTH["ceiling for slope"],
            _twin("a"): "The activation stands where its slope belongs.",
            _twin("next slope"): "The slope is that of the layer above. Delta of a layer needs the slope at its own z.",
            _twin("no transpose"): "Delta goes back through W as if it went forward. With equal widths the shapes hide "
            "it.",
            _twin("one layer off"): "The weights are one layer off. Delta comes back through those that lead to the "
            "next layer.",
            lambda W, z, delta: _sizes(W, z, delta)[::-1]: "The layers are in reverse order. Layer 1 comes first.",
            lambda W, z, delta: _sizes(W, z, delta) ** 2: "These are squares of lengths. A root is missing.",
            lambda W, z, delta: _sizes(W, z, delta)[:-1]: "The last layer is missing. Its delta is the one you are "
            "given.",
            _normed(lambda d: np.linalg.norm(d, 2)): "For a matrix, this norm is its largest singular value. You are "
            "asked for the root of the sum of all squares.",
            _normed(lambda d: np.abs(d).sum()): "These are sums of absolute values, not lengths.",
            _normed(lambda d: d.std()): "These are standard deviations. You are asked for the root of the sum of all "
            "squares.",
            _normed(lambda d: np.sqrt((d**2).mean())): "These are roots of mean squares. Add the squares up instead.",
            _normed(lambda d: np.linalg.norm(d, axis=1).mean()): "That is the mean length of the rows. Take all "
            "entries of a layer together.",
            _normed(lambda d: np.linalg.norm(d[0])): "That is the first example alone. All of them count.",
        },
        hints=(
            "Go from the last layer to the first, and note the length of every delta on the way.",
            "Each step is (BP2), and the sigmoid's slope is made from z of the layer you arrive at.",
            "Start with the delta you are given. Multiply by the transpose of the weights that lead to it, then by "
            "a(1 - a) of the layer below. `np.linalg.norm` of each is its length; layer 1 comes first.",
        ),
    ),
    Choice(
        name="middle_of_the_window",
        right="c",
        options={
            "a": "A factor of exactly one would keep it level. What is 6.894 times the slope in the middle?",
            "b": "Every factor is above one there, so nothing gets smaller.",
            "c": "Right. Each factor is 6.894/4, which is 1.72, and nineteen of them make thirty thousand.",
            "d": "The biases were chosen already: they put every z at zero. What is the slope there?",
        },
        hints=(
            "What is the slope of a sigmoid in the middle of the window, where z is zero?",
            "Multiply the weight by that slope. Is the result above or below one?",
            "Between twenty layers there are nineteen such factors, and they are multiplied.",
        ),
    ),
]
