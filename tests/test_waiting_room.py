"""The waiting room without a browser: every control moved, every count compared with scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions

RNG = np.random.default_rng(0)
Y = (RNG.uniform(size=200) < 0.3).astype(int)
Z = {scale: np.round(6 * Y - 3 + 2 * RNG.normal(size=200) - 8 * (1 - scale), 3) for scale in (0.8, 0.9, 1.0, 1.1)}


@pytest.fixture
def room():
    return bp.widgets.waiting_room(Z, Y)


def assert_counts(room):
    called = bp.activations.sigmoid(Z[room.microscope]) >= room.threshold
    (rest, alarms), (missed, found) = confusion_matrix(Y, called)
    assert room.counts == {"found": found, "missed": missed, "alarms": alarms, "rest": rest}
    assert room.rates["sensitivity"] == pytest.approx(recall_score(Y, called))
    assert room.rates["specificity"] == pytest.approx(recall_score(1 - Y, ~called))


def test_every_control_across_its_range_counts_what_scikit_learn_counts(room):
    for microscope in Z:
        for threshold in (1e-4, 0.01, 1 / 11, 0.5, 0.9, 0.9999):
            room.microscope, room.threshold = microscope, threshold
            assert_counts(room)
    room.threshold = 0.5
    assert room.message == ""
    room._z[room.microscope] = -room._z[room.microscope]
    with pytest.raises(AssertionError):
        assert_counts(room)


def test_the_predictive_values_are_scikit_learns_precision_where_the_room_is_as_given(room):
    called = Z[1.0] >= 0
    room.prevalence = float(Y.mean())
    assert room.rates["ppv"] == pytest.approx(precision_score(Y, called))
    assert room.rates["npv"] == pytest.approx(precision_score(1 - Y, ~called))


def test_the_predictive_values_by_counting_a_crowd(room):
    """Of 1,000,000 people 5,000 have cancer; the counts of this room say how many of both are called back."""
    room.prevalence = 0.005
    counts = room.counts
    ill = 5_000 * counts["found"] / (counts["found"] + counts["missed"])
    well = 995_000 * counts["alarms"] / (counts["alarms"] + counts["rest"])
    assert room.rates["ppv"] == pytest.approx(ill / (ill + well))
    room.prevalence = 0.5
    assert room.rates["ppv"] != pytest.approx(ill / (ill + well))


def test_prevalence_changes_what_an_answer_is_worth_and_nothing_else(room):
    before, ppv = room.counts, []
    for room.prevalence in (0.001, 0.005, 0.05, 0.5):
        ppv.append(room.rates["ppv"])
        assert room.counts == before
    assert ppv == sorted(ppv) and ppv[0] < 0.2 < ppv[-1]


def test_where_nobody_is_called_back_there_is_no_predictive_value():
    room = bp.widgets.waiting_room([-3.0, -2.0, -1.0], [0, 1, 0])
    assert np.isnan(room.rates["ppv"]) and room.rates["npv"] == pytest.approx(2 / 3, abs=1e-6)
    room.threshold = 0.01
    assert np.isnan(room.rates["npv"]) and room.rates["ppv"] == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize("settings", [{}, {"threshold": 1 / 11}, {"microscope": 0.9, "prevalence": 0.005}])
def test_the_rooms_lines_give_its_numbers(room, settings):
    for name, value in settings.items():
        setattr(room, name, value)
    reader = {"z": Z, "y": Y}
    exec(room.lines(), reader)
    assert {name: reader[name] for name in room.counts} == room.counts
    for name, value in room.rates.items():
        assert reader[name] == pytest.approx(value)


def test_the_lines_of_one_microscope_take_z_itself():
    room = bp.widgets.waiting_room(Z[1.0], Y)
    reader = {"z": Z[1.0], "y": Y}
    exec(room.lines(), reader)
    assert reader["missed"] == room.counts["missed"]


def test_rewinding_goes_back_to_the_first_room(room):
    first = repr(room)
    room.threshold, room.prevalence, room.microscope = 0.1, 0.01, 0.8
    assert repr(room) != first
    room.rewind()
    assert (repr(room), room.message) == (first, "")


def test_what_cannot_be_is_refused_with_words_and_changes_nothing(room):
    room.threshold = 1.5
    assert (room.threshold, room.message) == (0.5, "threshold must be from 0.0001 to 0.9999; got 1.5. It stays 0.5.")
    room.prevalence = 0.0
    assert room.message.startswith("prevalence must be from 0.0001 to 0.9999; got 0.")
    room.microscope = 0.7
    assert room.message == "microscope must be one of 0.8, 0.9, 1, 1.1; got 0.7. It stays 1."
    assert_counts(room)


def test_the_readers_arrays_are_left_alone():
    z, y = Z[1.0] + 0.0001, Y.copy()
    before = z.copy()
    bp.widgets.waiting_room(z, y)
    np.testing.assert_array_equal(z, before)


def test_a_person_with_a_missing_value_gets_words_and_the_mend_runs():
    z = Z[1.0].copy()
    z[7] = np.nan
    with pytest.raises(
        ValueError, match=r"number for everybody; got nan for person 7\. Fill in .* or leave that person"
    ):
        bp.widgets.waiting_room(z, Y)
    there = np.isfinite(z)
    assert sum(bp.widgets.waiting_room(z[there], Y[there]).counts.values()) == 199


@pytest.mark.parametrize(
    ("z", "y", "error", "match"),
    [
        (Z[1.0][:5], Y, ValueError, r"z must hold one logit for each of the 200 people of y; got shape \(5,\)"),
        ({0.9: Z[0.9]}, Y, ValueError, r"z must hold the logits at microscope 1.0; got \[0.9\]"),
        ({1.0: Z[1.0], 0.9: Z[0.9][:5]}, Y, ValueError, r"got shape \(5,\) at microscope 0.9"),
        (Z[1.0], 0 * Y, ValueError, r"y must hold 0 and 1, at least one of each; got \[0.0\]"),
        (Z[1.0], 2 * Y, ValueError, "y must lie between 0 and 1; got 2"),
        (Z[1.0], Y / 2, ValueError, r"y must hold 0 and 1, at least one of each; got \[0.0, 0.5\]"),
        (bp.MLP([3, 1], loss="binary_cross_entropy"), Y, TypeError, "z must hold logits, not a network"),
        (["high"] * 200, Y, TypeError, "z must hold real numbers"),
        (np.ones((200, 2)), Y, ValueError, r"got shape \(200, 2\)"),
    ],
)
def test_what_cannot_be_shown_is_refused(z, y, error, match):
    with pytest.raises(error, match=match):
        bp.widgets.waiting_room(z, y)


def test_the_text_for_a_stored_chapter_is_short(room):
    assert repr(room).startswith("[experiment] the waiting room; ") and len(repr(room)) <= 110
