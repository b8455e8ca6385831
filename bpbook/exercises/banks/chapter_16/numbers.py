"""What a number on the screen betrays: a loss at birth, a floor, a second call, a step."""

from typing import Any

import numpy as np

from ...bugs.fields.clinic import CLINIC
from ...kinds import Array, Choice, Expression, Number


def _first_loss(rng: np.random.Generator) -> tuple[float, int]:
    k, m = int(rng.integers(3, 40)), int(rng.choice([16, 20, 24, 32, 48, 50, 64, 96, 100, 128]))
    return float(np.round(m * np.log(m * k), 2)), k


def _batch(first: float, k: int) -> float:
    """Return the m whose m examples cost ln(mk) each and first together."""
    m = np.arange(1, 1000)
    return float(m[abs(m * np.log(m * k) - first).argmin()])


def _calls(rng: np.random.Generator) -> tuple[float, float, float, int]:
    outer, middle, inner = rng.choice([0.5, 1.5, 2.0, 2.5, 3.0, 5.0, 7.0], 3, replace=False)
    return float(outer), float(middle), float(inner), int(rng.integers(3, 7))


def _step(rng: np.random.Generator) -> tuple[Any, Any, float, float]:
    before, g = rng.normal(size=(2, 3)).round(2), rng.normal(size=(2, 3)).round(2)
    eta, lmbda = float(rng.choice([0.05, 0.1, 0.2, 0.5])), float(rng.choice([0.3, 0.4, 0.6]))
    return before, before - eta * (g - lmbda * before), eta, lmbda


def _settings(rng: np.random.Generator) -> tuple[float, float, int]:
    eta, lmbda = float(rng.choice([0.002, 0.004, 0.005, 0.01])), float(rng.choice([0.04, 0.08, 0.1, 0.2]))
    return eta, lmbda, int(rng.choice([16, 20, 32, 50, 64]))


EXERCISES = [
    Number(
        name="examples_in_batch",
        given=_first_loss,
        expected=_batch,
        mistakes={
            lambda first, k: first / np.log(k): "That would be so if each example had a softmax of its own. Here all "
            "probabilities of the batch share a total of 1.",
            lambda first, k: np.rint(first / np.log(k)): "That many it would be if each example had a softmax of its "
            "own. Here all probabilities of the batch share a total of 1.",
            lambda first, k: first: "That is the loss itself. How many times does it hold the loss of one example?",
            lambda first, k: np.log(_batch(first, k) * k): "That is what one example costs. How often does the loss "
            "hold it?",
            lambda first, k: _batch(first, k) * k: "That is how many probabilities share the 1. How many examples are "
            "that?",
        },
        hints=(
            "With m examples and k classes, how large is each probability if they all share a total of 1?",
            "Each is 1/(mk), so one example costs ln(mk), and there are m of them.",
            "No formula solves m ln(mk) = first for m. Try all m in a loop, and take the one that comes closest.",
        ),
    ),
    Expression(
        name="floor_of_tanh",
        points=2,
        expected="log(1 + (k - 1) * exp(-2))",
        variables={"k": (3.0, 20.0)},
        mistakes={
            "log(1 + (k - 1) * exp(-1))": "That is for logits from 0 to 1. A tanh reaches down to -1 as well.",
            "log(1 + (k - 1) * exp(2))": "Here the right class has the lowest logit, and all the others the highest.",
            "log(k)": "That is hedging. The network can do better than that, even with logits from -1 to 1.",
            "log(1 + k * exp(-2))": "There are k - 1 other classes.",
            "1 / (1 + (k - 1) * exp(-2))": "This is the probability of the right class; the loss is minus its log.",
            "log(1 + exp(-2))": "That is for two classes. How many others are there?",
        },
        hints=(
            "Which logits would the network choose if it could choose freely between -1 and 1?",
            "The right class gets 1, and every other class gets -1. What is the probability of the right one?",
            "It is e over e plus k - 1 times 1/e. Take minus the logarithm, and divide numerator and denominator by e.",
        ),
    ),
    Number(
        name="after_several_calls",
        given=_calls,
        expected=lambda outer, middle, inner, calls: outer * middle * inner * calls * (calls + 1) * (calls + 2) / 6,
        mistakes={
            lambda outer, middle, inner, calls: outer * middle * inner: "That is what the first call gives.",
            lambda outer, middle, inner, calls: outer * middle * inner * calls: "That would be so if only the leaf "
            "kept what it was given. The nodes between keep their own too, and hand on more with every call.",
            lambda outer, middle, inner, calls: outer * middle * inner * calls * (calls + 1) / 2: "That would be so "
            "with one node in between. Here there are two, and each keeps what it was given.",
            lambda outer, middle, inner, calls: outer * middle * inner * calls**3: "The node next to the output grows "
            "by the same amount with each call. Add up what is handed on, call by call.",
            lambda outer, middle, inner, calls: outer * middle * inner * 2.0 ** (calls - 1): "It does not double: the "
            "node next to the output grows by the same amount with each call.",
            lambda outer, middle, inner, calls: (
                outer * middle * inner * (calls - 1) * calls * (calls + 1) / 6
            ): "One call is missing.",
            lambda outer, middle, inner, calls: (
                (outer + middle + inner) * calls * (calls + 1) * (calls + 2) / 6
            ): "Along a chain, slopes multiply.",
        },
        hints=(
            "Make a table: after each call, what does each of the two nodes hold, and what has the leaf been given?",
            "After call number n, the node next to the output holds n times the outer slope. All of it is handed on.",
            "Write a loop over the calls with three numbers that grow, one for each node and one for the leaf.",
        ),
    ),
    Array(
        name="gradient_of_step",
        points=2,
        equations=("GD",),
        given=_step,
        expected=lambda before, after, eta, lmbda: (before - after) / eta + lmbda * before,
        mistakes={
            lambda before, after, eta, lmbda: (before - after) / eta - lmbda * before: CLINIC["decay as it should be"],
            lambda before, after, eta, lmbda: (after - before) / eta + lmbda * before: CLINIC["step backwards"],
            lambda before, after, eta, lmbda: (after - before) / eta - lmbda * before: CLINIC["everything backwards"],
            lambda before, after, eta, lmbda: (before - after) / eta: CLINIC["decay left in"],
            lambda before, after, eta, lmbda: (before - after) / eta + lmbda * after: CLINIC[
                "decay of the weights after"
            ],
            lambda before, after, eta, lmbda: (before - after) * eta + lmbda * before: CLINIC["eta multiplied"],
            lambda before, after, eta, lmbda: (before - after + lmbda * before) / eta: CLINIC["decay divided"],
        },
        hints=(
            "Write down the step of the sick program: after = before - eta times something. What is the something?",
            "It is the gradient of the loss minus lambda times the weights before the step.",
            "Divide the difference by eta. What the sick decay took away has to be added again.",
        ),
    ),
    Choice(
        name="caught_by_another_loss",
        right="c",
        options={
            "a": "A loss starts from what `forward` has computed. Yours too takes the ReLU at the end for a part of "
            "the network, so it agrees with the old loss, and with `backward`.",
            "b": "Its loss and its gradient are right. What goes wrong comes after them, in the step.",
            "c": "Right. `backward` belongs to a loss with two softmaxes, and yours has one. The same check would "
            "catch the flat line and the larger batch, whose losses are not the ones that were meant either.",
            "d": "It has the right loss of the wrong pairs. Yours is computed from the same x and y, so it is equal.",
        },
        hints=(
            "The check compares `backward` with differences of a loss. What would you have to write differently from "
            "the owner, so that the two disagree?",
            "Go through the four: is the mistake in the data, the network, the loss or the step?",
            "You can try it: examine `clinic.mended(patient.sick, loss=patient.cured.loss)`.",
        ),
    ),
    Array(
        name="same_steps",
        given=_settings,
        tolerance=1e-6,  # relative to the learning rate, beside which the decay is small
        expected=lambda eta, lmbda, m: np.array([eta * m, lmbda / m]),
        names=("the learning rate", "the weight decay"),
        mistakes={
            lambda eta, lmbda, m: np.array([eta * m, lmbda]): "The gradient's share is what it was. But eta multiplies "
            "the decay, too, and eta has become larger.",
            lambda eta, lmbda, m: np.array([eta * m, lmbda * m]): "The decay goes the wrong way: its share of the step "
            "is eta times lambda, and eta has become larger already.",
            lambda eta, lmbda, m: np.array([eta / m, lmbda * m]): "The wrong way round. The gradient of the mean is "
            "shorter than that of the sum, so what has to become of eta?",
            lambda eta, lmbda, m: np.array([eta, lmbda / m]): "The step has the right direction now, but its length is "
            "wrong: it is m times too short.",
            lambda eta, lmbda, m: np.array([eta, lmbda]): "With the old settings the gradient's share of each step is "
            "m times smaller than it was.",
            lambda eta, lmbda, m: np.array([eta / m, lmbda]): "The gradient of the mean is shorter than that of the "
            "sum, and a smaller learning rate shortens the step once more.",
        },
        hints=(
            "Write the step down twice, with the gradient of the sum and with that of the mean, g/m.",
            "Two products have to stay what they were: that which multiplies g, and that which multiplies W.",
            "The first gives you the new learning rate. Put it into the second, eta times lambda.",
        ),
    ),
]
