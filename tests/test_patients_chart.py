"""The patient's chart: what is ordered is run, what is committed to is judged, what cannot be is refused in words."""

import pytest

import bpbook as bp
from bpbook.clinic import CHECKS, PATIENTS


@pytest.fixture(scope="module")
def chart():
    return bp.widgets.patients_chart()


@pytest.fixture(autouse=True)
def first(chart):
    chart.mended.value = False
    chart.patient.value = "the derivative"
    chart.rewind()


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_can_be_ordered_and_finds_what_the_clinic_finds(chart, name):
    chart.orders[name].click()
    expected = bp.clinic.examine(PATIENTS["the derivative"].sick, name)[name]
    assert chart.findings == {name: expected}
    assert expected.words in chart.table.value and chart.view.alt.startswith(f"{name}: ")
    assert ("⚠ alarm" in chart.table.value) == expected.alarm
    assert chart.orders[name].tooltip.endswith(".")


@pytest.mark.parametrize("patient", PATIENTS)
def test_every_patient_can_be_examined_and_diagnosed(chart, patient):
    chart.patient.value = patient
    assert chart.findings == {} and "No check has been ordered" in chart.table.value
    chart.order("gradient")
    assert chart.findings["gradient"] == bp.clinic.examine(PATIENTS[patient].sick, "gradient")["gradient"]
    chart.mistake.value, chart.place.value = PATIENTS[patient].mistake, PATIENTS[patient].place
    chart.diagnose_button.click()
    assert chart.message.text.startswith("Right, after 1 check. ")
    assert all(thread in chart.message.text for thread in PATIENTS[patient].threads)


def test_half_a_diagnosis_and_none_are_told_apart(chart):
    chart.mistake.value, chart.place.value = "gate open", "W"
    chart.diagnose()
    assert chart.message.text == "That is the mistake, and it is not made there."
    chart.mistake.value, chart.place.value = "dropout mask missing", "delta[1]"
    chart.diagnose()
    assert chart.message.text == "That is the array, and it is another mistake."
    chart.place.value = "W"
    chart.diagnose()
    assert chart.message.text == "Neither the mistake nor the array."


def test_the_mended_program_is_quiet(chart):
    chart.order("gradient")
    assert chart.findings["gradient"].alarm
    chart.mended.value = True
    assert chart.findings == {}
    chart.order("gradient")
    assert not chart.findings["gradient"].alarm and ".cured" in chart.lines()


def test_the_exported_lines_make_what_the_chart_shows(chart):
    chart.order("step")
    chart.order("gradient")
    reader = {}
    exec(chart.lines(), reader)
    assert reader["findings"] == chart.findings
    assert list(chart.findings) == ["step", "gradient"]
    chart.order("step")
    assert list(chart.findings) == ["gradient", "step"], "the last one is drawn"


def test_what_is_drawn_does_not_depend_on_what_was_drawn_before(chart):
    """The view paints its axes anew only when ticks, limits or titles change: names alone would go unseen."""
    for before, after in (("gradient", "step"), ("loss at birth", "shuffled labels"), ("one alone", "batch twice")):
        chart.rewind()
        chart.order(after)
        alone = chart.view.png
        chart.rewind()
        chart.order(before)
        chart.order(after)
        assert chart.view.png == alone


def test_rewinding_gives_the_chart_of_the_beginning(chart):
    before = repr(chart)
    chart.order("step")
    assert repr(chart) != before
    chart.rewind_button.click()
    assert repr(chart) == before and chart.view.alt.startswith("An empty chart")


def test_losses_that_are_not_finite_can_be_drawn(chart):
    chart.patient.value = "the division"
    for name in ("the loss goes down", "learns twenty"):
        chart.order(name)
        assert "inf" in chart.view.alt


def test_what_is_no_patient_no_mistake_and_no_check_is_refused_in_words(chart):
    chart.patient.value = "the king"
    assert "patient must be one of the derivative" in chart.message.text and chart.patient.value == "the derivative"
    chart.mistake.value = "influenza"
    assert "mistake must be one of" in chart.message.text
    with pytest.raises(ValueError, match="there is no check 'blood'"):
        chart.order("blood")


@pytest.mark.parametrize(
    ("patients", "error", "match"),
    [
        ([1, 2], TypeError, "patients must be a dictionary of patients by name; got"),
        ({"one": bp.clinic.program()}, TypeError, "patients must be a dictionary of patients by name"),
        ({}, ValueError, "at least one patient; got none"),
    ],
)
def test_what_is_no_ward_is_refused(patients, error, match):
    with pytest.raises(error, match=match):
        bp.widgets.patients_chart(patients)


def test_a_chart_of_some_patients_shows_those():
    some = {"the quiz": PATIENTS["the quiz"]}
    assert repr(bp.widgets.patients_chart(some)) == "[experiment] the patient's chart; the quiz, 0 checks, 0 alarms"
