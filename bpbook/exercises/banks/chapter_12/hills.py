"""Thirty output units: what they are told, and how they are read."""

from typing import Any

import numpy as np

from ...bugs.fields.driving import DRIVING
from ...kinds import Function

UNITS, NEAR = 30, 4


def _arcs(rng: np.random.Generator) -> Any:
    return np.linspace(-1, 1, UNITS) * rng.choice([0.1, 0.12, 0.2])


def _targets(rng: np.random.Generator) -> tuple[Any, Any, float]:
    arcs = _arcs(rng)
    return rng.uniform(arcs[3], arcs[-4], 5), arcs, float(rng.choice([6, 8, 10, 14]))


def _hill(curvature: Any, arcs: Any, width: float, wrong: str = "") -> Any:
    """Return the targets, with one thing wrong if asked."""
    apart = arcs[1] - arcs[0]
    unit = (np.asarray(curvature)[:, None] - arcs[0]) / apart
    if wrong in ("nearest", "hot"):
        unit = np.round(unit)
    d = np.arange(len(arcs)) - unit
    if wrong == "hot":
        return (d == 0) * 1.0
    d = {"in 1/m": d * apart, "mirrored": np.arange(len(arcs))[::-1] - unit}.get(wrong, d)
    power = np.abs(d) if wrong == "not squared" else d**2
    hills = np.exp(-power / {"no width": 1.0, "twice": 2 * width, "width squared": width**2}.get(wrong, width))
    return hills / hills.sum(axis=1, keepdims=True) if wrong == "sums to 1" else hills


def _outputs(rng: np.random.Generator, ends: bool = False) -> tuple[Any, Any]:
    """Draw a hill in each row, of some height, and a lower one far away; with `ends` hills at both ends."""
    arcs = _arcs(rng)
    tops = np.array([0.3, UNITS - 1.4, 1.6]) if ends else rng.uniform(5, 12, 4) + np.array([0, 12, 0, 12])
    d = np.arange(UNITS) - tops[:, None]
    far = np.arange(UNITS) - (tops[:, None] + UNITS / 2) % UNITS
    height = rng.uniform(0.5, 0.9, (len(tops), 1))
    hills = height * (np.exp(-(d**2) / 10) + 0.6 * np.exp(-(far**2) / 10))
    return hills + 0.02 * rng.random(hills.shape), arcs


def _read(outputs: Any, arcs: Any, wrong: str = "") -> Any:
    """Return the arcs that the outputs mean, with one thing wrong if asked."""
    top = outputs.argmax(axis=1)
    if wrong == "top":
        return arcs[top]
    if wrong == "all":
        return outputs @ arcs / outputs.sum(axis=1)
    top = np.full_like(top, top[0]) if wrong == "first" else top
    away = np.abs(np.arange(len(arcs)) - top[:, None])
    away = np.minimum(away, len(arcs) - away) if wrong == "corner" else away
    near = np.arange(len(arcs)) - top[:, None] < 4 if wrong == "eight" else True
    near &= away <= {"two": 2, "three": 3, "five": 5}.get(wrong, NEAR)
    weight = near * 1.0 if wrong == "unweighted" else near * outputs
    total = weight @ arcs
    if wrong == "no mass":
        return total
    if wrong == "whole mass":
        return total / outputs.sum(axis=1)
    if wrong == "units":
        return weight @ np.arange(len(arcs)) / weight.sum(axis=1)
    return total / weight.sum(axis=1)


def _hill_twin(wrong: str) -> Any:
    return lambda curvature, arcs, width: _hill(curvature, arcs, width, wrong)


def _read_twin(wrong: str) -> Any:
    return lambda outputs, arcs: _read(outputs, arcs, wrong)


EXERCISES = [
    Function(
        name="hill_targets",
        points=2,
        arguments=_targets,
        reference=lambda curvature, arcs, width: _hill(curvature, arcs, width),
        mistakes={
            _hill_twin("in 1/m"): DRIVING["hill in 1/m"],
            _hill_twin("nearest"): DRIVING["nearest unit"],
            _hill_twin("not squared"): DRIVING["hill not squared"],
            _hill_twin("hot"): DRIVING["one unit hot"],
            _hill_twin("no width"): "The width is not used.",
            _hill_twin("twice"): "The width is doubled. The distance is squared and divided by the width alone.",
            _hill_twin("width squared"): "The width is squared as well. Only the distance is.",
            _hill_twin("mirrored"): "Left and right are exchanged: the first unit stands for the first arc.",
            _hill_twin("sums to 1"): "Each row is divided by its sum. The top of a hill is 1, and the outputs are no "
            "probabilities.",
        },
        hints=(
            "First find out where on the row of units each arc belongs. It may fall between two.",
            "The arcs are evenly spaced, so the place is the arc minus the first arc, divided by the distance of two.",
            "Make a table of distances, one row per picture and one column per unit, and put it into the formula.",
        ),
    ),
    Function(
        name="read_hill",
        points=2,
        arguments=_outputs,
        special=(lambda rng: _outputs(rng, ends=True),),
        reference=lambda outputs, arcs: _read(outputs, arcs),
        mistakes={
            _read_twin("all"): DRIVING["mean of all units"],
            _read_twin("top"): DRIVING["top unit alone"],
            _read_twin("corner"): DRIVING["round the corner"],
            _read_twin("no mass"): DRIVING["not divided by the mass"],
            _read_twin("unweighted"): DRIVING["unweighted neighbours"],
            _read_twin("first"): DRIVING["hill of the first picture"],
            _read_twin("three"): DRIVING["narrow neighbourhood"],
            _read_twin("two"): DRIVING["narrow neighbourhood"],
            _read_twin("five"): DRIVING["narrow neighbourhood"],
            _read_twin(
                "eight"
            ): "On one side only three neighbours count. A slice that ends at top + 4 leaves that unit out.",
            _read_twin("whole mass"): "The sum over the nine is divided by the activity of all units. Divide by that "
            "of the nine.",
            _read_twin("units"): "That is a place on the row of units. The question is which arc belongs to it.",
        },
        hints=(
            "Two steps for each picture: find the highest unit, then take the centre of mass of what is near it.",
            "At an end of the row there are fewer than four units on one side. Take those there are.",
            "Set to zero whatever is more than four units away from the highest one. Then weigh the arcs by what is "
            "left, and divide by the sum of the weights.",
        ),
    ),
]
