"""Who may learn from whom: scaling, choosing columns, and people with more than one row."""

from typing import Any

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Choice, Function, Mistake

UNSORTED = Mistake("unsorted", "These are the right columns. Put them in ascending order.")


def _two_parts(rng: np.random.Generator) -> tuple[Any, Any]:
    n = int(rng.integers(3, 5))
    scale, offset = rng.uniform(0.5, 4, n), rng.uniform(-5, 5, n)
    learn, test = rng.normal(size=(8, n)), rng.normal(size=(5, n)) * 1.5 + 0.7
    return learn * scale + offset, test * scale + offset


def _one_test_person(rng: np.random.Generator) -> tuple[Any, Any]:
    learn, test = _two_parts(rng)
    return learn, test[:1]


def _scaled(learn: Any, test: Any, by: Any = None, spread: Any = None) -> tuple[Any, Any]:
    """Scale both by the mean and the spread of some rows."""
    by = learn if by is None else by
    sd = by.std(axis=0) if spread is None else spread
    return (learn - by.mean(axis=0)) / sd, (test - by.mean(axis=0)) / sd


def _apart(learn: Any, test: Any) -> tuple[Any, Any]:
    return _scaled(learn, learn)[0], _scaled(test, test)[0]


def _apart_by_a_scaler(learn: Any, test: Any) -> tuple[Any, Any]:
    """Scale each by its own rows, as a scaler does that leaves a spread of 0 alone."""
    sd = test.std(axis=0)
    return _scaled(learn, learn)[0], _scaled(test, test, spread=np.where(sd == 0, 1, sd))[0]


def _to_one(learn: Any, test: Any) -> tuple[Any, Any]:
    low, high = learn.min(axis=0), learn.max(axis=0)
    return (learn - low) / (high - low), (test - low) / (high - low)


def _noise(rng: np.random.Generator) -> tuple[Any, Any, Any, int]:
    """Draw measurements that mean little, half of the people to learn from, and how many columns to choose.

    The people who are held out vary more or less than the others, so that their spread is seen if it is used.
    """
    m, n = 40, 14
    y = np.arange(m) % 2
    x = rng.normal(size=(m, n))
    x[y == 1, :2] -= 1.0  # two columns that are smaller with the disease
    learn = rng.permutation(m)[:20]
    x[_others(x, learn)] *= rng.permutation(np.geomspace(0.3, 3, n))
    return x * rng.permutation(np.geomspace(0.1, 10, n)), y, learn, 4


def _by_rank(x: Any, y: Any, learn: Any, score: str = "difference") -> Any:
    """Return all columns, those first that come first by some score."""
    x, y = x[learn], y[learn]
    raw, sd = x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0), x.std(axis=0)
    value = {
        "difference": abs(raw / sd),
        "signed": raw / sd,
        "smallest": -abs(raw / sd),
        "in units": abs(raw),
        "by variance": abs(raw) / sd**2,
        "spread": sd,
    }
    return np.argsort(-value[score], kind="stable")


def _chosen(x: Any, y: Any, rows: Any, k: int, score: str = "difference") -> Any:
    return np.sort(_by_rank(x, y, rows, score)[:k])


def _scaled_by_all(x: Any, y: Any, learn: Any, k: int) -> Any:
    return _chosen(x / x.std(axis=0), y, learn, k, "in units")


def _others(x: Any, learn: Any) -> Any:
    return np.setdiff1d(np.arange(len(x)), learn)


EXERCISES = [
    Function(
        name="standardise",
        points=2,
        arguments=_two_parts,
        special=(_one_test_person,),
        reference=lambda learn, test: _scaled(learn, test),
        returns=("learn", "test"),
        mistakes={
            _apart: DIAGNOSIS["scaled apart"],
            _apart_by_a_scaler: DIAGNOSIS["scaled apart"],
            lambda learn, test: _scaled(learn, test, np.concatenate([learn, test])): DIAGNOSIS[
                "scaled with test people"
            ],
            lambda learn, test: (
                _scaled(learn, test)[0],
                test,
            ): "The test people are left in their own units, which the network has never seen.",
            lambda learn, test: _scaled(learn, test, spread=1.0): "The mean is taken away, but nothing is divided by "
            "the standard deviation.",
            lambda learn, test: _scaled(learn, test, spread=learn.var(axis=0)): "Divide by the standard deviation, not "
            "by its square, the variance.",
            lambda learn, test: _scaled(learn, test, spread=learn.std()): "Every column has a standard deviation of "
            "its own; here one number is taken for all of them.",
            lambda learn, test: (
                (learn - learn.mean()) / learn.std(),
                (test - learn.mean()) / learn.std(),
            ): "Every column has its own mean and standard deviation. Along which axis?",
            lambda learn, test: (
                learn / learn.std(axis=0),
                test / learn.std(axis=0),
            ): "The mean is still in there. Take it away before you divide.",
            lambda learn, test: _scaled(learn, test, spread=learn.std(axis=0, ddof=1)): "This divides by m - 1 inside "
            "the standard deviation. StandardScaler and this exercise divide by m.",
            _to_one: "This stretches every column from 0 to 1. Asked are a mean of 0 and a standard deviation of 1.",
            lambda learn, test: _scaled(learn, test)[::-1]: "Both parts are right and stand in the wrong order.",
            lambda learn, test: _scaled(learn, test, test): "The test people set the scale. They may only be measured "
            "by the others' scale.",
        },
        hints=(
            "Mean and standard deviation are learned from data. From whose?",
            "Compute both from the people to learn from, one number for each column, and use them for all people.",
            "`mean(axis=0)` and `std(axis=0)` of `learn`; take the first from both arrays and divide by the second.",
        ),
    ),
    Function(
        name="choose_columns",
        points=3,
        arguments=_noise,
        reference=lambda x, y, learn, k: _chosen(x, y, learn, k),
        mistakes={
            _scaled_by_all: "The people who are held out had a say in the standard deviations. Take them from the "
            "people to learn from.",
            lambda x, y, learn, k: _chosen(x, y, np.arange(len(x)), k): DIAGNOSIS["chosen with everybody"],
            lambda x, y, learn, k: _chosen(x, y, _others(x, learn), k): DIAGNOSIS["chosen by the held-out"],
            lambda x, y, learn, k: _chosen(x, y, learn, k, "signed"): "A measurement that is much smaller with the "
            "disease tells as much as one that is larger. Is an absolute value missing?",
            lambda x, y, learn, k: _chosen(x, y, learn, k, "smallest"): "These are the columns that differ least.",
            lambda x, y, learn, k: _chosen(
                x, y, learn, k, "in units"
            ): "The differences are in the units of each column. "
            "Divide each by the standard deviation of its column among the people to learn from.",
            lambda x, y, learn, k: _chosen(
                x, y, learn, k, "by variance"
            ): "Divide by the standard deviation, not by its square, the variance.",
            lambda x, y, learn, k: _chosen(x, y, learn, k, "spread"): "These columns vary most. Whether they differ "
            "between the two kinds of people is another question.",
            lambda x, y, learn, k: _by_rank(x, y, learn)[:k]: UNSORTED,
            lambda x, y, learn, k: _by_rank(x, y, learn)[:k][::-1]: UNSORTED,
            lambda x, y, learn, k: _chosen(x, y, learn, k + 1): "That is one column too many.",
            lambda x, y, learn, k: np.arange(k): "These are the first columns, whatever is in them.",
        },
        hints=(
            "Take the rows `learn` of x and of y first, and forget the others.",
            "For each column, subtract the mean of the people without from the mean of the people with the disease. "
            "How far from zero is it, in standard deviations of the column?",
            "`np.argsort` puts the smallest first. Take the last k of the absolute differences, and sort them.",
        ),
    ),
    Choice(
        name="two_lumps",
        right="b",
        options={
            "a": "Then one lump of a person may be learned from and the other tested on. Their cells are alike.",
            "b": "Right. What is new in the clinic is a person, so a person is never on both sides.",
            "c": "That is worth having as well, but it does not keep people together, and that comes first.",
            "d": "That throws away half of the data. It is not wrong, but there is no need for it.",
        },
        hints=(
            "What will be new when the network is used: a lump, or a person?",
            "Two lumps of one person come from the same cells, the same needle and the same day.",
            "scikit-learn's GroupKFold deals whole groups. What is a group here?",
        ),
    ),
]
