"""Plateaus, and the ways that lead down from them."""

import math
from collections.abc import Callable

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Choice, Mistake, Number

MISCOUNTS: dict[Callable[[int, int, int], int], Mistake | str] = {
    lambda modes, hidden, learned: modes - learned: DESCENT["one way down a mode"],
    lambda modes, hidden, learned: (modes - learned) * hidden: DESCENT["used units counted"],
    lambda modes, hidden, learned: hidden - learned: "That is how many units are free. Each of them can take "
    "any mode that is missing.",
    lambda modes, hidden, learned: modes * hidden: "Neither the learned modes nor their units are left out.",
    lambda modes, hidden, learned: learned * hidden: "That counts the modes that are learned; they have "
    "nothing to grow.",
    lambda modes, hidden, learned: modes * (hidden - learned): "The modes that are learned cannot lead down any more.",
    lambda modes, hidden, learned: (modes - learned) ** 2: "The missing modes are counted against each other. "
    "Through what do they grow? Test it where there are more units than modes.",
    lambda modes, hidden, learned: (hidden - learned) ** 2: "The free units are counted against each other. "
    "What grows through them? Test it where there are more units than modes.",
    lambda modes, hidden, learned: (
        modes * hidden - learned**2
    ): "That takes away too little: a pair of a missing mode and a busy unit has no way down either.",
    lambda modes, hidden, learned: learned * (hidden - learned): "That is a count for the learned modes. Which "
    "ones can still grow?",
}


def _ways(modes: int, hidden: int, learned: int) -> int:
    return (modes - learned) * (hidden - learned)


def _plateau(rng: np.random.Generator) -> tuple[int, int, int]:
    """Draw more units than modes, such that no two ways of counting give the same number by accident."""
    while True:
        modes = int(rng.integers(5, 11))
        hidden, learned = modes + int(rng.integers(3, 12)), int(rng.integers(1, modes - 2))
        counts = [count(modes, hidden, learned) for count in (_ways, *MISCOUNTS)]
        if len(set(counts)) == len(counts):
            return modes, hidden, learned


def _taken(steps: int, first: int, last: int) -> float:
    """Return how many steps these units of a trench take, if unit 0 takes so many: each e times those before it."""
    return steps * sum(math.e**unit for unit in range(first, last + 1))


def _trench(rng: np.random.Generator) -> tuple[int, int]:
    return 100 * int(rng.integers(2, 30)), int(rng.choice([3, 4, 5]))


EXERCISES = [
    Number(
        name="ways_down",
        given=_plateau,
        expected=_ways,
        mistakes=MISCOUNTS,
        hints=(
            "Which modes can still grow? How many are they?",
            "Through which hidden units can a missing mode grow? Those of the learned modes are at work already.",
            "Every pair of a missing mode and a free unit has one direction in which both layers grow together.",
        ),
    ),
    Choice(
        name="equal_twins",
        right="b",
        options={
            "a": (
                "Their activations are equal at first. But what is sent back to each of them, and through which weight?"
            ),
            "b": (
                "Right. Each delta comes back through the unit's own weight out, so the first step already parts them."
            ),
            "c": "The weights out of equal units do get equal gradients. And what do the weights into them get?",
            "d": "Neither is favoured for good: both get a delta of their own, and both learn.",
        },
        hints=(
            "Write down delta of each of the two units at the first step.",
            "By (BP2) a unit's delta is the output's delta times the weight out of the unit, times its slope.",
            "Slopes and inputs of the two are equal, and the weights out are not. So are the gradients equal?",
        ),
    ),
    Number(
        name="steps_in_the_trench",
        given=_trench,
        expected=lambda n, k: _taken(n, 1, k),
        mistakes={
            lambda n, k: n * k: "That would be so on a plane. Here every further unit takes longer than the last.",
            lambda n, k: _taken(n, k, k): "That is what the last of these units takes. Add those before it.",
            lambda n, k: _taken(n, 0, k - 1): "The unit from w to w + 1 is done already. Begin behind it.",
            lambda n, k: _taken(n, 0, k): "That is how many steps it takes from w on. The first unit is done already.",
            lambda n, k: math.e * n * k: "The first of these units takes e times as many steps. And the second?",
            lambda n, k: _taken(n, -k, -1): "The slope becomes e times smaller, so the weight moves more slowly.",
        },
        hints=(
            "How large is the slope one unit further on?",
            "It is e times smaller there, so each unit takes e times as many steps as the one before.",
            "The units after the first take e, e squared, e cubed times as many steps as it did. Add them up.",
        ),
    ),
]
