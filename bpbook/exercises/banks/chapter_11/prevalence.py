"""The same test for other people."""

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Expression, Number


def _invitation(rng: np.random.Generator) -> tuple[int, int, float]:
    people = int(rng.choice([1000, 2000, 5000]))
    return people, people // int(rng.choice([5, 8, 10])), float(rng.choice([0.93, 0.95, 0.97, 0.98]))


MISSED = "prevalence * (1 - sensitivity)"
HOME = f"({MISSED} + (1 - prevalence) * specificity)"
"""All who are sent home, as a share of everybody."""
CALLED = "(prevalence * sensitivity + (1 - prevalence) * (1 - specificity))"
"""All who are called back."""

EXERCISES = [
    Number(
        name="called_in_vain",
        given=_invitation,
        expected=lambda people, ill, specificity: (people - ill) * (1 - specificity),
        mistakes={
            lambda people, ill, specificity: people * (1 - specificity): "Only people without the disease can get a "
            "false alarm. How many are they?",
            lambda people, ill, specificity: (
                (people - ill) * specificity
            ): "That many are rightly sent home. The question is about the others.",
            lambda people, ill, specificity: ill * (1 - specificity): "Specificity is about the people without the "
            "disease; you counted those with it.",
            lambda people, ill, specificity: people - (people - ill) * specificity: "That counts all people with the "
            "disease as well. They are not called back in vain.",
            lambda people, ill, specificity: 1 - specificity: "That is a share. How many people is it?",
            lambda people, ill, specificity: people - ill: "These are all people without the disease. Most of them are "
            "sent home.",
            lambda people, ill, specificity: people * specificity: "Specificity is a share of the people without the "
            "disease, and it counts those who are sent home.",
        },
        hints=(
            "Who can be called back in vain?",
            "Only people without the disease: everybody who was invited, less those who have it.",
            "Specificity is the share of them who are sent home. The others are called back.",
        ),
    ),
    Expression(
        name="predictive_value",
        points=2,
        expected=f"{MISSED} / {HOME}",
        variables={"prevalence": (0.01, 0.3), "sensitivity": (0.6, 0.99), "specificity": (0.6, 0.99)},
        mistakes={
            "(1 - sensitivity) / (1 - sensitivity + specificity)": DIAGNOSIS["prevalence ignored"],
            "1 - sensitivity": "That is the share of those with the disease who are sent home. Turn it around: of "
            "those sent home, how many have the disease?",
            "1 - specificity": "That is the share of those without the disease who are called back in vain. The "
            "question is about those who are sent home.",
            MISSED: "These are the people who are missed, as a share of everybody. Divide by all who are sent home.",
            f"{MISSED} / ({MISSED} + (1 - prevalence) * (1 - specificity))": (
                "Of the people without the disease, you counted the false alarms. Who is sent home?"
            ),
            f"{MISSED} / ({MISSED} + specificity)": "Those rightly sent home are a share of the people "
            "without the disease, who are not everybody.",
            f"(1 - prevalence) * specificity / {HOME}": "That is the negative predictive value: the share of those "
            "sent home who are healthy. You are asked for the rest.",
            "prevalence * sensitivity / (prevalence * sensitivity + (1 - prevalence) * (1 - specificity))": "That is "
            "the positive predictive value, which is about those called back.",
            "prevalence * (1 - specificity) / (prevalence * (1 - specificity) + (1 - prevalence) * sensitivity)": (
                DIAGNOSIS["rates exchanged"]
            ),
            f"{MISSED} / ((1 - prevalence) * specificity)": "Those are odds: the missed against those rightly sent "
            "home. Divide by all who are sent home, both together.",
            "(1 - sensitivity) / specificity": "That is the likelihood ratio of being sent home. It still has to meet "
            "the odds that were known before the test.",
            HOME: "These are all who are sent home, as a share of everybody. How many of them have the disease?",
            f"(1 - prevalence) * (1 - specificity) / {CALLED}": (
                "That is the share of those called back who do not have the disease. The question is about those who "
                "are sent home."
            ),
            "prevalence": "That is what is known before the test. What does being sent home change?",
        },
        hints=(
            "Imagine a thousand people. How many of them are missed, and how many are rightly sent home?",
            "As shares of everybody: prevalence times one minus sensitivity are missed. Those rightly sent home are a "
            "share of those without the disease.",
            "Divide those who are missed by all who are sent home.",
        ),
    ),
    Expression(
        name="line_elsewhere",
        points=2,
        expected="1 / (1 + k * new / (1 - new) * (1 - old) / old)",
        variables={"k": (2, 30), "old": (0.2, 0.5), "new": (0.01, 0.1)},
        mistakes={
            "1 / (1 + k)": DIAGNOSIS["prevalence ignored"],
            "1 / (1 + k * old / (1 - old) * (1 - new) / new)": "The other way round: where the disease is rarer, the "
            "network says too much, so its line must rise.",
            "1 / (1 + k * new / old)": "These are shares. What moves the logit is odds, the share over one minus the "
            "share.",
            "1 / (1 + k * new / (1 - new))": "The odds in the place it learned from are still in there.",
            "1 / (1 + k * (1 - old) / old)": "The old odds are gone. The new ones must come in.",
            "1 / (1 + k) * old / new": "Probabilities are not multiplied by the prevalence. Go by way of the odds.",
            "1 / (1 + k) * new / old": "Where the disease is rarer this line falls, but it must rise. Go by way of the "
            "odds.",
            "1 / (1 + k) + old - new": "Probabilities are not shifted by the prevalence. Go by way of the odds.",
            "log(old / (1 - old)) - log(new / (1 - new)) - log(k)": "That is the logit at the line. Make a probability "
            "of it.",
            "1 / k * old / (1 - old) * (1 - new) / new": "Those are the odds at the line. A probability is the odds "
            "over one plus the odds.",
            "k * new / (1 - new) * (1 - old) / old / (1 + k * new / (1 - new) * (1 - old) / old)": "That is the "
            "probability of being healthy at the line. You are asked for that of the disease.",
        },
        hints=(
            "Where is the line for a probability that is right in the new place, and which odds are there?",
            "In the new place the odds must be 1 to k. By what have they changed from those that the network says?",
            "The network's odds contain the old odds of a person. Take them out, put in the new ones, and the result "
            "must be 1 to k. Solve for the network's odds, and make a probability of them.",
        ),
    ),
]
