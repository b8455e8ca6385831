"""The four equations with numbers, and the paths and shapes in them."""

from typing import Any

import numpy as np

from ...kinds import Array, Number

Arrays = tuple[Any, ...]


def _out(rng: np.random.Generator) -> tuple[float, float]:
    return round(float(rng.uniform(0.4, 1.5) * rng.choice([-1, 1])), 1), float(rng.choice([0.1, 0.3, 0.8, 1.0]))


def _delta_out(z: float, y: float, m: int = 2, slope: bool = True) -> Any:
    a = 1 / (1 + np.exp(-z))
    return (a - y) * (a * (1 - a) if slope else 1) / m


def _hidden(rng: np.random.Generator) -> Arrays:
    awake = int(rng.integers(0, 2))
    z = np.array([-1.0, -1.0])
    z[awake] = 1.0
    size = rng.choice(np.arange(3, 16), size=2, replace=False)
    delta = float(rng.choice([-0.12, -0.08, 0.08, 0.16, 0.24]))
    w = rng.choice(np.arange(2, 9), size=2, replace=False) * rng.choice([-0.25, 0.25], 2)
    w[awake] = np.copysign(w[awake], -delta)  # the ReLU of what came back would be 0
    return delta, w, z * size / 4


def _two_examples(rng: np.random.Generator) -> Arrays:
    a = rng.choice(np.arange(2, 9), size=2, replace=False) / 2
    return a, rng.choice(np.arange(2, 9), size=2, replace=False) * rng.choice([-1, 1], 2) / 20


def _factors(rng: np.random.Generator) -> tuple[float, ...]:
    x, slope, w, delta = rng.choice(np.arange(2, 10), size=4, replace=False)
    return float(x), slope / 10, -w / 4, delta / 100


def _sizes(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice(np.arange(3, 10), size=4, replace=False))


def _sigma(z: float) -> Any:
    return 1 / (1 + np.exp(-z))


EXERCISES = [
    Number(
        name="delta_out",
        equations=("BP1",),
        given=_out,
        expected=_delta_out,
        mistakes={
            lambda z, y: _delta_out(
                z, y, m=1
            ): "The loss is a mean over the two examples, so it has a 1/m. Where is yours?",
            lambda z, y: _delta_out(z, y, slope=False): "This is dC/da, but delta is dC/dz, which has one more factor.",
            lambda z, y: _delta_out(z, y, m=1, slope=False): "Two factors are missing here, the 1/m and sigma'(z).",
            lambda z, y: -_delta_out(z, y): "The sign is reversed. You want output minus target.",
            lambda z, y: 2 * _delta_out(z, y, m=1): "The half in the loss has cancelled this 2. And where is the 1/m?",
            lambda z, y: _delta_out(z, y) / 2: "The half in the loss has cancelled already, but you take it once more.",
            lambda z, y: _sigma(z) * (1 - _sigma(z)): "This is sigma'(z) alone. By how much is the output off?",
            lambda z, y: _delta_out(z, y, slope=False) * _sigma(z): "One factor of sigma'(z) is missing.",
            lambda z, y: (
                _delta_out(z, y) * (_sigma(z) - y) / 2
            ): "You used the loss itself where its derivative with respect to a belongs.",
            lambda z, y: (
                _delta_out(z, y, slope=False) * _sigma(_sigma(z)) * (1 - _sigma(_sigma(z)))
            ): "The slope is taken at a. It is a function of z, the value before the activation.",
            lambda z, y: (
                _delta_out(z, y, slope=False) * z * (1 - z)
            ): "The formula a(1 - a) needs a, but you gave it z.",
            lambda z, y: (_sigma(z) - y) ** 2 / 2: "That is the loss of this example. How does it change with z?",
            lambda z, y: (_sigma(z) - y) ** 2 / 4: "That is this example's share of the loss. How does it change "
            "with z?",
            lambda z, y: (z - y) * _delta_out(z, y) / ((_sigma(z) - y) or 1): "It is a that is compared with y, not z.",
        },
        hints=(
            "(BP1) is a product of two derivatives. Which two are they?",
            "First find a = sigma(z). Then dC/da is (a - y)/m, because the loss is a mean over m = 2 examples.",
            "Multiply (a - y)/2 by sigma'(z), which is a(1 - a).",
        ),
    ),
    Array(
        name="delta_hidden",
        names=("that of unit 0", "that of unit 1"),
        equations=("BP2",),
        given=_hidden,
        expected=lambda delta, w, z: delta * w * (z > 0),
        mistakes={
            lambda delta, w, z: (
                delta * w
            ): "This is dC/da for both units, but one of them was switched off. Look at its z.",
            lambda delta, w, z: delta * w * z: "The derivative of the ReLU is 1 or 0, however large z is.",
            lambda delta, w, z: (
                delta * w * np.maximum(z, 0)
            ): "You multiplied by the ReLU, but you need its derivative.",
            lambda delta, w, z: np.maximum(
                delta * w, 0
            ): "That is the ReLU of what came back. But it is the derivative of "
            "the ReLU at z that decides, and what passes may be negative.",
            lambda delta, w, z: delta * (z > 0): "The weights are missing. What came back through them?",
            lambda delta, w, z: -delta * w * (z > 0): "The sign is reversed, although nothing but the weights can turn "
            "it on the way back.",
            lambda delta, w, z: w * (z > 0): "Delta of the output is missing. What is it that comes back through the "
            "weights?",
            lambda delta, w, z: delta * w * (z > 0) / 2: "Nothing is divided on the way back, because the 1/m is in "
            "delta_0 already.",
            lambda delta, w, z: delta * w * (z < 0): "Your gate is reversed. Which of the two units was switched on?",
        },
        hints=(
            "(BP2) sends the output's delta back through the weights, and then through the activation function.",
            "Unit j gets delta times its weight w_j. Then comes ReLU'(z_j).",
            "ReLU'(z) is 1 where z is positive and 0 elsewhere, so one of your two entries is 0.",
        ),
    ),
    Number(
        name="one_dw",
        equations=("BP4",),
        given=_two_examples,
        expected=lambda a, delta: (a * delta).sum(),
        tolerance=1e-6,
        mistakes={
            lambda a, delta: (a * delta).mean(): "The mean is already in delta, so the shares of the examples add up.",
            lambda a, delta: a.sum() * delta.sum(): "Multiply within each example first, and add afterwards.",
            lambda a, delta: (
                a[0] * delta[1] + a[1] * delta[0]
            ): "Each a was multiplied by the delta of the other example.",
            lambda a, delta: -(a * delta).sum(): "The size is right, but the sign is not. The minus of descent comes "
            "later, in the update.",
            lambda a, delta: a.sum(): "Delta is missing: how much does the loss change with z?",
            lambda a, delta: a[0] * delta[0]: "This is the first example's share, but the other example has one too.",
            lambda a, delta: a[1] * delta[1]: "This is the second example's share, but the first example has one too.",
            lambda a, delta: (
                delta.sum()
            ): "This is dC/db, because the activation that the weight multiplies is missing.",
        },
        hints=(
            "Each example contributes its own share to dC/dw. What is that share?",
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
            lambda x, slope, w, delta: (
                x * w * delta
            ): "One link is missing, the activation function of the hidden unit.",
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
            lambda x, slope, w, delta: (
                x + slope + w + delta
            ): "You added the factors, but along one path they multiply.",
            lambda x, slope, w, delta: -x * slope * w * delta: "The size is right, but the sign is not.",
        },
        hints=(
            "Walk from the weight to the loss, and name every link on the way.",
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
            lambda n_0, n_1, n_2, n_3: (
                n_1 * n_2 * n_3
            ): "The weight leads to a single unit of layer 1, not to all of them.",
            lambda n_0, n_1, n_2, n_3: n_0 * n_2 * n_3: "The weight comes from one input, not from all of them.",
            lambda n_0, n_1, n_2, n_3: (
                n_1 * n_2
            ): "The weight leads to one unit of layer 1. From there on, choose in the layers that follow.",
            lambda n_0, n_1, n_2, n_3: (
                n_0 * n_1 * n_2 * n_3
            ): "Every path starts with the same weight, so both ends of that weight are fixed.",
            lambda n_0, n_1, n_2, n_3: n_2 + n_3: "For every unit of layer 2, you can choose any unit of layer 3.",
            lambda n_0, n_1, n_2, n_3: (
                n_2
            ): "Every output unit is in the loss, so each path also has to choose one of them.",
            lambda n_0, n_1, n_2, n_3: n_3: "On its way to an output unit, the path chooses a unit of layer 2.",
        },
        hints=(
            "Draw the network with a pencil, and put a finger on one weight of the first layer.",
            "The weight ends in one unit of layer 1. From there, where can the path go?",
            "It chooses one unit of layer 2 and then one of layer 3, so multiply the two numbers of choices.",
        ),
    ),
    Array(
        name="shapes",
        names=(
            "the number of rows of delta of layer 1",
            "the number of columns of delta of layer 1",
            "the number of rows of dW",
            "the number of columns of dW",
            "the length of db",
        ),
        equations=("BP2", "BP4"),
        given=_sizes,
        expected=lambda m, n_0, n_1, n_2: [m, n_1, n_1, n_2, n_2],
        tolerance=1e-9,
        mistakes={
            lambda m, n_0, n_1, n_2: [n_1, m, n_1, n_2, n_2]: "Rows are examples, so delta has m rows.",
            lambda m, n_0, n_1, n_2: [m, n_1, n_2, n_1, n_2]: "dW has the shape of W, from layer 1 to layer 2.",
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
            lambda m, n_0, n_1, n_2: [m, n_1, n_0, n_1, n_1]: "Those are dW and db of layer 1. You want those of "
            "layer 2.",
            lambda m, n_0, n_1, n_2: [m, n_1, n_1, n_2, m]: "All examples share a bias, so db has no axis of examples.",
        },
        hints=(
            "A gradient has the shape of what it is the gradient of.",
            "delta of layer 1 has the shape of z of layer 1: one row for each example.",
            "W of layer 2 leads from the n_1 units of layer 1 to the n_2 units of layer 2; b has one entry a unit.",
        ),
    ),
]
