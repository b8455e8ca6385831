"""Exercises of chapter 04: the four equations of the backward pass, one at a time and together."""

from typing import Any

import numpy as np

from ...activations import sigmoid, tanh
from ...backprop import Params, forward, total_loss
from ...losses import softmax_cross_entropy, squared_error
from .. import bugs_equations, bugs_network, bugs_pairs, bugs_pass
from ..bugs_pass import Net
from ..kinds import Array, Choice, Expression, Function, Gradient, Number

Arrays = tuple[Any, ...]


def _out(rng: np.random.Generator) -> tuple[float, int]:
    return round(float(rng.uniform(0.4, 1.5) * rng.choice([-1, 1])), 1), int(rng.integers(0, 2))


def _delta_out(z: float, y: int, m: int = 2, slope: bool = True) -> Any:
    a = 1 / (1 + np.exp(-z))
    return (a - y) * (a * (1 - a) if slope else 1) / m


def _hidden(rng: np.random.Generator) -> Arrays:
    awake = int(rng.integers(0, 2))
    z = np.array([-1.0, -1.0])
    z[awake] = 1.0
    size = rng.choice(np.arange(3, 16), size=2, replace=False)
    delta = float(rng.choice([-0.12, -0.08, 0.08, 0.16, 0.24]))
    return delta, rng.choice(np.arange(2, 9), size=2, replace=False) * rng.choice([-0.25, 0.25], 2), z * size / 4


def _two_examples(rng: np.random.Generator) -> Arrays:
    a = rng.choice(np.arange(2, 9), size=2, replace=False) / 2
    return a, rng.choice(np.arange(2, 9), size=2, replace=False) * rng.choice([-1, 1], 2) / 20


def _factors(rng: np.random.Generator) -> tuple[float, ...]:
    x, slope, w, delta = rng.choice(np.arange(2, 10), size=4, replace=False)
    return float(x), slope / 10, -w / 4, delta / 100


def _sizes(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice(np.arange(3, 10), size=4, replace=False))


def _shape(rng: np.random.Generator) -> tuple[int, ...]:
    """Return m and three widths, all different, so that no axis can be taken for another."""
    return tuple(int(n) for n in rng.permutation([2, 3, 4, 5, 6])[:4])


def _z_and_y(rng: np.random.Generator, shape: tuple[int, int] | None = None) -> Arrays:
    m, n = shape or _shape(rng)[:2]
    return rng.normal(0, 1.5, (m, n)), rng.uniform(0, 1, (m, n))


def _far_out(z: Any) -> Any:
    """Make some z large, on both sides, and leave the others."""
    z[::2] += np.where(np.arange(z.shape[1]) % 2, 30.0, -30.0)
    return z


def _far_z_and_y(rng: np.random.Generator) -> Arrays:
    z, y = _z_and_y(rng, (3, 4))
    return _far_out(z), y


def _output_delta(z: Any, y: Any) -> Any:
    return squared_error.gradient(sigmoid(z), y) * sigmoid.prime(z)


def _delta_above(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, _, n, above = sizes or _shape(rng)
    return rng.normal(size=(m, above)), rng.normal(size=(n, above)), rng.normal(0, 1.5, (m, n))


def _far_z_below(rng: np.random.Generator) -> Arrays:
    delta, W, z = _delta_above(rng, (5, 2, 3, 4))
    return 20 * delta, W, _far_out(z)


def _a_and_delta(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, n_in, n_out, _ = sizes or _shape(rng)
    return rng.normal(0, 2, (m, n_in)), rng.normal(0, 2, (m, n_out))


def _decaying(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    a, delta = _a_and_delta(rng, sizes)
    return a, delta, rng.normal(0, 2, (a.shape[1], delta.shape[1])), round(float(rng.uniform(0.3, 0.9)), 2)


def _logits(rng: np.random.Generator) -> Arrays:
    m, _, _, n = _shape(rng)
    return rng.normal(0, 1.5, (m, n)), rng.integers(0, n, m)


def _square_logits(rng: np.random.Generator) -> Arrays:
    return rng.normal(0, 1.5, (4, 4)), rng.permutation(4)


def _huge_logits(rng: np.random.Generator) -> Arrays:
    z, y = _logits(rng)
    return z + np.where(np.arange(len(z)) % 2, 1000.0, -1000.0)[:, None], y


def _uneven_logits(rng: np.random.Generator) -> Arrays:
    """Draw rows with logits of 1000 and of -1000, which only the largest of the row brings into range."""
    return rng.permuted(np.tile([1000.0, -1000.0, 0.0], (4, 1)), axis=1), rng.integers(0, 3, 4)


def _two_layer_data(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, *widths = sizes or _shape(rng)
    n_0, n_1, n_2 = widths
    W1, b1 = rng.normal(size=(n_0, n_1)), rng.normal(size=n_1)
    W2, b2 = rng.normal(size=(n_1, n_2)), rng.normal(size=n_2)
    lmbda = round(float(rng.uniform(0.05, 0.3)), 2)
    return rng.normal(size=(m, n_0)), rng.uniform(0, 1, (m, n_2)), W1, b1, W2, b2, lmbda


def _square(rng: np.random.Generator) -> Arrays:
    return _two_layer_data(rng, (4, 4, 4, 4))


def _one_example(rng: np.random.Generator) -> Arrays:
    return _two_layer_data(rng, (1, 3, 4, 2))


def _large(rng: np.random.Generator) -> Arrays:
    x, y, W1, b1, W2, b2, lmbda = _two_layer_data(rng)
    return x, y, 3 * W1, 3 * b1, 3 * W2, b2, 4 * lmbda


def _steep(rng: np.random.Generator) -> Arrays:
    x, y, W1, b1, W2, b2, lmbda = _two_layer_data(rng)
    return 1e6 * x, y, 1e-6 * W1, b1, W2, b2, lmbda


def _cancelling(rng: np.random.Generator) -> Arrays:
    """Draw large weights on an input of 1, which the biases take back: nudges by a share of a weight fail there."""
    x, y, W1, b1, W2, b2, _ = _two_layer_data(rng)
    x[:, 0], W1[0] = 1.0, 1e4 * W1[0]
    return x, y, W1, b1 - W1[0], W2, b2, 0.0


def _net(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lmbda: float) -> Net:
    return Net(x, y, [None, W1, W2], [None, b1, b2], [None, tanh, sigmoid], squared_error, lmbda)


def _taken(delta: Any, dW: Any, db: Any) -> Arrays:
    return dW[1], db[1], dW[2], db[2]


def _two_layers(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lmbda: float) -> Arrays:
    return _taken(*bugs_pass.run(_net(x, y, W1, b1, W2, b2, lmbda)))


def _two_layer_loss(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lmbda: float) -> Any:
    net = _net(x, y, W1, b1, W2, b2, lmbda)
    params = Params(net.W, net.b, net.f, lmbda)
    return total_loss(params, forward(params, x), y, net.loss)


def _counts(x: Any, y: Any, W1: Any, *rest: Any) -> dict[str, float]:
    n_0, n_1 = W1.shape
    counts = {"the batch size": len(x), "the number of output units": y.shape[1]}
    return counts | {"the number of inputs": n_0, "the number of hidden units": n_1}


EXERCISES = [
    Number(
        name="delta_out",
        equations=("BP1",),
        given=_out,
        expected=_delta_out,
        mistakes={
            lambda z, y: _delta_out(z, y, m=1): "The loss is a mean over the two examples. Where is its 1/m?",
            lambda z, y: _delta_out(z, y, slope=False): "This is dC/da. Delta is dC/dz: one more factor.",
            lambda z, y: _delta_out(z, y, m=1, slope=False): "Two factors are missing: the 1/m and sigma'(z).",
            lambda z, y: -_delta_out(z, y): "The sign is turned round: output minus target.",
            lambda z, y: 2 * _delta_out(z, y, m=1): "The half in the loss cancels the 2; and where is the 1/m?",
            lambda z, y: _delta_out(z, y) / 2: "The half in the loss has cancelled; here it is taken once more.",
            lambda z, y: _sigma(z) * (1 - _sigma(z)): "This is sigma'(z) alone. By how much is the output off?",
            lambda z, y: _delta_out(z, y, slope=False) * _sigma(z): "One factor of sigma'(z) is missing.",
            lambda z, y: (
                _delta_out(z, y) * (_sigma(z) - y) / 2
            ): "The loss stands where its derivative with respect to a belongs.",
            lambda z, y: _delta_out(z, y, slope=False) * z * (1 - z): "The formula a(1 - a) needs a, not z.",
            lambda z, y: (z - y) * _delta_out(z, y) / ((_sigma(z) - y) or 1): "It is a that is compared with y, not z.",
        },
        hints=(
            "(BP1) is a product of two derivatives. Which two?",
            "First a = sigma(z). Then dC/da is (a - y)/m, for the loss is a mean over m = 2 examples.",
            "Multiply (a - y)/2 by sigma'(z), which is a(1 - a).",
        ),
    ),
    Array(
        name="delta_hidden",
        equations=("BP2",),
        given=_hidden,
        expected=lambda delta, w, z: delta * w * (z > 0),
        mistakes={
            lambda delta, w, z: delta * w: "This is dC/da for both units. One of them was asleep: look at its z.",
            lambda delta, w, z: delta * w * z: "The derivative of the ReLU is 1 or 0, whatever the size of z.",
            lambda delta, w, z: delta * w * np.maximum(z, 0): "This multiplies by the ReLU; its derivative is needed.",
            lambda delta, w, z: delta * (z > 0): "What came through the weights? They are missing.",
            lambda delta, w, z: delta * w * (z < 0): "The gate is the wrong way round: which unit was awake?",
        },
        hints=(
            "(BP2) sends delta of the output back through the weights, and then through the activation.",
            "Unit j gets delta times its weight w_j. Then comes ReLU'(z_j).",
            "ReLU'(z) is 1 where z is positive and 0 elsewhere: one of the two entries is 0.",
        ),
    ),
    Number(
        name="one_dw",
        equations=("BP4",),
        given=_two_examples,
        expected=lambda a, delta: (a * delta).sum(),
        tolerance=1e-6,
        mistakes={
            lambda a, delta: (a * delta).mean(): "The mean is already in delta; the shares of the examples add up.",
            lambda a, delta: a.sum() * delta.sum(): "Multiply within each example first, then add.",
            lambda a, delta: (
                a[0] * delta[1] + a[1] * delta[0]
            ): "Each a was multiplied by the delta of the other example.",
            lambda a, delta: a.sum(): "Delta is missing: how much does the loss change with z?",
            lambda a, delta: a[0] * delta[0]: "This is the first example's share; the other has one too.",
            lambda a, delta: a[1] * delta[1]: "This is the second example's share; the other has one too.",
            lambda a, delta: delta.sum(): "This is dC/db: the activation that the weight multiplies is missing.",
        },
        hints=(
            "Each example has its own share in dC/dw. What is it?",
            "The share of an example is its a times its delta, as for one neuron.",
            "Multiply the two pairs and add the two products.",
        ),
    ),
    Number(
        name="first_weight",
        equations=("BP2", "BP4", "PS"),
        given=_factors,
        expected=lambda x, slope, w, delta: x * slope * w * delta,
        tolerance=1e-6,
        mistakes={
            lambda x, slope, w, delta: slope * w * delta: "This is delta of the hidden unit. What does w_ij multiply?",
            lambda x, slope, w, delta: x * w * delta: "One link is missing: the activation of the hidden unit.",
            lambda x, slope, w, delta: x * slope * delta: "How does a_j reach z of the output? That link is missing.",
            lambda x, slope, w, delta: (
                w * delta
            ): "Two links are missing, those through z_j: the input and the activation.",
            lambda x, slope, w, delta: (
                x * delta
            ): "Two links are missing, those through a_j: the activation and the next weight.",
            lambda x, slope, w, delta: slope * delta: "Two links are missing: the input, and the weight to the output.",
            lambda x, slope, w, delta: (
                x * slope * w
            ): "How does the loss change with z of the output? That link is missing.",
            lambda x, slope, w, delta: x + slope + w + delta: "Along one path, factors multiply.",
            lambda x, slope, w, delta: -x * slope * w * delta: "The size is right, the sign is not.",
        },
        hints=(
            "Walk from the weight to the loss and name every link.",
            "w_ij changes z_j, which changes a_j, which changes z of the output, which changes C.",
            "The four links are x_i, f'(z_j), the weight from unit j to the output, and delta. Multiply them.",
        ),
    ),
    Number(
        name="paths",
        equations=("PS",),
        given=_sizes,
        expected=lambda n_0, n_1, n_2, n_3: n_2 * n_3,
        tolerance=1e-9,
        mistakes={
            lambda n_0, n_1, n_2, n_3: n_1 * n_2 * n_3: "The weight leads to one unit of layer 1, not to all of them.",
            lambda n_0, n_1, n_2, n_3: n_0 * n_2 * n_3: "The weight comes from one input, not from all of them.",
            lambda n_0, n_1, n_2, n_3: (
                n_1 * n_2
            ): "The weight leads to one unit of layer 1. From there on, choose in the layers that follow.",
            lambda n_0, n_1, n_2, n_3: n_0 * n_1 * n_2 * n_3: "The path starts at one weight: its ends are fixed.",
            lambda n_0, n_1, n_2, n_3: (
                n_2 + n_3
            ): "For every unit of layer 2, there are all units of layer 3 to choose.",
            lambda n_0, n_1, n_2, n_3: n_2: "Every output unit is in the loss, so every path also chooses one of them.",
            lambda n_0, n_1, n_2, n_3: n_3: "On its way to an output unit, the path chooses a unit of layer 2.",
        },
        hints=(
            "Draw the network with a pencil and put a finger on one weight of the first layer.",
            "The weight ends in one unit of layer 1. From there, where can the path go?",
            "It chooses one unit of layer 2, and then one of layer 3. Multiply the two numbers of choices.",
        ),
    ),
    Array(
        name="shapes",
        equations=("BP2", "BP4"),
        given=_sizes,
        expected=lambda m, n_0, n_1, n_2: [m, n_1, n_1, n_2, n_2],
        tolerance=1e-9,
        mistakes={
            lambda m, n_0, n_1, n_2: [n_1, m, n_1, n_2, n_2]: "Rows are examples: delta has m rows.",
            lambda m, n_0, n_1, n_2: [m, n_1, n_2, n_1, n_2]: "dW has the shape of W: from layer 1, to layer 2.",
            lambda m, n_0, n_1, n_2: [n_1, m, n_2, n_1, n_2]: "W has a row for each unit it comes from.",
            lambda m, n_0, n_1, n_2: [
                m,
                n_2,
                n_1,
                n_2,
                n_2,
            ]: "Delta of layer 1 has a column for each unit of layer 1.",
            lambda m, n_0, n_1, n_2: [
                m,
                n_0,
                n_1,
                n_2,
                n_2,
            ]: "Delta belongs to the units of layer 1, not to inputs.",
            lambda m, n_0, n_1, n_2: [m, n_1, n_1, n_2, m]: "All examples share a bias: db has no axis of examples.",
        },
        hints=(
            "A gradient has the shape of what it is the gradient of.",
            "delta of layer 1 has the shape of z of layer 1: one row for each example.",
            "W of layer 2 leads from the n_1 units of layer 1 to the n_2 units of layer 2; b has one entry a unit.",
        ),
    ),
    Choice(
        name="why_transposed",
        equations=("BP2",),
        right="c",
        options={
            "a": "The shapes do fit then, but they would also fit for many wrong formulas. What is summed over?",
            "b": "The inverse would undo the layer. Derivatives are not undone, they are multiplied.",
            "c": "Right: forward adds over the layer before, backward over the next layer. The indices change places.",
            "d": "Were it the notation, the way forward would have it too: only one of the two ways is transposed.",
        },
        hints=(
            "Write (BP2) with indices, for one unit j of layer l.",
            "The sum runs over k, the units of layer l+1, with w_jk in it.",
            "Forward, z_k sums over j. Backward, unit j sums over k. The same matrix, read the other way.",
        ),
    ),
    Choice(
        name="where_is_the_mean",
        equations=("BP1", "BP3"),
        right="a",
        options={
            "a": "Right: it enters once, with dC/da of the mean loss, and every later line only adds.",
            "b": "Then db would be divided by m twice, for delta has brought one 1/m along.",
            "c": "An average in every layer divides by m again and again: with two layers, m squared.",
            "d": "Other books do it so. In this book C is the mean; look at dC/da of the mean loss.",
        },
        hints=(
            "Which function is differentiated: the sum of the examples' losses, or their mean?",
            "Look at what `loss.gradient` returns for m examples.",
            "If dC/da has the 1/m, delta of the output has it, and so has everything made from it.",
        ),
    ),
    Choice(
        name="what_is_kept",
        equations=("BP2", "BP4"),
        right="d",
        options={
            "a": "(BP2) and (BP4) need more than the output. Which quantities stand in them?",
            "b": "(BP4) takes a of the layer before. It could be computed again from z; bpbook keeps it.",
            "c": "(BP2) takes f' at z. From a ReLU's a it can be told, but not from every activation's.",
            "d": "Right: z for the derivatives, a for the weight gradients. That memory is the price of one pass back.",
        },
        hints=(
            "Read (BP1) to (BP4) and underline what feedforward has computed.",
            "f_l'(z^l) stands in (BP2); which quantity stands in (BP4)?",
            "Look at the fields of `bp.Cache`.",
        ),
    ),
    Expression(
        name="tanh_prime",
        equations=("BP2",),
        expected="1 - a**2",
        variables={"a": (-0.9, 0.9)},
        mistakes={
            "a * (1 - a)": "That is the sigmoid's derivative. Does it fit at z = 0, where tanh has the slope 1?",
            "a**2": "That is what is taken away. At z = 0, where a = 0, tanh has the slope 1.",
            "1 - a": "Nearly: try z = 0.5, and compare with a nudge.",
            "1 + a**2": "Its slope is largest at z = 0, where a = 0. Does yours fall from there?",
            "1 - tanh(a)**2": "That formula takes z. In a, the tanh has been applied already.",
            "1 / cosh(a)**2": "That formula takes z. In a, the tanh has been applied already.",
        },
        ratios={-1.0: "The size is right, the sign is not: tanh rises everywhere."},
        hints=(
            "Write tanh as a quotient of exponentials, and use the quotient rule.",
            "With s = sinh and c = cosh: (s/c)' = (c c - s s)/c².",
            "Divide: one, minus the square of s/c. And s/c is a.",
        ),
    ),
    Expression(
        name="cancelled",
        equations=("CE", "BP1"),
        expected="a - y",
        variables={"a": (0.05, 0.95), "y": (0.05, 0.95)},
        most=6,
        mistakes={
            "(a - y) * a * (1 - a)": "That is delta with the squared error. Here a(1 - a) cancels against something.",
            "(a - y) / (a * (1 - a))": "That is dC/da. Delta is dC/dz: multiply by sigma'(z), in a.",
            "-y / a": "Both terms of the loss depend on a. This is the first one's derivative.",
            "-y / a + (1 - y) / (1 - a)": "That is dC/da. Delta is dC/dz: multiply by sigma'(z), in a.",
            "-y * (1 - a)": "Both terms of the loss depend on a. This is the first one's share.",
            "a * (1 - a)": "That is sigma'(z) alone. It cancels against something in dC/da.",
            "(1 - y) * a": "Both terms of the loss depend on a. This is the second one's share.",
        },
        ratios={-1.0: "The size is right, the sign is not: where a is too large, a smaller z makes the loss smaller."},
        hints=(
            "Differentiate C = -y ln a - (1 - y) ln(1 - a) with respect to a first.",
            "dC/da = -y/a + (1 - y)/(1 - a). Bring it to one denominator.",
            "Multiply by sigma'(z) = a(1 - a), which is just that denominator.",
        ),
    ),
    Function(
        name="output_delta",
        points=2,
        equations=("BP1",),
        arguments=_z_and_y,
        special=(_far_z_and_y, lambda rng: _z_and_y(rng, (1, 3)), lambda rng: _z_and_y(rng, (3, 1))),
        reference=_output_delta,
        mistakes=bugs_equations.output_delta(sigmoid, squared_error),
        sloped=(sigmoid, lambda slope, z, y: squared_error.gradient(sigmoid(z), y) * slope(z)),
        quantities=lambda z, y: {"the batch size": len(z), "the number of output units": z.shape[1]},
        hints=(
            "(BP1): dC/da times f'(z), entry by entry.",
            "Find a = sigma(z) first; `bp.activations.sigmoid` is there. dC/da of the mean loss is (a - y)/m.",
            "Multiply (a - y) by a(1 - a), with `*`, and divide by the number of rows.",
        ),
    ),
    Function(
        name="hidden_delta",
        points=2,
        equations=("BP2",),
        arguments=_delta_above,
        special=(
            lambda rng: _delta_above(rng, (4, 4, 4, 4)),
            lambda rng: _delta_above(rng, (1, 3, 4, 2)),
            lambda rng: _delta_above(rng, (2, 2, 3, 1)),
            _far_z_below,
        ),
        reference=lambda delta, W, z: (delta @ W.T) * tanh.prime(z),
        mistakes=bugs_equations.hidden_delta(tanh),
        sloped=(tanh, lambda slope, delta, W, z: (delta @ W.T) * slope(z)),
        quantities=lambda delta, W, z: {"the batch size": len(z), "the width of the next layer": W.shape[1]},
        hints=(
            "(BP2): back through the weights, then through the activation.",
            "delta has shape (m, n_next) and W has (n, n_next). Which product gives (m, n)?",
            "Through the weights: `delta @ W.T`. Then times tanh'(z), entry by entry; tanh' is 1 minus tanh squared.",
        ),
    ),
    Function(
        name="weight_gradient",
        equations=("BP4",),
        arguments=_a_and_delta,
        special=(lambda rng: _a_and_delta(rng, (4, 4, 4, 4)), lambda rng: _a_and_delta(rng, (1, 3, 4, 2))),
        reference=lambda a, delta: a.T @ delta,
        mistakes=bugs_equations.weight_gradient(),
        quantities=lambda a, delta: {"the batch size": len(a), "the number of units": delta.shape[1]},
        hints=(
            "dC/dw_ij is the sum over the examples of a_i times delta_j.",
            "a is (m, n_in), delta is (m, n_out), and dW must be (n_in, n_out): which axis is summed away?",
            "Turn a on its side, so that its examples meet delta's, and take the matrix product.",
        ),
    ),
    Function(
        name="bias_gradient",
        equations=("BP3",),
        arguments=lambda rng: (_a_and_delta(rng)[1],),
        special=(
            lambda rng: (_a_and_delta(rng, (4, 4, 4, 4))[1],),
            lambda rng: (_a_and_delta(rng, (1, 3, 4, 2))[1],),
        ),
        reference=lambda delta: delta.sum(axis=0),
        mistakes=bugs_equations.bias_gradient(),
        quantities=lambda delta: {"the batch size": len(delta)},
        hints=(
            "All examples share the bias, so each example adds its share.",
            "The result has one entry for each unit: the rows of delta are added.",
            "`sum` with the axis of the examples, which is axis 0.",
        ),
    ),
    Function(
        name="decayed_gradient",
        equations=("BP4",),
        arguments=_decaying,
        special=(lambda rng: _decaying(rng, (4, 4, 4, 4)),),
        reference=lambda a, delta, W, lmbda: a.T @ delta + lmbda * W,
        mistakes=bugs_equations.decayed(),
        quantities=lambda a, delta, W, lmbda: {"the batch size": len(a)},
        hints=(
            "The loss has one more term: lambda/2 times the sum of the squared weights.",
            "Its derivative with respect to one weight is lambda times that weight.",
            "Take (BP4) as before, and add lambda times W.",
        ),
    ),
    Function(
        name="softmax_delta",
        points=2,
        equations=("SM", "SCE"),
        arguments=_logits,
        special=(_huge_logits, _uneven_logits, _square_logits),
        reference=lambda z, y: softmax_cross_entropy.gradient(z, y),
        mistakes=bugs_equations.softmax_delta(),
        quantities=lambda z, y: {"the batch size": len(z), "the number of classes": z.shape[1]},
        hints=(
            "(SCE): what was said, minus what should be said, over m.",
            "Softmax first, row by row. Before the exponential, subtract each row's largest logit, for safety.",
            "`z.max(axis=1, keepdims=True)` keeps the shape; then subtract 1 from p at each row's class, divide by m.",
        ),
    ),
    Gradient(
        name="two_layers",
        points=4,
        equations=("FF", "BP1", "BP2", "BP3", "BP4"),
        arguments=_two_layer_data,
        special=(
            lambda rng: _two_layer_data(rng, (4, 4, 4, 4)),
            lambda rng: _two_layer_data(rng, (1, 3, 4, 2)),
            _large,
        ),
        reference=_two_layers,
        returns=("dW1", "db1", "dW2", "db2"),
        loss=_two_layer_loss,
        wrt=(2, 3, 4, 5),
        steep=_steep,
        large=_cancelling,
        probes=3,
        mistakes=bugs_network.twins(_net, _taken),
        pairs=bugs_pairs.finder(_net, _taken),
        quantities=_counts,
        hints=(
            "Two lines forward for each layer, (FF). Keep z1, a1, z2, a2.",
            "delta2 by (BP1), from it delta1 by (BP2). You have written both in the exercises before this one.",
            "Each delta gives its db by (BP3) and its dW by (BP4), with lmbda times W added to dW only.",
        ),
    ),
]


def _sigma(z: float) -> Any:
    return 1 / (1 + np.exp(-z))
