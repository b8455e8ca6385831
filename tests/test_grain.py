"""Differences of a part, of the activation or of the loss, are recognised in answers to "derive"; right ones never."""

import importlib

import numpy as np
import pytest

from bpbook.exercises.judging.differences import grained


def exercise(number, name):
    """Return one exercise of a bank."""
    bank = importlib.import_module(f"bpbook.exercises.banks.chapter_{number:02}")
    return next(each for each in bank.EXERCISES if each.name == name)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def central(f, z, h):
    return (f(z + h) - f(z - h)) / (2 * h)


def forward(f, z, h):
    return (f(z + h) - f(z)) / h


def entrywise(loss, z, nudge, h):
    """Differentiate a scalar loss of an array by nudging one entry after the other."""
    found = np.zeros(np.shape(z))
    for place in np.ndindex(found.shape):

        def of(value, place=place):
            moved = np.array(z, float)
            moved[place] = value
            return loss(moved)

        found[place] = nudge(of, np.asarray(z)[place], h)
    return found


def squares(z, y):
    return ((sigma(z) - y) ** 2).sum() / (2 * len(z))


def surprise(z, y):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


def layers(x, y, W1, b1, W2, b2, lmbda, inside=lambda z: 1 - np.tanh(z) ** 2, out=lambda z: sigma(z) * (1 - sigma(z))):
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    delta2 = (sigma(z2) - y) / len(x) * out(z2)
    delta1 = (delta2 @ W2.T) * inside(z1)
    return x.T @ delta1 + lmbda * W1, delta1.sum(axis=0), a1.T @ delta2 + lmbda * W2, delta2.sum(axis=0)


def of_biases(nudge, h):
    def two_layers(x, y, W1, b1, W2, b2, lmbda):
        def loss(b1, b2):
            a2 = sigma(np.tanh(x @ W1 + b1) @ W2 + b2)
            return ((a2 - y) ** 2).sum() / (2 * len(x)) + lmbda / 2 * ((W1**2).sum() + (W2**2).sum())

        dW1, _, dW2, _ = layers(x, y, W1, b1, W2, b2, lmbda)
        db1 = entrywise(lambda b: loss(b, b2), b1, nudge, h)
        return dW1, db1, dW2, entrywise(lambda b: loss(b1, b), b2, nudge, h)

    return two_layers


def entropy(a, y):
    return -y * np.log(a) - (1 - y) * np.log(1 - a)


def back_by_nudges(nudge, h):
    def send_back(x):
        def of_u(u):
            return np.sin(u) * 3 * u

        return nudge(lambda x: of_u(x * x), x, h), nudge(of_u, x * x, h), 3 * x * x, np.sin(x * x)

    return send_back


def deep(slope):
    def gradients(W, b, f, x, y, lmbda):
        L = len(W) - 1
        z, a = [None], [x]
        for l in range(1, L + 1):
            z.append(a[l - 1] @ W[l] + b[l])
            a.append(f[l](z[l]))
        dW, db = [None] * (L + 1), [None] * (L + 1)
        back = (a[L] - y) / len(x)
        for l in range(L, 0, -1):
            delta = back * slope(f[l], z[l], l == L)
            db[l], dW[l] = delta.sum(axis=0), a[l - 1].T @ delta + lmbda * W[l]
            back = delta @ W[l].T
        return dW, db

    return gradients


NUDGES = [
    (central, 2e-4),
    (central, 1e-4),
    (central, 1e-5),
    (central, 1e-6),
    (central, 3e-6),
    (forward, 1e-6),
    (forward, 1e-7),
]
MADE = {
    "output_delta of sigmoid": (4, lambda nudge, h: lambda z, y: (sigma(z) - y) / len(z) * nudge(sigma, z, h)),
    "output_delta of loss": (4, lambda nudge, h: lambda z, y: entrywise(lambda v: squares(v, y), z, nudge, h)),
    "hidden_delta of tanh": (4, lambda nudge, h: lambda delta, W, z: (delta @ W.T) * nudge(np.tanh, z, h)),
    "softmax_delta of loss": (4, lambda nudge, h: lambda z, y: entrywise(lambda v: surprise(v, y), z, nudge, h)),
    "two_layers of tanh": (4, lambda nudge, h: lambda *data: layers(*data, inside=lambda z: nudge(np.tanh, z, h))),
    "two_layers of sigmoid": (4, lambda nudge, h: lambda *data: layers(*data, out=lambda z: nudge(sigma, z, h))),
    "two_layers of biases": (4, of_biases),
    "cross_entropy_delta of loss": (3, lambda nudge, h: lambda z, y: nudge(lambda v: entropy(sigma(v), y), z, h)),
    "cross_entropy_delta by dC/da": (
        3,
        lambda nudge, h: lambda z, y: nudge(lambda a: entropy(a, y), sigma(z), h) * sigma(z) * (1 - sigma(z)),
    ),
    "cross_entropy_delta by da/dz": (
        3,
        lambda nudge, h: lambda z, y: (sigma(z) - y) / (sigma(z) * (1 - sigma(z))) * nudge(sigma, z, h),
    ),
    "send_back of y": (2, back_by_nudges),
    "gradients with f nudged": (5, lambda nudge, h: deep(lambda f, z, last: nudge(f, z, h))),
    "gradients with f nudged inside": (
        5,
        lambda nudge, h: deep(lambda f, z, last: f.prime(z) if last else nudge(f, z, h)),
    ),
    "pixel_gradient of the reading": (
        12,
        lambda nudge, h: lambda x, W, b, v: entrywise(lambda x: v @ sigma(x @ W + b), x, nudge, h),
    ),
    "pixel_gradient of sigmoid": (12, lambda nudge, h: lambda x, W, b, v: W @ (v * nudge(sigma, x @ W + b, h))),
}


@pytest.mark.parametrize(("nudge", "h"), NUDGES)
@pytest.mark.parametrize("name", MADE)
def test_differences_of_a_part_are_recognised(name, nudge, h):
    number, made = MADE[name]
    for seed in range(3):
        verdict = exercise(number, name.split()[0]).judge(made(nudge, h), np.random.default_rng(seed))
        assert (verdict.credit, verdict.mistake) == (0.0, "finite differences"), (seed, verdict)


RIGHT = {
    "output_delta of a formula": lambda z, y: (sigma(z) - y) / len(z) * sigma(z) * (1 - sigma(z)),
    "output_delta in float32": lambda z, y: np.float64(
        (sigma(np.float32(z)) - np.float32(y)) * sigma(np.float32(z)) * (1 - sigma(np.float32(z))) / len(z)
    ),
    "output_delta rounded": lambda z, y: np.round((sigma(z) - y) / len(z) * sigma(z) * (1 - sigma(z)), 12),
    "output_delta by exponentials": lambda z, y: (sigma(z) - y) / len(z) * np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "hidden_delta of a formula": lambda delta, W, z: (delta @ W.T) * (1 - np.tanh(z) ** 2),
    "hidden_delta by cosh": lambda delta, W, z: (delta @ W.T) / np.cosh(z) ** 2,
    "hidden_delta by the complex step": lambda delta, W, z: (delta @ W.T) * np.tanh(z + 1e-30j).imag / 1e-30,
    "two_layers of formulas": layers,
    "gradients of formulas": deep(lambda f, z, last: f.prime(z)),
    "cross_entropy_delta with a guard": lambda z, y: (
        (sigma(z) - y) / (sigma(z) * (1 - sigma(z)) + 1e-12) * sigma(z) * (1 - sigma(z))
    ),
    "pixel_gradient of a formula": lambda x, W, b, v: W @ (v * sigma(x @ W + b) * (1 - sigma(x @ W + b))),
    "pixel_gradient by the complex step": lambda x, W, b, v: W @ (v * sigma(x @ W + b + 1e-30j).imag / 1e-30),
    "cross_entropy_delta of a formula": lambda z, y: sigma(z) - y,
    "send_back of formulas": lambda x: (
        (3 * x * x * np.cos(x * x) + 3 * np.sin(x * x)) * 2 * x,
        3 * x * x * np.cos(x * x) + 3 * np.sin(x * x),
        3 * x * x,
        np.sin(x * x),
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_are_never_called_differences(name):
    number = {"cross_entropy_delta": 3, "send_back": 2, "gradients": 5, "pixel_gradient": 12}.get(name.split()[0], 4)
    ex = exercise(number, name.split()[0])
    for seed in range(25):
        verdict = ex.judge(RIGHT[name], np.random.default_rng(seed))
        assert verdict.mistake != "finite differences", (seed, verdict)
        assert verdict.status == "right" or name.endswith("float32"), (seed, verdict)


def test_the_references_are_never_called_differences():
    for number in (2, 3, 4, 5, 12):
        bank = importlib.import_module(f"bpbook.exercises.banks.chapter_{number:02}")
        for ex in (each for each in bank.EXERCISES if getattr(each, "parts", None)):
            for seed in range(25):
                verdict = ex.judge(lambda *given, ex=ex: ex.reference(*given), np.random.default_rng(seed))
                assert verdict.status == "right", (ex.name, verdict)


def test_grain_is_that_of_a_step_and_not_of_a_type():
    z = np.random.default_rng(0).normal(size=200)
    a = sigma(z)
    assert grained(central(sigma, z, 1e-5), a)
    for slopes in (a * (1 - a), np.float64(np.float32(a * (1 - a))), np.round(a * (1 - a), 9), 1 - np.tanh(z) ** 2):
        assert not grained(slopes, a)
