"""Plateaus, and the ways that lead down from them."""

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Choice, Number


def _plateau(rng: np.random.Generator) -> tuple[int, int, int]:
    """Draw more units than modes, such that no two ways of counting give the same number by accident."""
    while True:
        modes = int(rng.integers(5, 11))
        hidden, learned = modes + int(rng.integers(3, 12)), int(rng.integers(1, modes - 2))
        missing, free = modes - learned, hidden - learned
        counts = [missing * free, missing, free, missing * hidden, modes * hidden, learned * hidden, modes * free]
        counts += [learned * free, missing**2, free**2, modes * hidden - learned**2]
        if len(set(counts)) == len(counts):
            return modes, hidden, learned


EXERCISES = [
    Number(
        name="ways_down",
        given=_plateau,
        expected=lambda modes, hidden, learned: (modes - learned) * (hidden - learned),
        mistakes={
            lambda modes, hidden, learned: modes - learned: DESCENT["one way down a mode"],
            lambda modes, hidden, learned: (modes - learned) * hidden: DESCENT["used units counted"],
            lambda modes, hidden, learned: hidden - learned: "That is how many units are free. Each of them can take "
            "any mode that is missing.",
            lambda modes, hidden, learned: modes * hidden: "Neither the learned modes nor their units are left out.",
            lambda modes, hidden, learned: learned * hidden: "That counts the modes that are learned; they have "
            "nothing to grow.",
            lambda modes, hidden, learned: modes * (hidden - learned): "The modes that are learned cannot lead down "
            "any more.",
            lambda modes, hidden, learned: (modes - learned) ** 2: "The missing modes are counted against each other. "
            "Through what do they grow? Test it where there are more units than modes.",
            lambda modes, hidden, learned: (hidden - learned) ** 2: "The free units are counted against each other. "
            "What grows through them? Test it where there are more units than modes.",
            lambda modes, hidden, learned: (
                modes * hidden - learned**2
            ): "That takes away too little: a pair of a missing mode and a busy unit has no way down either.",
            lambda modes, hidden, learned: learned * (hidden - learned): "That is a count for the learned modes. Which "
            "ones can still grow?",
        },
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
    Choice(
        name="at_rest",
        right="a",
        options={
            "a": "Right. A proof about one network says nothing about the points that a larger one adds, and here the "
            "gradient is zero to rounding and every direction leads up.",
            "b": "It does contain them. But it has many points more, and about those nothing was proved.",
            "c": "Rounding moves an eigenvalue by some 15 digits less than the largest one. Is that enough for 0.002?",
            "d": "In a trench the gradient is not zero, and Newton's step stays long. This run has come to rest.",
        },
        hints=(
            "Which network does the theorem speak of, and which one is this?",
            "Take the three numbers first. What would you call the place if nobody had objected?",
            "Could rounding, or a slope that fades, produce these three numbers together?",
        ),
    ),
]
