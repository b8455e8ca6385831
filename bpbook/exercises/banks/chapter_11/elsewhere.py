"""Another microscope, and what a gradient or an AUC says about it."""

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Choice, Number


def _person(rng: np.random.Generator) -> tuple[float, ...]:
    w_radius, w_area = rng.uniform(0.5, 1.5, 2).round(1)
    radius, area = float(rng.integers(11, 19)), float(rng.integers(8, 14)) * 50
    return float(w_radius), float(w_area), radius, area, 3.5, 350.0, float(rng.choice([0.7, 0.75, 0.8, 1.2, 1.25]))


def _shift(
    w_radius: float,
    w_area: float,
    radius: float,
    area: float,
    sd_radius: float,
    sd_area: float,
    scale: float,
    *,
    wrong: str = "",
) -> float:
    """Return by how much the logit moves, with one thing wrong if asked."""
    power = {"length": 1, "cube": 3}.get(wrong, 2)
    by_radius, by_area = (scale - 1) * radius, (scale**power - 1) * area
    if wrong == "not by sd":
        return w_radius * by_radius + w_area * by_area
    if wrong == "new values":
        return w_radius * scale * radius / sd_radius + w_area * scale**2 * area / sd_area
    if wrong == "no person":
        return w_radius * (scale - 1) / sd_radius + w_area * (scale**2 - 1) / sd_area
    by_radius, by_area = w_radius * by_radius / sd_radius, w_area * by_area / sd_area
    return {"radius": by_radius, "area": by_area, "sign": -by_radius - by_area}.get(wrong, by_radius + by_area)


EXERCISES = [
    Number(
        name="logit_moves_by",
        points=2,
        given=_person,
        expected=lambda *given: _shift(*given),
        mistakes={
            lambda *given: _shift(*given, wrong="length"): DIAGNOSIS["area as a length"],
            lambda *given: _shift(*given, wrong="cube"): "An area goes with the square of the scale; this is its cube.",
            lambda *given: _shift(*given, wrong="not by sd"): "The weights belong to standardised measurements: each "
            "change counts in standard deviations.",
            lambda *given: _shift(*given, wrong="radius"): "That is the radius alone. The area changes as well.",
            lambda *given: _shift(*given, wrong="area"): "That is the area alone. The radius changes as well.",
            lambda *given: _shift(*given, wrong="sign"): "The sign is reversed: take the old value from the new one.",
            lambda *given: _shift(*given, wrong="new values"): "That is what the new measurements add to the logit. "
            "You are asked for the difference from the old ones.",
            lambda *given: _shift(*given, wrong="no person"): "A scale multiplies. By how much a measurement changes "
            "depends on how large it was.",
        },
        hints=(
            "What do the radius and the area become, and by how much have they changed?",
            "The radius becomes scale times radius, the area scale squared times area. Divide each change by its "
            "standard deviation.",
            "Multiply each standardised change by its weight, which is the gradient of z, and add both.",
        ),
    ),
    Choice(
        name="what_auc_sees",
        right="c",
        options={
            "a": "It would be the same if everybody had moved together. Here some people overtake others.",
            "b": "More misses do not lower it: the AUC has no threshold, so it cannot count misses.",
            "c": "Right. Two people of the same age group keep their order, but an older and a younger one may change "
            "places, and whether that is for the better depends on who has cancer.",
            "d": "The AUC does not depend on the prevalence, as it compares one person of each kind.",
        },
        hints=(
            "What is the AUC the probability of?",
            "Take a person with cancer and one without. Who has the larger logit before, and after?",
            "Try a pair in which one person is over fifty and the other is not.",
        ),
    ),
    Choice(
        name="gradient_of_a_twin",
        right="c",
        options={
            "a": "Move a little of the weight to the other column. The sum stays, and what does the decay cost then?",
            "b": "The sum cannot grow then. What does the decay of w/2 and w/2 cost, compared with that of w?",
            "c": "Right. Two halves of a weight cost half as much decay as the whole, so the sum can afford to grow.",
            "d": "For the logits that is true. Which of all these pairs costs the least decay?",
        },
        hints=(
            "The logit knows only the sum of the two weights. What else does the loss charge for?",
            "Of all pairs with the same sum, which has the smallest sum of squares?",
            "Decay held the one weight back. Is it held back as strongly when it is shared?",
        ),
    ),
]
