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
        name="what_a_checker_shares",
        right="b",
        options={
            "a": "Its gradient is exact: it is that of the loss which the program computes. Differences of that loss "
            "agree with it.",
            "b": "Right. It compares the backward pass with the loss, and both belong to the same wrong problem. The "
            "step or the labels may be wrong as well: the check sees neither.",
            "c": "The biases are checked like the weights, and they are right too.",
            "d": "Kinks are left out one entry at a time. They do not hide a whole array.",
        },
        hints=(
            "What are the two things that a gradient check compares?",
            "Suppose both of them belong to another problem than the one you meant.",
            "It is the loss itself that is not what its owner meant, and the gradient follows it faithfully.",
        ),
    ),
    Choice(
        name="better_without_mending",
        right="c",
        options={
            "a": "A gradient check says that the old gradient was wrong, and it does not depend on the seed.",
            "b": "More epochs do not turn a wrong gradient into a right one, and nothing says that time is what lacks.",
            "c": "Right. The learning rate was chosen for the old gradient, of another length. Choose anew, on "
            "examples that are no test, then compare, over several seeds.",
            "d": "The loss of one run is the weakest witness there is: it goes down with most of the faults here.",
        },
        hints=(
            "What else in the program was chosen while it was ill?",
            "The mended gradient is longer or shorter than the old one. Which setting depends on that?",
            "Before you compare, give each program the learning rate that suits it.",
        ),
    ),
]
