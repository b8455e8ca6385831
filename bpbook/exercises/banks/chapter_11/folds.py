"""Who may learn from whom: filling gaps, choosing columns, and people with more than one row."""

from typing import Any

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Choice, Function, Mistake

UNSORTED = Mistake("unsorted", "These are the right columns. Put them in ascending order.")


def _with_gaps(rng: np.random.Generator) -> tuple[Any, Any]:
    n = int(rng.integers(3, 5))
    learn, test = rng.gamma(1.5, size=(9, n)) * 3 + np.arange(n), rng.gamma(1.5, size=(5, n)) * 5 + 2
    for column in range(n):
        learn[rng.integers(len(learn)), column] = -1
    test[0, 0] = test[1, 1] = -1
    return learn, test


def _one_test_person(rng: np.random.Generator) -> tuple[Any, Any]:
    learn, test = _with_gaps(rng)
    return learn, test[:1]


def _median_of_known(x: Any, axis: int = 0) -> Any:
    return np.array([np.median(column[column >= 0]) if (column >= 0).any() else -1 for column in x.T])


def _mean_of_known(x: Any, axis: int = 0) -> Any:
    return np.array([np.mean(column[column >= 0]) for column in x.T])


def _filled(learn: Any, test: Any, by: Any, average: Any = _median_of_known) -> tuple[Any, Any]:
    """Fill the gaps of both, which are written as -1, by an average of each column of some rows."""
    middle = average(by, axis=0)
    return np.where(learn < 0, middle, learn), np.where(test < 0, middle, test)


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
        name="fill_gaps",
        points=2,
        arguments=_with_gaps,
        special=(_one_test_person,),
        reference=lambda learn, test: _filled(learn, test, learn),
        returns=("learn", "test"),
        partial=True,
        mistakes={
            lambda learn, test: _filled(learn, test, np.vstack([learn, test])): DIAGNOSIS["filled with test people"],
            lambda learn, test: (_filled(learn, test, learn)[0], _filled(test, test, test)[0]): DIAGNOSIS[
                "filled apart"
            ],
            lambda learn, test: _filled(learn, test, test): "The medians are those of the test people.",
            lambda learn, test: _filled(
                learn, test, learn, _mean_of_known
            ): "These are means. A few very large cells move a mean, and hardly a median.",
            lambda learn, test: (np.maximum(learn, 0), np.maximum(test, 0)): "A gap that becomes a zero is a person "
            "with very strange cells.",
            lambda learn, test: _filled(learn, test, learn, np.median): "The gaps had a say in the median, each as a "
            "measurement of -1.",
            lambda learn, test: _filled(
                learn, test, learn, lambda by, axis: np.full(by.shape[1], np.median(by[by >= 0]))
            ): ("Every column has a median of its own. Along which axis?"),
        },
        hints=(
            "Whose measurements may the median be learned from?",
            "Write `nan` into the gaps of a copy. `np.nanmedian(..., axis=0)` passes over them, column by column.",
            "`np.where(x < 0, ..., x)` fills the gaps of a table and leaves the rest. Use the same medians twice.",
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
