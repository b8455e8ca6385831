"""Views from where the car never was: their labels, how many steps they cost, and on which side of a split they go."""

import math
from typing import Any

import numpy as np

from ...bugs.fields.driving import DRIVING
from ...kinds import Choice, Expression, Function, Mistake, Number

SMALL_SETS = [(40, 4, 75), (40, 5, 85), (40, 6, 105), (70, 4, 75), (70, 7, 110), (100, 4, 85), (100, 6, 90)]
"""Frames, copies and epochs."""


def _point(rng: np.random.Generator, shift: float = 1.5, turn: float = 0.3) -> tuple[Any, ...]:
    """Draw points that recorded arcs led to, and other cars."""
    side = rng.choice([-1, 1], (2, 5))
    return (
        rng.uniform(6, 9, 5),
        rng.uniform(-2, 2, 5),
        shift * side[0] * rng.uniform(0.4, 1, 5),
        turn * side[1] * rng.uniform(0.4, 1, 5),
    )


def _relabel(x: Any, y: Any, shift: Any, turn: Any, wrong: str = "") -> Any:
    """Return the arc from the other car to the point, with one thing wrong if asked."""
    shift = {"shift sign": -shift, "both signs": -shift, "no shift": 0 * shift, "neither": 0 * shift}.get(wrong, shift)
    turn = {"turn sign": -turn, "both signs": -turn, "no turn": 0 * turn, "neither": 0 * turn}.get(wrong, turn)
    before, after = (0 * shift, shift) if wrong == "late" else (shift, 0 * shift)
    ahead = np.cos(turn) * x + np.sin(turn) * (y - before)
    left = np.cos(turn) * (y - before) - np.sin(turn) * x - after
    if wrong == "direction":
        return np.arctan2(left, ahead)
    square = ahead**2 if wrong == "ahead only" else ahead**2 + left**2
    arc = 2 * left / square
    return {"half": arc / 2, "radius": 1 / arc, "exchanged": 2 * ahead / square, "right": -arc}.get(wrong, arc)


def _twin(wrong: str) -> Any:
    return lambda x, y, shift, turn: _relabel(x, y, shift, turn, wrong)


def _steps(rng: np.random.Generator) -> tuple[int, int, int]:
    """Draw a set so small that the last, smaller batch of an epoch counts, and no epoch ends just at the right step.

    The last whole epoch that is not enough is nearer to it than the first that is.
    """
    frames, copies, epochs = rng.choice(SMALL_SETS)
    return int(frames), int(copies), int(epochs)


def _epochs(frames: int, copies: int, epochs: int) -> int:
    """Return after how many whole epochs of the larger set as many steps have been taken."""
    return math.ceil(epochs * math.ceil(frames / 32) / math.ceil(frames * (copies + 1) / 32))


def _drives(rng: np.random.Generator) -> tuple[Any, Any, list[int]]:
    """Draw which frame each view is of, which drive each frame is of, and two drives to test on."""
    drive = rng.permutation(np.repeat([2, 4, 5, 7, 9], [5, 3, 4, 6, 3]))
    of = rng.permutation(np.concatenate([np.arange(len(drive)), rng.integers(0, len(drive), 24)]))
    return of, drive, sorted(rng.choice([2, 4, 5, 7, 9], 2, replace=False).tolist())


def _one_drive(rng: np.random.Generator) -> tuple[Any, Any, list[int]]:
    of, drive, test = _drives(rng)
    return of, drive, test[:1]


def _three_drives(rng: np.random.Generator) -> tuple[Any, Any, list[int]]:
    of, drive, _ = _drives(rng)
    return of, drive, sorted(rng.choice([2, 4, 5, 7, 9], 3, replace=False).tolist())


def _split(of: Any, drive: Any, test: Any, wrong: str = "") -> tuple[Any, Any]:
    """Return rows of views to learn from and to test on, with one thing wrong if asked."""
    if wrong == "anywhere":
        share = round(np.isin(drive, test).mean() * len(of))
        return np.arange(len(of) - share), np.arange(len(of) - share, len(of))
    held = {"frame number": np.isin(of, test), "frames": np.isin(drive, test)}.get(wrong, np.isin(drive[of], test))
    learn, tested = np.flatnonzero(~held), np.flatnonzero(held)
    if wrong == "everything":
        return np.arange(len(of)), tested
    if wrong == "frame rows":
        return of[learn], of[tested]
    return (tested, learn) if wrong == "exchanged" else (learn, tested)


def _split_twin(wrong: str) -> Any:
    return lambda of, drive, test: _split(of, drive, test, wrong)


STEPS_MISSING = Mistake("a few steps missing", "After so many epochs a few steps are still missing.")
EXERCISES = [
    Expression(
        name="turned_label",
        expected="-2 * sin(turn) / d",
        variables={"turn": (0.1, 0.9), "d": (4, 12)},
        mistakes={
            "0": DRIVING["label not corrected"],
            "-sin(turn) / d": DRIVING["half an arc"],
            "-d / (2 * sin(turn))": DRIVING["radius for curvature"],
            "-turn": DRIVING["direction for arc"],
            "-2 * turn / d": "That is nearly right while the turn is small. Where exactly does the point lie?",
            "-2 * sin(turn) / cos(turn) / d": "The point is d away along a straight "
            "line, so it is not d ahead of the turned car.",
            "-2 * sin(turn) * cos(turn) / d": "You divide by d / cos(turn). The distance to the point is d itself.",
            "-2 * cos(turn) / d": "Sine and cosine are exchanged: without a turn the arc must be 0.",
            "-2 * sin(turn) * d": "The distance belongs below the line, as a far point needs a gentler arc.",
        },
        hints=(
            "The recorded arc was straight, so it led to a point d ahead of the recorded car. Draw both cars.",
            "The turned car sees that point to its right. How far ahead of it, and how far to the right?",
            "Its distance is still d. Twice the distance to the left, over the square of d, is the arc.",
        ),
    ),
    Function(
        name="relabel",
        points=3,
        arguments=_point,
        special=(lambda rng: _point(rng, turn=0.0), lambda rng: _point(rng, shift=0.0)),
        reference=lambda x, y, shift, turn: _relabel(x, y, shift, turn),
        mistakes={
            _twin("neither"): DRIVING["label not corrected"],
            _twin("shift sign"): DRIVING["sign of the shift"],
            _twin("turn sign"): DRIVING["sign of the turn"],
            _twin("both signs"): DRIVING["sign of the correction"],
            _twin("no shift"): DRIVING["shift ignored"],
            _twin("no turn"): DRIVING["turn ignored"],
            _twin("late"): DRIVING["shifted after it was turned"],
            _twin("half"): DRIVING["half an arc"],
            _twin("radius"): DRIVING["radius for curvature"],
            _twin("direction"): DRIVING["direction for arc"],
            lambda x, y, shift, turn: (
                2 * (np.cos(turn) * (y - shift) - np.sin(turn) * x) / (x**2 + y**2)
            ): "The distance is that from the recorded car. It is the moved car that drives there.",
            _twin("ahead only"): "The distance to the point has a sideways part too, which belongs in the square.",
            _twin("exchanged"): "Ahead and left are exchanged: a point straight ahead needs no arc at all.",
            _twin("right"): "Left and right are exchanged: an arc to the left is positive.",
        },
        hints=(
            "First write down where the point lies for the shifted car, then for one that is turned as well.",
            "For the shifted car only the distance to the left changes. A turn mixes both coordinates with its sine "
            "and its cosine.",
            "When the car turns to the left, what was ahead moves to the right. The arc is then twice the distance to "
            "the left, divided by the squared distance to the point.",
        ),
    ),
    Number(
        name="equal_steps",
        given=_steps,
        expected=_epochs,
        mistakes={
            lambda frames, copies, epochs: epochs: DRIVING["equal epochs"],
            lambda frames, copies, epochs: _epochs(frames, copies - 1, epochs): DRIVING["originals forgotten"],
            lambda frames, copies, epochs: epochs / (copies + 1): "That would be so if every batch were full. Count "
            "the steps of one epoch, with its last, smaller batch.",
            lambda frames, copies, epochs: _epochs(frames, copies, epochs) - 1: STEPS_MISSING,
            lambda frames, copies, epochs: round(
                epochs * math.ceil(frames / 32) / math.ceil(frames * (copies + 1) / 32)
            ): STEPS_MISSING,
            lambda frames, copies, epochs: _epochs(frames, copies, epochs) + 1: "One epoch fewer is enough.",
            lambda frames, copies, epochs: (
                epochs * math.ceil(frames / 32) / math.ceil(frames * (copies + 1) / 32)
            ): "Whole epochs are asked for. Which one is the first that is enough?",
            lambda frames, copies, epochs: (
                epochs * (copies + 1)
            ): "The other way round: an epoch of the larger set has more steps, so fewer of them will do.",
            lambda frames, copies, epochs: (
                epochs * math.ceil(frames / 32)
            ): "That is how many steps the first network takes. In how many epochs does the second one take them?",
        },
        hints=(
            "How many steps does the first network take in all?",
            "An epoch of the second network goes through the frames and all their copies.",
            "Divide the frames by 32 and round up to get the steps of an epoch, for either network.",
        ),
    ),
    Function(
        name="split_views",
        points=2,
        arguments=_drives,
        special=(_one_drive, _three_drives),
        reference=lambda of, drive, test: _split(of, drive, test),
        returns=("learn", "tested"),
        mistakes={
            _split_twin("frame number"): DRIVING["frame for drive"],
            _split_twin("everything"): DRIVING["tested on what was learned"],
            _split_twin("frames"): DRIVING["frames for views"],
            _split_twin("anywhere"): DRIVING["views split anywhere"],
            _split_twin("exchanged"): "Learning and testing are exchanged.",
            lambda of, drive, test: _split(of, drive, test[:1]): "Only the first of the drives in `test` is tested on.",
            lambda of, drive, test: (~np.isin(drive[of], test), np.isin(drive[of], test)): "These say yes or no for "
            "every view. Row numbers are asked for, and `np.flatnonzero` makes them.",
            lambda of, drive, test: (
                _split(of, drive, test)[0],
                np.concatenate([np.flatnonzero(drive[of] == one) for one in test]),
            ): "The rows to test on come drive by drive. They are asked for in ascending order.",
            lambda of, drive, test: tuple(
                drive[of[rows]] for rows in _split(of, drive, test)
            ): "These are the drives. You are asked for rows of the views.",
            _split_twin("frame rows"): "These are the numbers of the frames. You are asked for rows of the views.",
        },
        hints=(
            "Find out for each view which drive it belongs to.",
            "The entries of `of` are places in `drive`, so one array can index the other.",
            "With the drive of each view at hand, `isin` tells which are tested, and `flatnonzero` gives the rows.",
        ),
    ),
    Choice(
        name="mirrored",
        right="b",
        options={
            "a": "In the mirror a bend to the left is one to the right. With the old label the network "
            "would be told to leave the road.",
            "b": "Right. Left and right change places in the picture and in the arc alike, so you get twice as many "
            "frames for nothing.",
            "c": "A shift moves the car. In the mirror the car is as far from the centre as before, on the other side.",
            "d": "It may: a flat road is as likely to bend one way as the other, and these pictures know no traffic "
            "on one side.",
        },
        hints=(
            "Draw a bend to the left and hold it before a mirror.",
            "Which arc follows the mirrored bend?",
            "The mirrored bend goes to the right by the same amount.",
        ),
    ),
]
