"""Sixteen programs, each with one fault that somebody published."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import faults
from .program import PARTS, Program, one_hot_digits, program, train

__all__ = ["PATIENTS", "THREE", "Patient"]


@dataclass(frozen=True)
class Patient:
    """A program that is ill, and what is known of it.

    Attributes
    ----------
    complaint : str
        What the owner saw, in our words.
    words : str
        What is wrong, for those who have made a diagnosis.
    threads : tuple of str
        Where it was published: "owner/repository#number".
    sick, cured : Program
        With the fault, and without it: the part that is ill exchanged, now and then two, and with another learning
        rate where the one of the sick program suits no healthy one.
    mistake, place : str
        The diagnosis: the name of the mistake, and the first array that is wrong because of it.
    """

    complaint: str
    words: str
    threads: tuple[str, ...]
    sick: Program
    cured: Program
    mistake: str
    place: str

    @property
    def part(self) -> str:
        """Which part of the program is ill; the first, where a fault needs two."""
        return next(name for name in PARTS if getattr(self.sick, name) is not getattr(self.cured, name))

    def angle(self, seed: int = 0, epochs: int = 0) -> float:
        """Return how many degrees the sick gradient is off, at the weights that the sick program has reached.

        >>> patient = PATIENTS["the first test"]
        >>> patient.angle() < 4 < 60 < patient.angle(epochs=7)
        True
        """
        params, data = train(self.sick, seed, epochs=epochs).params, self.sick.load()
        flat = []
        for box in (self.cured, self.sick):  # in this order: the sick one may change the weights
            box.fresh()
            grads = box.backward(params, box.forward(params, data.x), data.y)
            flat.append(np.concatenate([array.ravel() for array in (*grads.dW[1:], *grads.db[1:])]))
        right, wrong = (g / np.linalg.norm(g) for g in flat)
        return float(np.degrees(np.arccos(np.clip(right @ wrong, -1, 1))))

    def __repr__(self) -> str:
        return f"<patient from {self.threads[0]}>"


def _patient(
    complaint: str, words: str, threads: str, cured: Program, diagnosis: tuple[str, str], **sick: Any
) -> Patient:
    return Patient(complaint, words, tuple(threads.split()), replace(cured, **sick), cured, *diagnosis)


def _beginnings() -> dict[str, Patient]:
    """The first five: a slope, a mask, an activation, an order, a memory overwritten."""
    reader = program()
    early = program((64, 16, 10), "sigmoid", "squared_error", output="sigmoid", eta=3.0, epochs=30)
    early = replace(early, load=one_hot_digits)
    sigmoids = program((64, 16, 10), "sigmoid", eta=1.0)
    dropout = faults.Dropout()
    drop = replace(program((64, 32, 10)), forward=dropout.forward, backward=dropout.backward, fresh=dropout.fresh)
    return {
        "the derivative": _patient(
            "A reader of a book finds that the derivative of its ReLU seems to do nothing, and changes the program.",
            "The slope is taken from what came out of the ReLU, with >=. Nothing that comes out is below 0, so the "
            "gate is open for everybody.",
            "iamtrask/Grokking-Deep-Learning#9 iamtrask/Grokking-Deep-Learning#13",
            reader,
            ("gate open", "delta[1]"),
            backward=faults.open_gate,
        ),
        "the wrapper": _patient(
            "A beginner reads the dropout of a NumPy library and misses something on the way back.",
            "The scale is applied on the way back and the mask is not, so silenced units get a share of the blame.",
            "ddbourgin/numpy-ml#94",
            drop,
            ("dropout mask missing", "delta[1]"),
            backward=dropout.without_mask,
        ),
        "the talk": _patient(
            "A viewer types a conference talk in, step by step. The talk ends above 99 %, the copy does not pass 65 %.",
            "The last layer has a ReLU too. A logit cannot be negative, and an output that is 0 for every example has "
            "no slope to recover by.",
            "martinwicke/tf-dev-summit-tensorboard-tutorial#3",
            program(eta=0.1),
            ("ReLU on the output", "a[2]"),
            start=faults.relu_at_the_end,
        ),
        "the beginner": _patient(
            "A beginner asks when the weights are to be updated, because doing it as other books say came out worse.",
            "The last layer takes its step before delta is sent back through it.",
            "joelgrus/data-science-from-scratch#31 CodingTrain/Toy-Neural-Network-JS#72",
            early,
            ("updated too early", "delta[1]"),
            backward=faults.too_early(early.eta),
            update=faults.first_layer_only,
        ),
        "the first test": _patient(
            "A large library gets unit tests for its backward pass, and three faults come out at once. This is one.",
            "The activation is computed in place, so z is gone before the way back needs it.",
            "deeplearning4j/deeplearning4j#364",
            sigmoids,
            ("z overwritten", "z[1]"),
            forward=faults.overwriting,
        ),
    }


def _shapes() -> dict[str, Patient]:
    """The next five: a transpose, a difference of shapes, a state that is kept, two axes."""
    reader = program()
    deep = program((64, 16, 16, 10), "tanh")
    line = program((2, 1), loss="squared_error", load=faults.line_data, epochs=30)
    line = replace(line, loss=faults.own_target, backward=faults.own_target_back)
    memory = faults.Accumulating()
    rows = replace(reader, forward=faults.softmax_by_rows, loss=faults.log_of_own, backward=faults.from_probabilities)
    return {
        "the student": _patient(
            "A student loses an hour and a half to the last example of a chapter.",
            "The outer product is formed the wrong way round. Where a layer is square, the shape fits all the same.",
            "iamtrask/Grokking-Deep-Learning#22 iamtrask/Grokking-Deep-Learning#23 iamtrask/Grokking-Deep-Learning#71",
            deep,
            ("dW transposed", "dW[2]"),
            backward=faults.turned,
        ),
        "the flat line": _patient(
            "The easiest problem of all, a plane through a cloud of points, and the loss settles far too high.",
            "Targets of shape (m,) are subtracted from outputs of shape (m, 1), which makes m times m differences.",
            "pytorch/pytorch#16045 LAMDA-Tabular/TALENT#92",
            line,
            ("all against all", "y"),
            loss=faults.every_pair,
            backward=faults.every_pair_back,
        ),
        "the second call": _patient(
            "Calling backward a second time gives 3 where it gave 1, and not even 2.",
            "What the hidden layer was blamed for is kept, and the next call adds to it.",
            "karpathy/micrograd#53 karpathy/micrograd#102",
            reader,
            ("not reset", "delta[1]"),
            backward=memory.backward,
            fresh=memory.fresh,
        ),
        "equal biases": _patient(
            "A course trains a softmax layer to 85.8 %. All three of its biases print as -1.2020e-08.",
            "All of delta is added up to one number, which is handed to every bias.",
            "rasbt/stat453-deep-learning-ss21#5",
            program((64, 10)),
            ("db one sum", "db[1]"),
            backward=faults.one_sum,
        ),
        "the division": _patient(
            "Somebody reads one line of a softmax and asks whether it is right.",
            "The exponentials are divided by the sum over the whole batch, and not by that of their own row.",
            "rickwierenga/MLFundamentals#1",
            rows,
            ("softmax over all", "p"),
            forward=faults.softmax_over_all,
        ),
    }


def _numbers() -> dict[str, Patient]:
    """The last six: two signs, two scales, a softmax too many, two orders."""
    reader = program()
    sigmoids = program((64, 16, 10), "sigmoid", eta=1.0)
    return {
        "the framework": _patient(
            "A user reads the weight decay of a framework and thinks that it does the opposite.",
            "The decay is subtracted from the gradient, which is subtracted from the weights: they grow.",
            "chainer/chainer#261 andersbll/deeppy#17 andersbll/nnet#4",
            program(lmbda=0.02, epochs=30),
            ("decay sign", "W"),
            update=faults.growing,
        ),
        "the kernels": _patient(
            "A reader who follows the examples of a book strictly is gently surprised by one sign.",
            "The first layer's step has the other sign: it climbs while the last layer descends.",
            "iamtrask/Grokking-Deep-Learning#65 iamtrask/Grokking-Deep-Learning#55",
            program(hidden="tanh", eta=0.1),
            ("step uphill", "W[1]"),
            update=faults.uphill_below,
        ),
        "the larger batch": _patient(
            "A documentation notebook works for batches of 128 with its small learning rate, and not for larger ones.",
            "The losses of the examples are added up and not averaged, so the gradient grows with the batch.",
            "jax-ml/jax#3113 ageron/handson-ml#73",
            reader,
            ("sum for mean", "C"),
            loss=faults.summed,
            backward=faults.summed_back,
            eta=reader.eta / 32,
        ),
        "white pictures": _patient(
            "A maintainer looks at learned weights in the project's own gallery. All but a few are white.",
            "The pixels come in as 0 to 255. A commit has removed the division.",
            "scikit-learn/scikit-learn#11960 scikit-learn/scikit-learn#11961",
            sigmoids,
            ("inputs not scaled", "x"),
            load=faults.grey_values,
            eta=0.03,
            epochs=30,
        ),
        "the floor": _patient(
            "A loss sticks far above zero and hardly falls from there, though most answers are right.",
            "Probabilities are handed to a loss that takes logits, so the softmax is taken twice.",
            "ariecattan/SciCo#2 tflearn/tflearn#562 nfmcclure/tensorflow_cookbook#86",
            program(eta=0.4, epochs=30),
            ("softmax twice", "p"),
            loss=faults.softmax_before_the_loss,
            backward=faults.softmax_twice_back,
        ),
        "the quiz": _patient(
            "A student passes the quiz of a course with a program that should fail it.",
            "The images are shuffled and their labels are not.",
            "udacity/sdc-issue-reports#1326 DrexelChatbotGroup/DrexelChatbot#15 mlcommons/GaNDLF#870",
            program((64, 32, 10), eta=0.3, epochs=100),
            ("two orders", "x"),
            load=faults.two_orders,
        ),
    }


PATIENTS = _beginnings() | _shapes() | _numbers()
"""The patients of the chapter, by name."""


def _three() -> Program:
    cured = program(eta=0.0005, lmbda=0.02)
    return replace(cured, load=faults.grey_values, backward=faults.open_gate, update=faults.growing)


THREE = _three()
"""A program with three faults of three owners: scale, gate and sign. Its learning rate suits the sick program."""
