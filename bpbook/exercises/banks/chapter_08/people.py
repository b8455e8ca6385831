"""Who is on which side of a split, and how far a mean over people can be trusted."""

import math
from typing import Any

import numpy as np

from ...bugs.fields.images import IMAGES
from ...kinds import Choice, Function, Number


def _sheets(rng: np.random.Generator) -> tuple[int, int, float]:
    return int(rng.choice([9, 16, 25, 36])), int(rng.choice([40, 90, 160])), float(rng.choice([1.2, 2.4, 3.6, 4.8, 6]))


def _digits(rng: np.random.Generator) -> tuple[float, float, int]:
    strangers = float(rng.choice([0.91, 0.92, 0.93, 0.94, 0.95]))
    return round(strangers + float(rng.choice([0.025, 0.035, 0.04])), 3), strangers, int(rng.choice([4, 5, 6, 8]))


def _written(rng: np.random.Generator, people: int = 6) -> Any:
    """Return who wrote each image: everybody several, in no order."""
    return rng.permutation(np.repeat(np.arange(people), rng.integers(3, 7, people)))


def _to_hold_out(rng: np.random.Generator) -> tuple[Any, list[int]]:
    return _written(rng), [int(k) for k in rng.choice(6, size=2, replace=False)]


def _three_to_hold_out(rng: np.random.Generator) -> tuple[Any, list[int]]:
    return _written(rng), [int(k) for k in rng.choice(6, size=3, replace=False)]


def _one_to_hold_out(rng: np.random.Generator) -> tuple[Any, list[int]]:
    return _written(rng), [int(rng.integers(6))]


def _hold_out(who: Any, held: list[int]) -> tuple[Any, Any]:
    out = np.isin(who, held)
    return np.flatnonzero(~out), np.flatnonzero(out)


def _block(who: Any, held: list[int]) -> tuple[Any, Any]:
    n = len(who) - int(np.isin(who, held).sum())
    return np.arange(n), np.arange(n, len(who))


def _by_person(who: Any, held: list[int]) -> tuple[Any, Any]:
    return _hold_out(who, held)[0], np.concatenate([np.flatnonzero(who == person) for person in held])


def _two_sides(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Return rows of both sides such that three of seven people are on both, two on each side alone."""
    who = _written(rng, 7)
    people = rng.permutation(7)
    train: list[int] = []
    test: list[int] = []
    for place, person in enumerate(people):
        rows = np.flatnonzero(who == person).tolist()
        cut = {0: len(rows), 1: len(rows), 2: 0, 3: 0}.get(place, 2)
        train, test = train + rows[:cut], test + rows[cut:]
    return who, np.array(train), np.array(test)


def _apart(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    who = _written(rng)
    return who, np.flatnonzero(who < 4), np.flatnonzero(who >= 4)


EXERCISES = [
    Number(
        name="uncertainty",
        given=_sheets,
        expected=lambda sheets, images, spread: spread / math.sqrt(sheets),
        mistakes={
            lambda sheets, images, spread: spread: "That is how much one sheet differs from another. How much does the "
            "mean of all of them vary?",
            lambda sheets, images, spread: spread / sheets: "The spread of a mean shrinks with the root of the number.",
            lambda sheets, images, spread: spread / math.sqrt(sheets * images): "That treats every image as somebody "
            "new. The images of one sheet are by one hand.",
            lambda sheets, images, spread: spread / math.sqrt(images): "The images of one sheet do not tell how people "
            "differ. What is it that was drawn at random here?",
            lambda sheets, images, spread: spread * math.sqrt(sheets): "More sheets make a mean surer, not less sure.",
            lambda sheets, images, spread: (
                1.96 * spread / math.sqrt(sheets)
            ): "That is half of an interval for 95 %. One standard deviation is asked for.",
            lambda sheets, images, spread: 2 * spread / math.sqrt(sheets): "That is two standard deviations of the "
            "mean. One is asked for.",
            lambda sheets, images, spread: spread / math.sqrt(sheets - 1): "`spread` is the standard deviation of the "
            "sheets already, and their number itself goes under the root.",
            lambda sheets, images, spread: (
                spread / math.sqrt(sheets) / 100
            ): "That is a share. Points are asked for, in which `spread` is given too.",
        },
        hints=(
            "Which are the independent draws here, the images or the sheets?",
            "The mean of k independent draws varies less than one draw.",
            "Divide the standard deviation by the root of the number of independent draws.",
        ),
    ),
    Number(
        name="whole_codes",
        given=_digits,
        expected=lambda shuffled, strangers, k: strangers**k,
        mistakes={
            lambda shuffled, strangers, k: strangers: "That is one digit. All k of them have to be right.",
            lambda shuffled, strangers, k: shuffled**k: "Who will write the codes? Take the accuracy that was measured "
            "on such people.",
            lambda shuffled, strangers, k: 1 - strangers**k: "That is the share with at least one mistake.",
            lambda shuffled, strangers, k: 1 - k * (1 - strangers): "Adding up the errors counts a code with two of "
            "them twice.",
            lambda shuffled, strangers, k: (1 - strangers) ** k: "That is the share in which every digit is wrong.",
            lambda shuffled, strangers, k: 1 - (1 - strangers) ** k: "That is the share in which at least one digit is "
            "right.",
            lambda shuffled, strangers, k: shuffled: "That is one digit, by people whose hands are known.",
            lambda shuffled, strangers, k: 100 * strangers**k: "That is in percent. A share from 0 to 1 is asked for.",
            lambda shuffled, strangers, k: k * strangers: "All of the digits have to be right at once, so their "
            "probabilities are multiplied.",
        },
        hints=(
            "Which of the two accuracies is about people like those who will write the codes?",
            "Both of the first two digits are right with the product of their probabilities.",
            "Multiply one accuracy k times by itself.",
        ),
    ),
    Function(
        name="hold_out",
        arguments=_to_hold_out,
        special=(_one_to_hold_out, _three_to_hold_out),
        reference=lambda who, held: _hold_out(who, held),
        returns=("train", "test"),
        mistakes={
            lambda who, held: _hold_out(who, held)[::-1]: IMAGES["sides exchanged"],
            lambda who, held: (np.arange(len(who)), _hold_out(who, held)[1]): IMAGES["same people on both sides"],
            _block: IMAGES["block of the file"],
            lambda who, held: _hold_out(who, held[:1]): IMAGES["one person held out"],
            lambda who, held: _hold_out(who, held[-1:]): "Only the last of the people in `held` is held out.",
            lambda who, held: (~np.isin(who, held), np.isin(who, held)): "Those say yes or no for every image. Row "
            "numbers are asked for, and `np.flatnonzero` makes them.",
            _by_person: "The rows of the test come person by person. They are asked for in increasing order.",
            lambda who, held: tuple(who[rows] for rows in _hold_out(who, held)): "Those are the people. The rows are "
            "asked for.",
            lambda who, held: (np.setdiff1d(np.arange(len(who)), held), np.sort(held)): "`held` names people, and not "
            "rows of the file.",
        },
        hints=(
            "For each image: is the person who wrote it in `held`?",
            "`np.isin` answers that for all images at once.",
            "`np.flatnonzero` gives the rows where that is true; with ~ before it, the rows where it is not.",
        ),
    ),
    Function(
        name="on_both_sides",
        arguments=_two_sides,
        special=(_apart,),
        reference=lambda who, train, test: len(set(who[train]) & set(who[test])),
        mistakes={
            lambda who, train, test: int(np.isin(who[test], who[train]).sum()): IMAGES["images for people"],
            lambda who, train, test: int(np.isin(who[train], who[test]).sum()): IMAGES["images for people"],
            lambda who, train, test: len(set(who[test])): IMAGES["one side only"],
            lambda who, train, test: len(set(who[train])): IMAGES["one side only"],
            lambda who, train, test: len(set(who[train]) | set(who[test])): IMAGES["everybody counted"],
            lambda who, train, test: len({*train} & {*test}): "No row is on both sides. The people who wrote the rows "
            "may be.",
            lambda who, train, test: (
                len(set(who[train]) & set(who[test])) / len(set(who))
            ): "That is a share. How many people are there?",
            lambda who, train, test: np.intersect1d(
                who[train], who[test]
            ): "Those are the people themselves. How many are there?",
            lambda who, train, test: bool(
                set(who[train]) & set(who[test])
            ): "That says whether anybody is on both sides. How many are?",
        },
        hints=(
            "`who[train]` are the people to learn from, each as often as they have images there.",
            "Make a set of them, and of the people of the test.",
            "Two sets have a common part, `&`, and a set has a length.",
        ),
    ),
    Choice(
        name="which_test",
        right="c",
        options={
            "a": "Then the clerk of the test is somebody the network has never met, and next year it has met them all. "
            "This number would be too low.",
            "b": "Shuffled, nearly every image of the test has others of its own sheet to learn from. Next year's "
            "sheets will be new. This number would be too high.",
            "c": "Right. The people will be the same and the sheets will be new and later, so the test needs the same "
            "people, and sheets that are new and later.",
            "d": "Seeds change the first weights and the order of the batches. The clerks and their sheets do not "
            "change with them.",
        },
        hints=(
            "What will be different next year, and what will not?",
            "What will be new in use has to be new in the test. What will be known in use may be known in the test.",
            "The chapter held out people because strangers will write. Do strangers write here?",
        ),
    ),
]
