"""Plateaus, and the ways that lead down from them."""

import numpy as np

from ...bugs.descent import DESCENT
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
            "a": "Their gradients are equal at every step, so training keeps them equal for as long as it runs.",
            "b": "Right. Equal units get equal gradients, so they stay one unit in two copies; the slightest "
            "difference would break the tie.",
            "c": "Their gradients are equal, but not zero: they learn, as one unit would.",
            "d": "The mean of their weights moves as one unit's would. Does anything push them apart?",
        },
        hints=(
            "Compare the gradients of the two units at the first step.",
            "Both units send back the same delta and get the same inputs. What about the second step?",
            "If two things are equal and are changed equally, what are they afterwards?",
        ),
    ),
    Choice(
        name="growing_weights",
        right="d",
        options={
            "a": "At a minimum the weights would come to rest. These do not, however long the run.",
            "b": "At a saddle the gradient vanishes and stays so. Here the weights keep moving, and the loss falls.",
            "c": "Saturated units have small gradients, but a fault in the code would show in a gradient check.",
            "d": "Right. The loss falls for ever towards a level that it never reaches, while the weights run away.",
        },
        hints=(
            "What do the weights do at a minimum, after a long time?",
            "The loss still falls in its tenth digit, and the weights grow with the logarithm of time.",
            "Is there a place with these weights at all, at which the run could come to rest?",
        ),
    ),
]
