"""Data sets and splits."""

import numpy as np
import pytest

from bpbook import datasets


def test_digits_are_what_their_docstring_says():
    x, y = datasets.digits()
    assert x.shape == (1797, 64) and y.shape == (1797,)
    assert x.min() == 0 and x.max() == 1
    assert set(y) == set(range(10))
    np.testing.assert_array_equal(x * 16, np.round(x * 16))


def test_a_split_holds_every_example_once():
    x, y = np.arange(50)[:, None], np.arange(50)
    x_train, y_train, x_test, y_test = datasets.shuffled_split(x, y, share=0.2, seed=3)
    assert len(x_test) == 10
    np.testing.assert_array_equal(np.sort([*y_train, *y_test]), y)
    np.testing.assert_array_equal(x_train[:, 0], y_train)
    np.testing.assert_array_equal(x_test[:, 0], y_test)


def test_splits_differ_by_seed_and_by_seed_alone():
    x, y = np.arange(50)[:, None], np.arange(50)
    first, again, other = (datasets.shuffled_split(x, y, seed=seed)[3] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, 0.001])
def test_a_share_that_leaves_one_side_empty_is_refused(share):
    with pytest.raises(ValueError, match=r"^share must (leave examples on both sides|be positive and finite); got"):
        datasets.shuffled_split(np.ones((10, 1)), np.ones(10), share=share)


def test_sides_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"^y must have one entry for each of the 3 rows of x; got 2\.$"):
        datasets.shuffled_split(np.ones((3, 1)), np.ones(2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": None}, r"^x must be an array of rows; got None\. Pass np\.array\(x\)\.$"),
        ({"y": [0, 1, 2, 3]}, r"^y must be an array of rows; got \[0, 1, 2, 3\]\. Pass np\.array\(y\)\.$"),
        ({"share": "0.5"}, r"^share must be a number; got '0\.5'\.$"),
        ({"share": float("nan")}, r"^share must be positive and finite; got nan\.$"),
        ({"seed": None}, r"^seed must be a whole number or a Generator; got None\."),
    ],
)
def test_bad_input_gets_one_line(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        datasets.shuffled_split(**({"x": np.ones((4, 1)), "y": np.ones(4), "share": 0.5} | arguments))
