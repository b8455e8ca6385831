"""Thirty output units: what they are told, and how they are read."""

from typing import Any

import numpy as np

from ...bugs.fields.driving import DRIVING
from ...kinds import Function

UNITS, NEAR = 30, 4


def _arcs(rng: np.random.Generator) -> Any:
    return np.linspace(-1, 1, UNITS) * rng.choice([0.1, 0.12, 0.2])


def _other_arcs() -> Any:
    """Return the arcs of fewer units, of which more bend to one side."""
    return np.linspace(-0.05, 0.15, 11)


def _other_targets(rng: np.random.Generator) -> tuple[Any, Any, float]:
    arcs = _other_arcs()
    return rng.uniform(arcs[1], arcs[-2], 3), arcs, 4.0


def _other_outputs(rng: np.random.Generator) -> tuple[Any, Any]:
    arcs = _other_arcs()
    d = np.arange(len(arcs)) - rng.uniform([2, 5, 8], [3, 6, 9])[:, None]
    return rng.uniform(0.5, 0.9, (3, 1)) * np.exp(-(d**2) / 10) + 0.02 * rng.random(d.shape), arcs


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
    middle = (len(arcs) - 1) / 2
    d = {
        "in 1/m": d * apart,
        "mirrored": np.arange(len(arcs))[::-1] - unit,
        "from the middle": np.arange(len(arcs)) - middle - np.asarray(curvature)[:, None] / apart,
        "counted from 1": d + 1,
        "one step too many": np.arange(len(arcs)) - unit * len(arcs) / (len(arcs) - 1),
    }.get(wrong, d)
    power = np.abs(d) if wrong == "not squared" else d**2
    below = {"no width": 1.0, "twice": 2 * width, "width squared": width**2, "normal": 2 * width**2}
    hills = np.exp((power if wrong == "rising" else -power) / below.get(wrong, width))
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
    near &= (np.arange(len(arcs)) - top[:, None] > -4) if wrong == "eight from above" else True
    near &= away <= {"two": 2, "three": 3, "five": 5}.get(wrong, NEAR)
    weight = near * 1.0 if wrong == "unweighted" else near * outputs
    total = weight @ arcs
    if wrong == "no mass":
        return total
    if wrong == "nine highest":
        nine = np.argsort(outputs, axis=1)[:, -9:]
        high = np.take_along_axis(outputs, nine, axis=1)
        return (high * arcs[nine]).sum(axis=1) / high.sum(axis=1)
    if wrong == "nine":
        return total / 9
    if wrong == "negative start":
        return np.where(top < NEAR, np.nan, total / weight.sum(axis=1))
    if wrong == "one mass":
        return total / weight.sum()
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
        special=(_other_targets,),
        reference=lambda curvature, arcs, width: _hill(curvature, arcs, width),
        mistakes={
            _hill_twin("in 1/m"): DRIVING["hill in 1/m"],
            _hill_twin("nearest"): DRIVING["nearest unit"],
            _hill_twin("not squared"): DRIVING["hill not squared"],
            _hill_twin("hot"): DRIVING["one unit hot"],
            _hill_twin("no width"): "The width is not used.",
            _hill_twin("twice"): "The width is doubled. The distance is squared and divided by the width alone.",
            _hill_twin("width squared"): "The width is squared as well. Only the distance is.",
            _hill_twin(
                "normal"
            ): "That is the bell of a normal distribution, with twice the squared width below the line. "
            "Here it is the width alone.",
            _hill_twin("rising"): "A minus is missing: the hill becomes a valley that grows without end.",
            _hill_twin("counted from 1"): "The hill is one unit too far to the left: units are counted from 0.",
            _hill_twin(
                "one step too many"
            ): "Between the first arc and the last there is one step fewer than there are units.",
            _hill_twin("from the middle"): "That is right only where the arcs reach equally far to both sides. Count "
            "from the first arc.",
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
        special=(lambda rng: _outputs(rng, ends=True), _other_outputs),
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
            _read_twin("eight from above"): "On one side only three neighbours count: four units to either side make "
            "nine.",
            _read_twin("negative start"): "Near the left end your slice begins below 0, which Python counts from the "
            "right end, so that nothing is in it. Begin at 0 there.",
            _read_twin("nine highest"): "These are the nine highest units, wherever they are. Take the neighbours of "
            "the highest.",
            _read_twin("nine"): "The weighted sum is divided by nine. Divide by the sum of the weights.",
            _read_twin("one mass"): "You divided by the activity of all pictures together. Each row has a sum of its "
            "own.",
            lambda outputs, arcs: outputs.argmax(axis=1): "That is the number of the highest unit. Which arc is "
            "in the middle of the hill around it?",
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
