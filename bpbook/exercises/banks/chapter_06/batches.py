"""Batches: how many there are, which rows are in one, and how much their gradients scatter."""

import math
from typing import Any

import numpy as np

from ...kinds import Function, Mistake, Number


def _epochs(rng: np.random.Generator) -> tuple[int, int, int]:
    batch_size = int(rng.choice([10, 20]))
    return batch_size * int(rng.integers(5, 12)) + 3, batch_size, int(rng.integers(3, 9))


def _shuffled(rng: np.random.Generator) -> tuple[Any, int, int]:
    batch_size = int(rng.integers(4, 7))
    return rng.permutation(4 * batch_size + 2), int(rng.integers(1, 4)), batch_size


def _last(rng: np.random.Generator) -> tuple[Any, int, int]:
    """Draw the last batch, which has two rows."""
    order, _, batch_size = _shuffled(rng)
    return order, 4, batch_size


def _only_batch(rng: np.random.Generator) -> tuple[Any, int, int]:
    """Draw a batch that is larger than all the data."""
    return rng.permutation(5), 0, 7


FILLED = Mistake(
    "last batch filled up",
    "The last batch was filled up with rows that have had their turn, so they count twice. It may be smaller.",
)


EXERCISES = [
    Number(
        name="number_of_steps",
        given=_epochs,
        expected=lambda m, batch_size, epochs: math.ceil(m / batch_size) * epochs,
        tolerance=1e-9,
        mistakes={
            lambda m, batch_size, epochs: (
                m // batch_size * epochs
            ): "A few examples are left over in every epoch. They make a last, smaller batch.",
            lambda m, batch_size, epochs: m / batch_size * epochs: "You cannot take a part of a step. What happens "
            "to the "
            "examples that do not fill a batch?",
            lambda m, batch_size, epochs: math.ceil(
                m * epochs / batch_size
            ): "No batch reaches over the end of an epoch, so round up once in each epoch.",
            lambda m, batch_size, epochs: math.ceil(m / batch_size): "That is one epoch.",
            lambda m, batch_size, epochs: m // batch_size: "That is one epoch, and its last, smaller batch is missing.",
            lambda m, batch_size, epochs: batch_size * epochs: "A batch of many examples is one step. How many batches "
            "has an epoch?",
            lambda m, batch_size, epochs: (
                m * epochs
            ): "That would be one step for each example. A batch takes one step for all of its examples.",
        },
        hints=(
            "How many steps does one epoch take?",
            "It takes one step for each batch, and the last batch of an epoch may be smaller.",
            "Divide the examples by the batch size, round up (with `-(-m // n)`), and multiply by the epochs.",
        ),
    ),
    Function(
        name="rows_of_batch",
        arguments=_shuffled,
        special=(_last, _only_batch),
        reference=lambda order, k, batch_size: order[k * batch_size : (k + 1) * batch_size],
        mistakes={
            lambda order, k, batch_size: order[: len(order) // batch_size * batch_size][
                k * batch_size : (k + 1) * batch_size
            ]: "The rows that do not fill a whole batch are left out. They make a last, smaller batch.",
            lambda order, k, batch_size: np.take(
                order, np.arange(k * batch_size, (k + 1) * batch_size), mode="wrap"
            ): FILLED,
            lambda order, k, batch_size: order[min(k * batch_size, max(len(order) - batch_size, 0)) :][
                :batch_size
            ]: FILLED,
            lambda order, k, batch_size: [
                order[i] for i in range(k * batch_size, (k + 1) * batch_size)
            ]: "The last batch may be smaller, but this counts on as if it were full, past the end of `order`.",
            lambda order, k, batch_size: np.arange(len(order))[
                k * batch_size : (k + 1) * batch_size
            ]: "These rows are neighbours in the file. The shuffled `order` says which rows come next.",
            lambda order, k, batch_size: order[
                (k - 1) * batch_size : k * batch_size
            ]: "This is the batch before. Batches are counted from 0.",
            lambda order, k, batch_size: order[k * batch_size : batch_size]: "A slice goes up to a place. Its second "
            "number is no length.",
            lambda order, k, batch_size: order[k * batch_size : (k + 1) * batch_size + 1]: "That is one row too "
            "many, because a slice "
            "ends before its second number.",
            lambda order, k, batch_size: order[k * batch_size :]: "This goes on to the end. Where does the batch end?",
            lambda order, k, batch_size: order[: (k + 1) * batch_size]: "This begins with batch 0.",
            lambda order, k, batch_size: order[(k + 1) * batch_size : (k + 2) * batch_size]: "This is the batch after. "
            "Batches are counted from 0.",
            lambda order, k, batch_size: order[:batch_size]: "This is batch 0, whatever k is.",
            lambda order, k, batch_size: order[
                k:batch_size
            ]: "A slice goes from place to place: from k batches on, to k + 1 batches.",
            lambda order, k, batch_size: order[k : k + batch_size]: "This starts after k rows, not after k batches.",
            lambda order, k, batch_size: order[k::batch_size]: "This picks single rows, far apart. A batch is a run of "
            "neighbours in `order`.",
            lambda order, k, batch_size: order[k * batch_size : (k + 1) * batch_size - 1]: "The last row is missing, "
            "because a "
            "slice ends before its second number.",
        },
        hints=(
            "Which places of `order` belong to batch 0, and which to batch 1?",
            "Batch k starts after k whole batches.",
            "Take a slice of `order`, from k batches on to k + 1 batches. A slice may reach past the end.",
        ),
    ),
    Number(
        name="batch_for_scatter",
        given=lambda rng: (
            int(rng.choice([8, 12, 20])),
            *map(float, rng.choice([(1.2, 0.4), (1.5, 0.3), (0.8, 0.2)])),
        ),
        expected=lambda B, now, wanted: B * (now / wanted) ** 2,
        tolerance=1e-6,
        mistakes={
            lambda B, now, wanted: B * now / wanted: "That would do if the scatter fell like 1/B. It falls like one "
            "over the root of B.",
            lambda B, now, wanted: B * math.sqrt(now / wanted): "Which of the two goes with the root of the other? "
            "Compare the batches of one and of four in the cell that measures.",
            lambda B, now, wanted: B * wanted / now: "To scatter less, a batch has to be larger.",
            lambda B, now, wanted: (
                (now / wanted) ** 2
            ): "That is how many times as large the batch has to be. How many examples is that?",
            lambda B, now, wanted: B * (wanted / now) ** 2: "The ratio is upside down. A batch that scatters less is "
            "larger.",
        },
        hints=(
            "What does the scatter do when a batch becomes four times as large?",
            "By what factor should the scatter fall? The batch has to grow by more than that.",
            "The scatter goes with one over the root of B, so B goes with one over the square of the scatter.",
        ),
    ),
]
