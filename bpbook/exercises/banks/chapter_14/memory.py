"""What a backward pass holds, where checkpoints should be, and what they cost."""

from typing import Any

import numpy as np

from ...bugs.fields.costs import COSTS
from ...kinds import Expression, Function, Number
from .work import _network

DEPTHS = (36, 40, 48, 60, 72, 80, 84, 90, 96, 120)


def _parameters(n_0: int, n_1: int, n_2: int) -> int:
    return n_0 * n_1 + n_1 + n_1 * n_2 + n_2


def _fits(n_0: int, n_1: int, n_2: int, room: int, gradients: int = 2, arrays: tuple[int, int] = (3, 2)) -> int:
    """Return the largest portion that fits beside so many gradients, with so many arrays inside and at the output."""
    return (room - gradients * _parameters(n_0, n_1, n_2)) // (arrays[0] * n_1 + arrays[1] * n_2)


def _crowded(rng: np.random.Generator) -> tuple[int, int, int, int, int]:
    """Draw a network and a batch that is far too large for the room, which holds 12 to 30 examples and a bit."""
    _, n_0, n_1, n_2 = _network(rng)
    each, fit = 3 * n_1 + 2 * n_2, int(rng.integers(12, 31))
    room = 2 * _parameters(n_0, n_1, n_2) + each * fit + int(rng.integers(1, each))
    m = fit * int(rng.integers(400, 700)) + int(rng.integers(1, fit // 2))  # rounding to the nearest leaves some over
    return m, n_0, n_1, n_2, room


def _divisors(L: int) -> list[int]:
    return [k for k in range(1, L + 1) if L % k == 0]


def _best(L: int, each: int = 3, checkpoints: bool = True, last: bool = False) -> int:
    """Return the interval with the fewest arrays, for so many arrays in each layer of a segment."""
    held = {k: each * k + (L // k - 1 if checkpoints else 0) for k in _divisors(L)}
    fewest = min(held.values())
    equal = [k for k in held if held[k] == fewest]
    return equal[-1 if last else 0]


def _most(L: int) -> int:
    held = {k: 3 * k + L // k - 1 for k in _divisors(L)}
    return max(held, key=lambda k: (held[k], -k))


def _arrays(L: int) -> int:
    return min(3 * k + L // k - 1 for k in _divisors(L))


def _depth(rng: np.random.Generator) -> tuple[int]:
    return (int(rng.choice(DEPTHS)),)


def _tie(rng: np.random.Generator) -> tuple[int]:
    """Give a depth at which two intervals are equally good: 3 * 3 + 36 / 3 = 3 * 4 + 36 / 4."""
    return (36,)


def _twins() -> dict[Any, Any]:
    return {
        (
            lambda L: _best(L, each=1)
        ): "You held one array for each layer of a segment. On the way back each layer needs "
        "its z, its a and its delta.",
        (lambda L: _best(L, each=2)): COSTS["z not made again"],
        (lambda L: _best(L, checkpoints=False)): COSTS["checkpoints not counted"],
        (lambda L: _best(L, last=True)): "Of two intervals that are equally good, the smaller one is asked for.",
        _most: "That is the interval with the most arrays. Take the one with the fewest.",
        _arrays: "That is how many arrays are held. Which interval leads to that?",
        (lambda L: L // _best(L)): "That is the number of segments. How many layers does each of them have?",
        (lambda L: (L / 3) ** 0.5): "That is where the bottom would be if the interval could be any number. It must "
        "divide the number of layers.",
        (
            lambda L: round((L / 3) ** 0.5)
        ): "The interval must divide the number of layers, and a rounded root need not.",
        (
            lambda L: min(_divisors(L), key=lambda k: abs(k - (L / 3) ** 0.5))
        ): "The divisor nearest to the root does not always hold the fewest arrays, as at 99. Count them.",
    }


EXERCISES = [
    Number(
        name="floats_held",
        given=_network,
        tolerance=1e-6,
        expected=lambda m, n_0, n_1, n_2: m * (3 * n_1 + 2 * n_2) + _parameters(n_0, n_1, n_2),
        mistakes={
            lambda m, n_0, n_1, n_2: m * (2 * n_1 + n_2) + _parameters(n_0, n_1, n_2): COSTS["one pass for two"],
            lambda m, n_0, n_1, n_2: 8 * (m * (3 * n_1 + 2 * n_2) + _parameters(n_0, n_1, n_2)): COSTS[
                "bytes for floats"
            ],
            lambda m, n_0, n_1, n_2: m * (3 * n_1 + 2 * n_2): COSTS["gradients not stored"],
            lambda m, n_0, n_1, n_2: m * (3 * n_1 + 2 * n_2) + n_0 * n_1 + n_1 * n_2: "The gradients of the biases are "
            "missing.",
            lambda m, n_0, n_1, n_2: m * (2 * n_1 + 2 * n_2) + _parameters(n_0, n_1, n_2): "The hidden layer has one "
            "array more. Which does it keep besides its delta?",
            lambda m, n_0, n_1, n_2: m * (3 * n_1 + 3 * n_2) + _parameters(n_0, n_1, n_2): "The output has no "
            "activation function, so its a is its z, one and the same array.",
            lambda m, n_0, n_1, n_2: (
                m * (n_0 + 3 * n_1 + 2 * n_2) + _parameters(n_0, n_1, n_2)
            ): "The inputs were there before the first pass began. Count what the passes add.",
            lambda m, n_0, n_1, n_2: (
                3 * n_1 + 2 * n_2 + _parameters(n_0, n_1, n_2)
            ): "The gradients are there once, but z, a and delta have a row for each example.",
            lambda m, n_0, n_1, n_2: (
                m * (3 * n_1 + 2 * n_2 + _parameters(n_0, n_1, n_2))
            ): "The gradients are sums over the batch. They do not grow with it.",
            lambda m, n_0, n_1, n_2: m * (3 * n_1 + 2 * n_2) + 2 * _parameters(n_0, n_1, n_2): "The weights were there "
            "before, so only their gradients are new.",
            lambda m, n_0, n_1, n_2: m * (n_1 + n_2) + _parameters(n_0, n_1, n_2): "A frugal backward pass can do with "
            "so few. But `bp.backward` keeps z, a and delta of every layer until it returns.",
        },
        hints=(
            "Which arrays does `forward` return, and which does `backward` add?",
            "z, a and delta have a row for each example. dW and db have the shapes of the parameters.",
            "Hidden layer: three arrays with a row for each example. Output: z and delta. Then the gradients.",
        ),
    ),
    Number(
        name="portions",
        points=2,
        given=_crowded,
        tolerance=1e-6,
        expected=lambda m, n_0, n_1, n_2, room: -(-m // _fits(n_0, n_1, n_2, room)),
        mistakes={
            lambda m, n_0, n_1, n_2, room: -(-m // _fits(n_0, n_1, n_2, room, gradients=1)): COSTS["sum not kept"],
            lambda m, n_0, n_1, n_2, room: -(-m // _fits(n_0, n_1, n_2, room, gradients=0)): COSTS[
                "gradients not stored"
            ],
            lambda m, n_0, n_1, n_2, room: -(-m // _fits(n_0, n_1, n_2, room, arrays=(2, 1))): COSTS[
                "one pass for two"
            ],
            lambda m, n_0, n_1, n_2, room: -(-m // _fits(n_0, n_1, n_2, room, arrays=(3, 3))): "The output has no "
            "activation function, so its a is its z, one and the same array.",
            lambda m, n_0, n_1, n_2, room: (
                -(-m // ((room - 2 * _parameters(n_0, n_1, n_2)) // (n_0 + 3 * n_1 + 2 * n_2)))
            ): "The inputs are counted with each example. They were there before the pass began.",
            lambda m, n_0, n_1, n_2, room: (
                -(-m // ((room - 2 * (n_0 * n_1 + n_1 * n_2)) // (3 * n_1 + 2 * n_2)))
            ): "The biases have gradients too, and these have a sum of their own.",
            lambda m, n_0, n_1, n_2, room: _fits(n_0, n_1, n_2, room): "That is how many examples fit at once. How "
            "many such portions make the batch?",
            lambda m, n_0, n_1, n_2, room: m // _fits(n_0, n_1, n_2, room): "Some examples are left over. They need a "
            "portion, too.",
            lambda m, n_0, n_1, n_2, room: (
                m * (3 * n_1 + 2 * n_2) / (room - 2 * _parameters(n_0, n_1, n_2))
            ): "Neither an example nor a portion can be cut. Round where you have to.",
            lambda m, n_0, n_1, n_2, room: (
                -(-(m * (3 * n_1 + 2 * n_2) + _parameters(n_0, n_1, n_2)) // room)
            ): "You divided all that one pass holds by the room. But the gradients and their sum are there during "
            "every portion, and leave less room for examples.",
        },
        hints=(
            "What is held while one portion is worked on, and what of it grows with the portion?",
            "The gradients of the portion and the sum so far take two floats for each parameter. How many examples "
            "fit into the rest?",
            "Divide the rest by the floats of one example and round down. Then divide the batch by that, and round up.",
        ),
    ),
    Function(
        name="best_interval",
        points=3,
        arguments=_depth,
        special=(_tie, *((lambda rng, L=L: (L,)) for L in (48, 120, 99, 104, 7, 1))),
        reference=lambda L: _best(L),
        mistakes=_twins(),
        hints=(
            "Which intervals divide L? Try them all.",
            "With the interval k there are L / k segments. Between them lie one checkpoint less, and the segment that "
            "is worked on holds three arrays for each of its k layers.",
            "Go through the divisors from small to large, and remember the first one that has fewer arrays than all "
            "before it.",
        ),
    ),
    Expression(
        name="price_of_forgetting",
        expected="(L - k) / (3 * L - 1)",
        variables={"k": (2, 10), "L": (20, 90)},
        mistakes={
            "1 / 3": "That is what one more forward pass costs in a very deep network. Is every layer fed forward "
            "twice?",
            "L / (3 * L - 1)": "That is one whole forward pass more. There is a segment that is fed forward only once.",
            "(L - k) / (3 * L)": COSTS["gradient of the input counted"],
            "(L - k) / L": "That is a share of the forward pass. A gradient takes the way back, too.",
            "(L - k) / (2 * L - 1)": "That is a share of the backward pass. A gradient takes the way forward, too.",
            "k / (3 * L - 1)": "You counted the segment that is fed forward only once. You are asked what the others "
            "cost.",
            "(L / k - 1) / (3 * L - 1)": "You counted one product for each segment that is fed forward again. How many "
            "layers does it have?",
            "(L / k) / (3 * L - 1)": "That is the number of segments. How many layers are fed forward again?",
            "(L - 1) / (3 * L - 1)": "You left out one layer. A whole segment is fed forward only once.",
            "L - k": "These are the products that are computed again. Which share of one pass are they?",
            "(4 * L - k - 1) / (3 * L - 1)": "That is by how many times the work grows. You are asked what is added.",
            "(L - k) / (4 * L - k - 1)": "That is a share of all the work with checkpoints. Compare with the work "
            "where everything is kept.",
        },
        hints=(
            "All products are equally large, so count them. How many does a gradient take if everything is kept?",
            "Forward there is one for each layer, and on the way back two for each layer but the first, which has one. "
            "Which layers are fed forward once more?",
            "All are fed forward once more but those of the last segment, whose arrays are made when the way back "
            "begins.",
        ),
    ),
]
