"""Plateaus, and the ways that lead down from them."""

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Choice, Number


def _plateau(rng: np.random.Generator) -> tuple[int, int, int]:
    modes = int(rng.integers(5, 11))
    return modes, modes + int(rng.integers(3, 12)), int(rng.integers(1, modes - 2))


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
            "a": "Right. The gradient is zero to rounding, every direction leads up, and yet the answers are wrong.",
            "b": "A saddle has a direction that leads down, and with it a negative eigenvalue.",
            "c": "A fault in the code would show in a gradient check. Here all that was measured fits together.",
            "d": "In a trench the weights grow without end, and some curvature fades away. These have come to rest.",
        },
        hints=(
            "What do the weights do in a trench, and what do they do here?",
            "The gradient says that it is a critical point. What do the eigenvalues say about the "
            "directions around it?",
            "No eigenvalue is zero or negative, so every small step away leads up.",
        ),
    ),
]
