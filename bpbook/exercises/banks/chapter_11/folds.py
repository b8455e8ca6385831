"""Who may learn from whom: filling gaps, choosing columns, and people with two rows."""

from typing import Any

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Function, Mistake, Number

UNSORTED = Mistake("unsorted", "These are the right columns. Put them in ascending order.")


def _rows_and_folds(rng: np.random.Generator) -> tuple[int, int]:
    folds = int(rng.choice([3, 4, 5]))
    return folds * 2 * int(rng.integers(2, 5)), folds


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


def _of_known(average: Any, nothing: float = -1) -> Any:
    """Return a function that averages what is known of each column, and leaves something else where nothing is."""
    return lambda x: np.array([average(column[column >= 0]) if (column >= 0).any() else nothing for column in x.T])


_medians = _of_known(np.median)


def _filled(learn: Any, test: Any, by: Any, average: Any = _medians) -> tuple[Any, Any]:
    """Fill the gaps of both, which are written as -1, by an average of each column of some rows."""
    middle = average(by)
    return np.where(learn < 0, middle, learn), np.where(test < 0, middle, test)


def _filled_apart(learn: Any, test: Any, nothing: float = -1) -> tuple[Any, Any]:
    return _filled(learn, learn, learn)[0], _filled(test, test, test, _of_known(np.median, nothing))[0]


def _dropped_columns(learn: Any, test: Any) -> tuple[Any, Any]:
    """Fill the test people by themselves, and drop the columns of which nothing is known, as scikit-learn does."""
    learn, filled = _filled_apart(learn, test)
    return learn, filled[:, (test >= 0).any(axis=0)]


def _by_person(x: Any) -> Any:
    return np.where(x < 0, _medians(x.T)[:, None], x)


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


def _scores(x: Any, y: Any, score: str = "difference") -> Any:
    """Return one number a column, larger for those that are to come first."""
    raw, sd = x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0), x.std(axis=0)
    value = {
        "difference": abs(raw / sd),
        "signed": raw / sd,
        "smallest": -abs(raw / sd),
        "in units": abs(raw),
        "by variance": abs(raw) / sd**2,
        "by mean": abs(raw) / x.mean(axis=0),
        "spread": sd,
    }
    return value[score]


def _by_rank(x: Any, y: Any, learn: Any, score: str = "difference") -> Any:
    """Return all columns, those first that come first by some score."""
    return np.argsort(-_scores(x[learn], y[learn], score), kind="stable")


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
            _filled_apart: DIAGNOSIS["filled apart"],
            lambda learn, test: _filled_apart(learn, test, np.nan): DIAGNOSIS["filled apart"],
            _dropped_columns: DIAGNOSIS["filled apart"],
            lambda learn, test: (_by_person(learn), _by_person(test)): "These are medians of all that was measured of "
            "one person, centimetres and areas together. Take the median of the column.",
            lambda learn, test: (learn[(learn >= 0).all(axis=1)], test[(test >= 0).all(axis=1)]): "The people with "
            "gaps are thrown away. Keep everybody, and fill the gaps.",
            lambda learn, test: _filled(learn, test, test): "The medians are those of the test people.",
            lambda learn, test: _filled(
                learn, test, learn, _of_known(np.mean)
            ): "These are means. A few very large cells move a mean, and hardly a median.",
            lambda learn, test: tuple(np.where(x < 0, np.nan, x) for x in (learn, test)): "The gaps are still gaps, "
            "with nan in them. The median of a column that holds a nan is nan as well.",
            lambda learn, test: (_filled(learn, test, learn)[0], test): "The gaps of the test people are still there.",
            lambda learn, test: (
                _filled(learn, test, learn)[0],
                _filled(learn, test, np.vstack([learn, test]))[1],
            ): DIAGNOSIS["filled with test people"],
            lambda learn, test: (np.maximum(learn, 0), np.maximum(test, 0)): "A gap that becomes a zero is a person "
            "with very strange cells.",
            lambda learn, test: _filled(
                learn, test, learn, lambda by: np.median(by, axis=0)
            ): "The gaps had a say in the median, each as a measurement of -1.",
            lambda learn, test: _filled(learn, test, learn, lambda by: np.full(by.shape[1], np.median(by[by >= 0]))): (
                "Every column has a median of its own. Along which axis?"
            ),
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
            lambda x, y, learn, k: _chosen(x / x[learn].std(axis=0), y, np.arange(len(x)), k, "in units"): DIAGNOSIS[
                "chosen with everybody"
            ],
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
            lambda x, y, learn, k: np.isin(np.arange(x.shape[1]), _chosen(x, y, learn, k)): "These are the right "
            "columns, as a mask of True and False. Return their numbers: `np.flatnonzero` gives them.",
            lambda x, y, learn, k: np.sort(_scores(x[learn], y[learn]))[-k:]: "These are the largest differences "
            "themselves. You are asked for the numbers of their columns.",
            lambda x, y, learn, k: _chosen(x, y, learn, k, "by mean"): "Divide by the standard deviation of the "
            "column, not by its mean.",
            lambda x, y, learn, k: _chosen(x, y, learn, k + 1): "That is one column too many.",
            lambda x, y, learn, k: _chosen(x, y, learn, k) + 1: "Columns are counted from 0.",
            lambda x, y, learn, k: x[:, _chosen(x, y, learn, k)]: "Those are the columns themselves. Return their "
            "numbers.",
            lambda x, y, learn, k: np.arange(k): "These are the first columns, whatever is in them.",
        },
        hints=(
            "Take the rows `learn` of x and of y first, and forget the others.",
            "For each column, subtract the mean of the people without from the mean of the people with the disease. "
            "How far from zero is it, in standard deviations of the column?",
            "`np.argsort` puts the smallest first. Take the last k of the absolute differences, and sort them.",
        ),
    ),
    Number(
        name="twin_learned_from",
        given=_rows_and_folds,
        expected=lambda rows, folds: (rows - rows // folds) / (rows - 1),
        mistakes={
            lambda rows, folds: 1 - 1 / folds: "Nearly. The row that is tested takes up one of the places in its own "
            "fold, so its twin has one place fewer there.",
            lambda rows, folds: 1 / folds: "That is the share of the rows that are tested. Where is the twin learned "
            "from?",
            lambda rows, folds: (rows // folds - 1) / (rows - 1): "That is how likely it is that both rows fall into "
            "the same fold. Then the twin is tested too, and not learned from.",
            lambda rows, folds: (rows - rows // folds - 1) / (rows - 1): "One place too few: the tested row lies in "
            "its own fold, so all places of the other folds are free for its twin.",
            lambda rows, folds: 0.5: "All other places are equally likely for the twin. Most of them are in the other "
            "folds.",
            lambda rows, folds: rows - rows // folds: "That is how many rows are learned from. How likely is it that "
            "the twin is among them?",
            lambda rows, folds: 1.0: "Not always: both rows may happen to fall into the same fold.",
        },
        hints=(
            "How many rows are in the fold that is tested, and how many are in the others?",
            "The twin is one of all the other rows. How many places are there for it?",
            "Every place but the one that the tested row takes is equally likely. Count those in the other folds, and "
            "divide by all that are left.",
        ),
    ),
]
