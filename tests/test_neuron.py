"""The next step of the neuron, the slider of eta, and numbers typed into the tangent."""

import numpy as np
import pytest

import bpbook as bp
from bpbook.widgets.controls.words import number
from bpbook.widgets.neuron import STOPS


def shown(value):
    return number(float(f"{value:.4g}"))


@pytest.mark.parametrize(("w", "eta"), [(1.0, 2.0), (-6.0, 50.0), (0.5, 50.0), (3.0, 0.1)])
def test_the_next_step_is_written_and_drawn_and_then_taken(w, eta):
    experiment = bp.widgets.neuron()
    experiment.controls["w"].value, experiment.controls["eta"].value = w, eta
    z = 2 * w - 2
    a = 1 / (1 + np.exp(-z))
    delta = (a - 1) * a / (1 + np.exp(z))
    after, b = w - eta * 2 * delta, -2 - eta * delta
    assert experiment.view.lines[-1] == f"Next: w = {shown(after)}, b = {shown(b)} (GD)."
    assert [text.get_text() for text in experiment.view._ax.texts] == [f"−η dC/dw = {shown(after - w)}"]
    drawn = [line.get_xdata() for line in experiment.view._ax.lines if line.get_linewidth() == 3]
    reach = [min(8, after)] if min(8, after) - w > 0.35 else []
    assert [x[0] for x in drawn] == [w] * len(reach)
    np.testing.assert_allclose([x[1] for x in drawn], np.array(reach) - 0.35 / 2)  # the tip ends at the next w
    experiment.step()
    np.testing.assert_allclose(experiment.values["w"], min(8, after), rtol=1e-12)


def test_every_equation_of_the_neuron_stands_in_a_line_of_its_own():
    view = bp.widgets.neuron().view
    assert [line.rsplit("(", 1)[1].rstrip("),.") for line in view.lines] == ["FF", "SE", "BP1", "BP4", "BP3", "GD"]
    assert " ".join(view.lines) == view.alt


def test_the_slider_of_eta_goes_by_factors_and_never_bends_a_number():
    experiment = bp.widgets.neuron()
    for k, eta in enumerate(STOPS):
        experiment.stop.value = k
        assert experiment.values["eta"] == eta == experiment.controls["eta"].value
    assert [STOPS[0], STOPS[-1]] == [experiment.controls["eta"].min, experiment.controls["eta"].max]
    experiment.typed["eta"].value = "3.3"
    assert (STOPS[experiment.stop.value], experiment.values["eta"], experiment.typed["eta"].value) == (5, 3.3, "3.3")
    experiment.rewind()
    assert (STOPS[experiment.stop.value], experiment.values["eta"]) == (2, 2)


@pytest.mark.parametrize("sign", [1, -1])
def test_x_can_be_typed_more_exactly_than_the_slider_goes(sign):
    experiment = bp.widgets.tangent()
    experiment.typed.set_state({"value": str(sign * 1.2533)})  # as the browser does
    assert experiment.view.alt == f"At x = {sign * 1.2533} the curve has the height 1.00 and the slope 0.00."
    experiment.x.set_state({"value": sign * 1.25})  # the browser rounds the slider to a stop, unasked
    assert (experiment.at, experiment.typed.value) == (sign * 1.2533, sign * 1.2533)
    reader = {}
    exec(experiment.lines(), reader)
    assert reader["slope"] == experiment.slope
    experiment.x.value = sign * 1.26
    assert (experiment.at, experiment.typed.value) == (sign * 1.26, sign * 1.26)


def test_the_slider_of_x_goes_by_hundredths():
    experiment = bp.widgets.tangent()
    experiment.x.value = 1.01
    assert experiment.at == 1.01 and experiment.x.step == 0.01


@pytest.mark.parametrize(
    ("text", "reason"), [("abc", "a number from -2 to 2; got 'abc'"), ("9", "from -2 to 2; got 9")]
)
def test_what_x_cannot_be_is_refused_with_words(text, reason):
    experiment = bp.widgets.tangent()
    experiment.typed.set_state({"value": text})
    assert experiment.message.text == f"x must be {reason}. It stays 1."
    assert (experiment.at, experiment.typed.value, experiment.typed.get_state()["value"]) == (1, 1, "1")
    experiment.typed.set_state({"value": "−0,5"})
    assert (experiment.at, experiment.message.text) == (-0.5, "")


@pytest.mark.parametrize("make", [bp.widgets.tangent, bp.widgets.neuron])
def test_a_stored_chapter_has_one_sentence_in_place_of_broken_links(make):
    assert "bpbook-stored" in make()._dom_classes
