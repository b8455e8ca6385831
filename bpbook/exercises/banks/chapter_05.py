"""Exercises of chapter 05: a network of any depth, and the checks that show whether its gradients are right."""

from itertools import pairwise
from typing import Any

import numpy as np

from ...activations import identity, relu, sigmoid, softplus, tanh
from ...backprop import Params, backward, forward, total_loss
from ...gradcheck import complex_step_gradient, numerical_gradient, relative_error
from ...losses import squared_error
from .. import bugs_equations, bugs_network, bugs_pairs, bugs_pass
from ..bugs import BUGS
from ..bugs_pass import Net
from ..kinds import Choice, Expression, Function, Gradient, Mistake, Number

Arrays = tuple[Any, ...]


def _outputs(rng: np.random.Generator) -> tuple[int]:
    return (int(rng.integers(3, 12)),)


def _two_vectors(rng: np.random.Generator) -> Arrays:
    """Draw two vectors that point to different sides, so that no formula gives for them what another gives."""
    large, small = rng.integers(6, 10, 2), rng.integers(1, 5, 2)
    g, n = np.array([large[0], small[0]]), np.array([small[1], large[1]])
    return (g / 10, n / 10) if rng.integers(0, 2) else (n / 10, g / 10)


def _widths(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice(np.arange(3, 12), size=3, replace=False))


def _norms(g: Any, n: Any) -> Any:
    return np.linalg.norm(g) + np.linalg.norm(n)


def _layers(rng: np.random.Generator, sizes: list[int], hidden: Any = None, last: Any = None) -> tuple[Any, Any, Any]:
    """Return W, b, f of a network whose layers all differ where they can."""
    smooth = [tanh, sigmoid, relu, softplus]
    first = int(rng.integers(0, 4))
    W: list[Any] = [None]
    b: list[Any] = [None]
    f: list[Any] = [None]
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        W.append(rng.normal(0, 1.2 / np.sqrt(n_in), (n_in, n_out)))
        b.append(rng.normal(0, 0.5, n_out))
        f.append((last or sigmoid) if l == len(sizes) - 1 else (hidden or smooth[(first + l) % 4]))
    return W, b, f


def _to_feed(rng: np.random.Generator) -> Arrays:
    m, *sizes = (int(n) for n in rng.permutation([2, 3, 4, 5, 6])[: rng.integers(3, 6)])
    return *_layers(rng, sizes), rng.normal(size=(m, sizes[0]))


def _feed_one_layer(rng: np.random.Generator) -> Arrays:
    return *_layers(rng, [3, 2]), rng.normal(size=(1, 3))


def _fed(W: Any, b: Any, f: Any, x: Any) -> Any:
    cache = forward(Params(W, b, f), x)
    return cache.z, cache.a


def _fed_wrongly(feed: Any) -> Any:
    return lambda W, b, f, x: feed(Net(x, x, W, b, f, squared_error))


def _fed_overwriting(W: Any, b: Any, f: Any, x: Any) -> Any:
    a = _fed(W, b, f, x)[1]
    return [None, *a[1:]], a


def _fed_one_off(W: Any, b: Any, f: Any, x: Any) -> Any:
    z, a = [None], [x]
    for l in range(1, len(W)):
        z.append(a[l - 1] @ W[l] + b[l])
        a.append(f[max(l - 1, 1)](z[l]))
    return z, a


def _fed_by_x(W: Any, b: Any, f: Any, x: Any) -> Any:
    z, a = [None], [x]
    for l in range(1, len(W)):
        z.append(x @ W[l] + b[l])
        a.append(f[l](z[l]))
    return z, a


def _to_learn(rng: np.random.Generator, sizes: list[int] | None = None, hidden: Any = None, last: Any = None) -> Arrays:
    m, *sizes = sizes or [int(n) for n in rng.permutation([2, 3, 4, 5, 6])]
    W, b, f = _layers(rng, sizes, hidden, last)
    lmbda = round(float(rng.uniform(0.05, 0.3)), 2)
    return W, b, f, rng.normal(size=(m, sizes[0])), rng.normal(size=(m, sizes[-1])), lmbda


def _two_of_weights(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [5, 3, 4, 2], tanh, sigmoid)


def _square(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [4, 4, 4, 4, 4], tanh, sigmoid)


def _one_example(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [1, 3, 4, 2], sigmoid, identity)


def _large(rng: np.random.Generator) -> Arrays:
    W, b, f, x, y, lmbda = _to_learn(rng, [6, 2, 5, 3], sigmoid, tanh)
    return [w if w is None else 3 * w for w in W], b, f, x, y, 4 * lmbda


def _relus(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [7, 4, 6, 5, 3], relu, identity)


def _steep(rng: np.random.Generator) -> Arrays:
    W, b, f, x, y, lmbda = _to_learn(rng, [4, 3, 5, 2], tanh, sigmoid)
    return [None, 1e-6 * W[1], W[2]], b, f, 1e6 * x, y, lmbda


def _cancelling(rng: np.random.Generator) -> Arrays:
    """Draw large weights on an input of 1, which the biases take back: nudges by a share of a weight fail there."""
    W, b, f, x, y, _ = _to_learn(rng, [4, 3, 5, 2], tanh, sigmoid)
    x[:, 0], W[1][0] = 1.0, 1e4 * W[1][0]
    return W, [None, b[1] - W[1][0], b[2]], f, x, y, 0.0


def _net(W: Any, b: Any, f: Any, x: Any, y: Any, lmbda: float) -> Net:
    return Net(x, y, W, b, f, squared_error, lmbda)


def _taken(delta: Any, dW: Any, db: Any) -> Arrays:
    return dW, db


def _gradients(W: Any, b: Any, f: Any, x: Any, y: Any, lmbda: float) -> Arrays:
    return _taken(*bugs_pass.run(_net(W, b, f, x, y, lmbda)))


def _loss(W: Any, b: Any, f: Any, x: Any, y: Any, lmbda: float) -> Any:
    params = Params(W, b, f, lmbda)
    return total_loss(params, forward(params, x), y, squared_error)


def _masked(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, n, above, _ = sizes or tuple(int(k) for k in rng.permutation([3, 4, 5, 6]))
    mask = rng.integers(0, 2, (m, n)).astype(float)
    mask[0, :2] = 0.0, 1.0
    scale = float(rng.choice([1.25, 2.0, 4.0]))
    return rng.normal(size=(m, above)), rng.normal(size=(n, above)), rng.normal(0, 1.5, (m, n)), mask, scale


def _wave(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    c = rng.normal(size=shape)
    return lambda w: (c * np.sin(w)).sum() + (w**3).sum() / 6 + (c * w).sum() ** 2 / 4


def _to_nudge(rng: np.random.Generator) -> Arrays:
    shape = [(3,), (2, 3), (4,), (3, 2)][int(rng.integers(0, 4))]
    return _wave(rng, shape), rng.normal(size=shape), float(rng.choice([0.1, 0.2, 0.4]))


def _to_step(rng: np.random.Generator) -> Arrays:
    f, w, _ = _to_nudge(rng)
    return f, w, 1e-20


def _nudged(f: Any, w: Any, h: float, up: float = 1, down: float = 1, over: float = 2, keep: bool = False) -> Any:
    """Return differences; the defaults are central, the others are what goes wrong."""
    n, point = np.zeros(w.shape), w.copy()
    for k in np.ndindex(w.shape):
        moved = {}
        for sign in (up, -down):
            nudged = point.copy()
            nudged[k] += sign * h
            moved[sign] = f(nudged)
        n[k] = (moved[up] - moved[-down]) / (over * h)
        if keep:
            point[k] += h
    return n


def _vectors(rng: np.random.Generator) -> Arrays:
    n = int(rng.integers(2, 6))
    g = rng.normal(size=n)
    return g, g + rng.normal(0, 0.3, n)


def _matrices(rng: np.random.Generator) -> Arrays:
    g = rng.normal(size=(3, 2))
    return g, g + rng.normal(0, 0.3, (3, 2))


def _to_descend(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, n_0, n_1, n_2 = sizes or tuple(int(n) for n in rng.permutation([2, 3, 4, 5, 6])[:4])
    W1, W2 = rng.normal(size=(n_0, n_1)), rng.normal(size=(n_1, n_2))
    x, y = rng.normal(size=(m, n_0)), rng.normal(size=(m, n_2))
    return x, y, W1, rng.normal(size=n_1), W2, rng.normal(size=n_2), float(rng.choice([0.25, 0.5, 0.75]))


def _descending_net(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Net:
    return Net(x, y, [None, W1, W2], [None, b1, b2], [None, tanh, identity], squared_error, eta=eta)


def _stepped(rules: bugs_pass.Rules, times: float = 1.0) -> Any:
    """Return the whole step, with these rules in its backward pass."""

    def step(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Arrays:
        _, dW, db = bugs_pass.run(_descending_net(x, y, W1, b1, W2, b2, eta), rules)
        eta = eta * times
        return W1 - eta * dW[1], b1 - eta * db[1], W2 - eta * dW[2], b2 - eta * db[2]

    return step


def _without_eta(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Any:
    return _descend(x, y, W1, b1, W2, b2, 1.0)


def _gradients_alone(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Arrays:
    _, dW, db = bugs_pass.run(_descending_net(x, y, W1, b1, W2, b2, eta))
    return dW[1], db[1], dW[2], db[2]


def _without_biases(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Arrays:
    W1_new, _, W2_new, _ = _descend(x, y, W1, b1, W2, b2, eta)
    return W1_new, b1, W2_new, b2


_descend = _stepped(bugs_pass.RIGHT)

ENTRIES = Mistake("entry by entry", "(RE) measures the whole arrays, not each entry by itself.")
NOT_IN_A_STEP = ("sign", "integers", "order of results", "db zero", "no derivative at all", "derivative of next layer")

EXERCISES = [
    Number(
        name="initial_loss",
        given=_outputs,
        expected=lambda n: n * np.log(2),
        mistakes={
            lambda n: np.log(2): "That is the loss of one output. The loss is a sum over the outputs.",
            lambda n: np.log(n): "That is for a softmax over n classes. Here are n separate questions.",
            lambda n: -n * np.log(2): "A loss of cross-entropy is never negative.",
            lambda n: n * np.log(n): "Each output answers yes or no: how many possibilities has it?",
            lambda n: np.log(2) / n: "The loss is a sum over the outputs, not a mean.",
            lambda n: n / 4: "That is a squared distance. The loss is a cross-entropy.",
            lambda n: n / 8: "That is the squared error. The loss is a cross-entropy.",
            lambda n: 2 * n * np.log(2): "Of the two terms of each output, the target leaves one.",
            lambda n: 0.0: "At the start the network knows nothing. A loss of zero is for one that knows all.",
            lambda n: n / 2: "A probability of one half is right. Which loss does cross-entropy give it?",
            lambda n: n * np.log10(2): "The logarithm is the natural one.",
            lambda n: n * 1.0: "The logarithm is the natural one, not the one of base 2.",
        },
        hints=(
            "With weights near zero, z is near zero. What does the sigmoid say then?",
            "Every output says one half, whatever the target. What is minus ln of that?",
            "Each of the outputs has the loss ln 2, and the loss adds over the outputs.",
        ),
    ),
    Number(
        name="error_by_hand",
        equations=("RE",),
        given=_two_vectors,
        expected=lambda g, n: np.linalg.norm(g - n) / _norms(g, n),
        mistakes={
            lambda g, n: np.linalg.norm(g - n): "This is the distance; it must be measured against the sizes.",
            lambda g, n: np.linalg.norm(g - n) / max(np.linalg.norm(g), np.linalg.norm(n)): "You divided by the larger "
            "length; (RE) divides by their sum.",
            lambda g, n: np.linalg.norm(g - n) / min(np.linalg.norm(g), np.linalg.norm(n)): "You divided by the "
            "smaller length; (RE) divides by their sum.",
            lambda g, n: abs(g - n).sum() / (abs(g) + abs(n)).sum(): "A length is the root of the squares.",
            lambda g, n: np.linalg.norm(g - n) / np.linalg.norm(g + n): "Below the line is the sum of two lengths.",
            lambda g, n: (abs(g - n) / (abs(g) + abs(n))).mean(): ENTRIES,
            lambda g, n: (abs(g - n) / (abs(g) + abs(n))).max(): ENTRIES,
            lambda g, n: (
                abs(np.linalg.norm(g) - np.linalg.norm(n)) / _norms(g, n)
            ): "Above the line is the length of the difference, not the difference of the lengths.",
            lambda g, n: ((g - n) ** 2).sum() / ((g**2).sum() + (n**2).sum()): "The three square roots are missing.",
            lambda g, n: 2 * np.linalg.norm(g - n) / _norms(g, n): "Below the line is the sum of the lengths, no mean.",
        },
        hints=(
            "Equation (RE): a length divided by a sum of two lengths.",
            "The length of a vector is the square root of the sum of its squared entries.",
            "`np.linalg.norm` gives it: of g - n above the line, of g and of n below.",
        ),
    ),
    Number(
        name="forward_passes",
        equations=("ND",),
        given=_widths,
        expected=lambda n_0, n_1, n_2: 2 * (n_0 * n_1 + n_1 + n_1 * n_2 + n_2),
        tolerance=1e-9,
        mistakes={
            lambda n_0, n_1, n_2: n_0 * n_1 + n_1 + n_1 * n_2 + n_2: "Central differences look to both sides.",
            lambda n_0, n_1, n_2: 2 * (n_0 * n_1 + n_1 * n_2): "The biases are nudged too.",
            lambda n_0, n_1, n_2: n_0 * n_1 + n_1 * n_2: "The biases are nudged too, and each nudge has two sides.",
            lambda n_0, n_1, n_2: 2: "Each weight is nudged on its own, while all the others stay.",
            lambda n_0, n_1, n_2: 4: "Each entry is nudged on its own, not each array.",
            lambda n_0, n_1, n_2: (
                2 * (n_0 * n_1 + n_1 + n_1 * n_2 + n_2) + 1
            ): "Central differences do not use the loss in the middle.",
            lambda n_0, n_1, n_2: 2 * n_0 * n_1 * n_2: "The weights of the two layers are counted apart, and added.",
            lambda n_0, n_1, n_2: 1 + n_0 * n_1 + n_1 + n_1 * n_2 + n_2: "That is the count for one-sided differences.",
            lambda n_0, n_1, n_2: 2 * (n_0 + n_1 + n_2): "Weights and biases are nudged, not units.",
        },
        hints=(
            "How many numbers are nudged, and how often does each nudge ask for the loss?",
            "A layer from n to k units has n k weights and k biases, and each of them is nudged alone.",
            "Count all weights and biases of both layers; each needs the loss above and below.",
        ),
    ),
    Expression(
        name="left_over",
        equations=("ND",),
        expected="h**2",
        variables={"w": (0.5, 2.0), "h": (0.1, 0.5)},
        most=6,
        mistakes={
            "3 * w**2 + h**2": "That is the whole difference. How much is it off?",
            "3 * w**2": "That is the derivative. By how much do the differences miss it?",
            "2 * h**3": "Divide by the distance between the two nudges as well.",
            "2 * h**2": "The distance between the two nudges is twice h.",
            "h**2 / 6": "The sixth is there in general, times the third derivative. What is that of w³?",
            "6 * h**2": "The third derivative stands there divided by a number.",
            "6 * w * h": "In a central difference the second derivative cancels.",
            "3 * w * h + h**2": "That is what a one-sided difference leaves over.",
            "3 * w * h": "In a central difference, the terms with an even power of h cancel.",
            "0 * w": "For a parabola that would be so. Here the third power is left over.",
            "h": "Nearly: which power of h?",
            "h**3": "Divide by the distance between the two nudges as well.",
        },
        ratios={-1.0: "The size is right, the sign is not: take the derivative from the differences."},
        hints=(
            "Write out (w + h)³ and (w - h)³, and subtract.",
            "What is left of the subtraction is 6 w² h + 2 h³. Divide it by 2h.",
            "You get 3 w² and something more. The derivative is 3 w²; what is the rest?",
        ),
    ),
    Function(
        name="forward",
        points=2,
        equations=("FF",),
        arguments=_to_feed,
        special=(_feed_one_layer, lambda rng: (*_layers(rng, [3, 3, 3, 3]), rng.normal(size=(3, 3)))),
        reference=_fed,
        returns=("z", "a"),
        mistakes={
            **{
                _fed_wrongly(slip.broken["feed"]): slip.mistake
                for slip in bugs_network.SLIPS
                if "feed" in slip.broken and slip.mistake.name != "z overwritten"
            },
            _fed_overwriting: BUGS["z overwritten"],
            _fed_one_off: BUGS["one layer off"],
            _fed_by_x: Mistake("x into every layer", "Every layer is fed with x, where a of the layer before belongs."),
        },
        hints=(
            "Two lists, z and a, that start with None and x; then one turn of a loop for each layer.",
            "Layers count from 1 to `len(W) - 1`. In layer l, a[l - 1] is what comes in.",
            "(FF) is two lines: z from a[l - 1], W[l] and b[l]; a from f[l] and z[l]. Append both.",
        ),
    ),
    Gradient(
        name="gradients",
        points=6,
        equations=("FF", "BP1", "BP2", "BP3", "BP4"),
        arguments=_two_of_weights,
        special=(_to_learn, _to_learn, _square, _one_example, _large, _relus),
        reference=_gradients,
        returns=("dW", "db"),
        loss=_loss,
        wrt=(0, 1),
        steep=_steep,
        large=_cancelling,
        probes=1,
        mistakes=bugs_network.twins(_net, _taken),
        pairs=bugs_pairs.finder(_net, _taken),
        without=backward,
        quantities=lambda W, b, f, x, y, lmbda: {"the batch size": len(x), "the number of output units": y.shape[1]},
        hints=(
            "First your lines of `forward`. Then a loop that counts the layers down from the last one.",
            "In the last layer, delta is (BP1) with dC/da = (a - y)/m; in every other one it is (BP2).",
            "In each turn of the loop: delta, then db[l] by (BP3), then dW[l] by (BP4) with lmbda times W[l].",
        ),
    ),
    Function(
        name="masked_delta",
        points=2,
        equations=("BP2",),
        arguments=_masked,
        special=(lambda rng: _masked(rng, (4, 4, 4, 4)),),
        reference=lambda delta, W, z, mask, scale: (delta @ W.T) * mask * scale * tanh.prime(z),
        mistakes=bugs_equations.masked_delta(tanh),
        sloped=(tanh, lambda slope, delta, W, z, mask, scale: (delta @ W.T) * mask * scale * slope(z)),
        quantities=lambda delta, W, z, mask, scale: {"the scale": scale, "the batch size": len(z)},
        hints=(
            "A mask is one more link of the chain: a is multiplied by mask and scale on the way forward.",
            "The derivative of a product with a constant is that constant: it comes back as it went.",
            "Take (BP2), and multiply what came back through W by mask and by scale as well.",
        ),
    ),
    Function(
        name="descend",
        points=3,
        equations=("GD", "BP1", "BP2"),
        arguments=_to_descend,
        special=(lambda rng: _to_descend(rng, (4, 4, 4, 4)),),
        reference=lambda x, y, W1, b1, W2, b2, eta: _descend(x, y, W1, b1, W2, b2, eta),
        returns=("W1", "b1", "W2", "b2"),
        probes=4,
        mistakes={
            _stepped(slip.rules()): slip.mistake
            for slip in bugs_network.SLIPS
            if slip.mistake.name not in NOT_IN_A_STEP
        }
        | {
            _stepped(bugs_pass.RIGHT, -1.0): Mistake(
                "uphill", "This goes uphill: the gradient points to where the loss grows.", "chapter 03, (GD)"
            ),
            _gradients_alone: Mistake("gradients returned", "These are the gradients. The new weights are asked for."),
            _without_eta: Mistake("no eta", "The gradient is subtracted whole: the learning rate is missing."),
            _without_biases: Mistake("biases kept", "The biases stay as they are; they learn by the same rule."),
        },
        hints=(
            "Four steps: forward, delta, gradients, and only then the new weights.",
            "Compute all four gradients before you change anything: delta goes back through the old W2.",
            "The output is the identity, so delta2 is (a2 - y)/m. Return the old arrays minus eta times the gradients.",
        ),
    ),
    Function(
        name="numerical_gradient",
        points=2,
        equations=("ND",),
        arguments=_to_nudge,
        reference=lambda f, w, h: numerical_gradient(f, w, h),
        mistakes={
            lambda f, w, h: _nudged(f, w, h, down=0, over=1): "These are one-sided differences, above only.",
            lambda f, w, h: _nudged(f, w, h, up=0, over=1): "These are one-sided differences, below only.",
            lambda f, w, h: _nudged(f, w, h, over=1): "Between the two nudges lies a distance of 2h.",
            lambda f, w, h: _nudged(f, w, h, down=0): "From the middle to one nudge it is h, not 2h.",
            lambda f, w, h: _nudged(f, w, h, keep=True): "An entry keeps its nudge while the next one is nudged.",
            lambda f, w, h: -_nudged(f, w, h): "The sign is turned round: above minus below.",
            lambda f, w, h: (
                _nudged(f, w, h) * h * h
            ): "`/ 2 * h` divides by 2 and multiplies by h. A bracket is missing.",
            lambda f, w, h: _nudged(f, w, h) * 2 * h: "The difference must be divided by the distance, 2h.",
            lambda f, w, h: _nudged(f, w, h, up=0.5, down=0.5): "The nudges are half as long as h says.",
            lambda f, w, h: np.full(w.shape, (f(w + h) - f(w - h)) / (2 * h)): "All entries are nudged at once.",
            lambda f, w, h: complex_step_gradient(f, w): "This is the derivative; the difference with h is asked for.",
        },
        hints=(
            "(ND): one entry at a time goes up by h and down by h.",
            "`for k in np.ndindex(w.shape)` visits every entry, whatever the shape. Work on a copy of w.",
            "Set the entry back before you go on. What you divide by is the distance between the two nudges.",
        ),
    ),
    Function(
        name="complex_step",
        points=2,
        equations=("CS",),
        arguments=_to_step,
        special=(lambda rng: (*_to_step(rng)[:2], 0.05),),
        reference=lambda f, w, h: complex_step_gradient(f, w, h),
        mistakes={
            lambda f, w, h: _imaginary(f, w, h) * h: "The imaginary part must be divided by h.",
            lambda f, w, h: _imaginary(f, w, h) / 2: "Only one step is taken, so the distance is h, not 2h.",
            lambda f, w, h: np.zeros(
                w.shape
            ): "An array of real numbers drops an imaginary step. Is your copy complex?",
            lambda f, w, h: (
                _stepped_aside(f, w, h, keep=True).imag / h
            ): "An entry keeps its step while the next one takes its own.",
            lambda f, w, h: np.full(w.shape, f(w + 1j * h).imag / h): "All entries take the step at once.",
            lambda f, w, h: -_imaginary(f, w, h): "The sign is turned round: is the step +i h?",
            lambda f, w, h: (
                _stepped_aside(f, w, h).real / h
            ): "The derivative is in the imaginary part; this is the real one.",
            lambda f, w, h: _nudged(
                f, w, h, down=0, over=1
            ): "The step must be imaginary; a real one this small is lost.",
            lambda f, w, h: _nudged(f, w, h): "The step must be imaginary; a real one this small is lost.",
        },
        hints=(
            "(CS): one entry takes a step of h in the imaginary direction.",
            "Make a complex copy, `w.astype(complex)`, add `1j * h` to one entry, and call f.",
            "Take `.imag` of what comes back, divide by h, and set the entry back.",
        ),
    ),
    Function(
        name="relative_error",
        equations=("RE",),
        arguments=_vectors,
        special=(
            _matrices,
            lambda rng: (np.zeros(3), np.zeros(3)),
            lambda rng: (np.zeros(2), rng.normal(size=2)),
            lambda rng: (rng.normal(size=2), np.zeros(2)),
            lambda rng: tuple(1e-3 * each for each in _vectors(rng)),
        ),
        reference=lambda g, n: relative_error(g, n),
        mistakes={
            lambda g, n: np.divide(np.linalg.norm(g - n), _norms(g, n)): "When both are zero, this divides 0 by 0.",
            lambda g, n: _guarded(np.linalg.norm(g - n), 1.0): "This is the distance; measure it against the sizes.",
            lambda g, n: _guarded(np.linalg.norm(g - n), np.linalg.norm(n)): "Both sizes stand below the line.",
            lambda g, n: _guarded(np.linalg.norm(g - n), np.linalg.norm(g)): "Both sizes stand below the line.",
            lambda g, n: _guarded(
                np.linalg.norm(g - n), max(np.linalg.norm(g), np.linalg.norm(n))
            ): "You divided by the larger length; (RE) divides by their sum.",
            lambda g, n: np.divide(
                np.linalg.norm(g - n), max(np.linalg.norm(g), np.linalg.norm(n))
            ): "You divided by the larger length; (RE) divides by their sum. And where both are zero, this is 0/0.",
            lambda g, n: _guarded(
                np.linalg.norm(g - n), np.linalg.norm(g) * np.linalg.norm(n)
            ): "The lengths are added.",
            lambda g, n: _guarded(np.linalg.norm(g - n), np.linalg.norm(g + n)): "Below the line stand two lengths.",
            lambda g, n: _guarded(abs(g - n).sum(), (abs(g) + abs(n)).sum()): "A length is the root of the squares.",
            lambda g, n: _guarded(abs(g - n).max(), max(abs(g).max(), abs(n).max())): "A length is no maximum.",
            lambda g, n: _guarded(((g - n) ** 2).sum(), (g**2).sum() + (n**2).sum()): "The square roots are missing.",
            lambda g, n: _guarded(2 * np.linalg.norm(g - n), _norms(g, n)): "Below the line is a sum, not a mean.",
        },
        hints=(
            "Equation (RE) in one line; then think of two arrays of zeros.",
            "`np.linalg.norm` gives the length of an array of any shape.",
            "Compute the sum of the two lengths first; if it is zero, return 0, else divide.",
        ),
    ),
    Choice(
        name="read_report",
        equations=("BP2",),
        right="b",
        options={
            "a": "Then layer 3 would be wrong as well: its gradients are made from delta of layer 3.",
            "b": "Right: delta of layer 3 is right, delta of layer 2 is wrong, and so is all that is made from it.",
            "c": "A wrong sum in (BP3) spoils db and leaves dW alone.",
            "d": "A wrong (BP4) spoils dW and leaves db alone.",
        },
        hints=(
            "Which rows are right? From which delta are they made?",
            "dW[3] and db[3] come from delta of layer 3, so that one is right.",
            "In layer 2 both dW and db are wrong. What have they in common?",
        ),
    ),
    Choice(
        name="cannot_overfit",
        right="c",
        options={
            "a": "With so few examples there is nothing to generalise. First it must be able to learn them by heart.",
            "b": "More data makes it harder to learn every example, not easier.",
            "c": "Right: 20 examples can be learned by heart. If they are not, gradient, update or data are at fault.",
            "d": "Weight decay holds weights back; with it, twenty examples would be harder still.",
        },
        hints=(
            "How many weights has the network, and how many examples are there?",
            "A network with many more weights than examples can store them. What would keep it from doing so?",
            "The test does not ask for a good network. It asks whether the four steps work together.",
        ),
    ),
    Choice(
        name="loss_goes_down",
        right="d",
        options={
            "a": "A wrong gradient often still points downhill, only less steeply or in fewer directions.",
            "b": "Accuracy can be high with frozen biases or an untrained first layer. It cannot see them.",
            "c": "Nearly: two wrong gradients can agree with each other, if one was copied from the other.",
            "d": "Right: differences know nothing of your formulas, so they cannot share your mistake.",
        },
        hints=(
            "Think of the wrong gradients of this chapter that learned all the same.",
            "A check must be able to fail. Which of the four fails when db is a mean instead of a sum?",
            "Which one finds the derivative by another road than the chain rule?",
        ),
    ),
]


def _imaginary(f: Any, w: Any, h: float) -> Any:
    return complex_step_gradient(f, w, h)


def _stepped_aside(f: Any, w: Any, h: float, keep: bool = False) -> Any:
    """Return what f gives, a complex number for every entry that steps aside; each may keep its step."""
    found, point = np.zeros(w.shape, complex), w.astype(complex)
    for k in np.ndindex(w.shape):
        point = point if keep else w.astype(complex)
        point[k] += 1j * h
        found[k] = f(point)
    return found


def _guarded(distance: Any, size: Any) -> Any:
    return distance / size if size else 0.0
