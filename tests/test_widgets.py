"""The neuron and the tangent without a browser: every control moved across its range, the numbers compared."""

import io

import numpy as np
import pytest
from PIL import Image

import bpbook as bp
from bpbook.widgets.controls.words import number


@pytest.mark.parametrize("name", ["w", "b", "x", "y", "eta"])
def test_every_slider_of_the_neuron_moves_its_numbers_across_its_range(name):
    experiment = bp.widgets.neuron()
    at = {"w": 1.0, "b": -2.0, "x": 2.0, "y": 1.0}
    slider = experiment.controls[name]
    for value in np.linspace(slider.min, slider.max, 7):
        slider.value = value
        at[name] = slider.value
        z = at["w"] * at["x"] + at["b"]
        a = 1 / (1 + np.exp(-z))
        delta = (a - at["y"]) * a / (1 + np.exp(z))  # 1 - a without cancellation
        np.testing.assert_allclose(experiment.C, (a - at["y"]) ** 2 / 2, rtol=1e-12)
        np.testing.assert_allclose(experiment.gradient, (delta * at["x"], delta), rtol=1e-12, atol=1e-300)
        shown = number(float(f"{experiment.C:.4g}"))
        assert f"C = ½ (a − y)² = {shown} (SE)." in experiment.view.alt


def test_the_neuron_begins_with_the_numbers_done_by_hand():
    # z = 1 * 2 - 2 = 0, a = 1/2, delta = (1/2 - 1) * 1/4 = -1/8, dC/dw = 2 * (-1/8)
    experiment = bp.widgets.neuron()
    assert (experiment.C, experiment.gradient) == (0.125, (-0.25, -0.125))
    words = experiment.view.alt
    assert "z = w x + b = 1 · 2 + (−2) = 0, a = f(z) = 0.5 (FF)" in words
    assert "δ = (a − y) f′(z) = (0.5 − 1) · 0.25 = −0.125 (BP1), dC/dw = x δ = 2 · (−0.125) = −0.25 (BP4)" in words


@pytest.mark.parametrize("eta", [0.1, 2.0, 50.0])
def test_a_step_of_the_neuron_is_gradient_descent_up_to_the_sliders_ends(eta):
    experiment = bp.widgets.neuron()
    experiment.controls["eta"].value = eta
    experiment.step_button.click()
    assert experiment.net.W[1].item() == min(8, 1 + eta * 0.25)
    assert experiment.net.b[1].item() == -2 + eta * 0.125
    cut = "The step was cut short at w = 8, where the slider ends."
    assert experiment.message.text == (cut if eta == 50 else "")
    experiment.rewind_button.click()
    assert (experiment.C, experiment.gradient) == (0.125, (-0.25, -0.125))
    assert (experiment.controls["eta"].value, experiment.message.text) == (2, "")


def test_the_neurons_curve_is_its_loss_at_every_w():
    experiment, net = bp.widgets.neuron(), bp.MLP([1, 1], output="sigmoid", loss="squared_error")
    for x, y, b in [(0.0, 0.0, 0.0), (2.0, 1.0, -2.0), (-1.5, 0.3, 4.0)]:
        for name, value in (("x", x), ("y", y), ("b", b)):
            experiment.controls[name].value = value
        net.b[1][...] = b
        (curve, *_) = experiment.view._ax.lines
        for w, height in zip(*curve.get_data(), strict=True):
            net.W[1][...] = w
            assert height == net.loss(net.forward([[x]]), [y])


@pytest.mark.parametrize("name", ["w", "b", "x", "y", "eta"])
def test_a_number_typed_into_the_neuron_counts_or_is_refused_with_words(name):
    experiment = bp.widgets.neuron()
    low, high = (experiment.controls[name].min, experiment.controls[name].max)
    before = experiment.controls[name].value
    for text in ("abc", "", "nan", str(high + 1), str(low - 1)):
        experiment.typed[name].value = text
        refused = f"{name} must be a number from {low:g} to {high:g}; got {text!r}. It is left as it was."
        assert experiment.message.text == refused
        assert experiment.controls[name].value == before
        assert experiment.typed[name].value == f"{before:g}"
    experiment.typed[name].value = "<b>9"  # the message is HTML, which must not take it for a tag
    assert experiment.message.text.endswith("got '&lt;b&gt;9'. It is left as it was.")
    experiment.typed[name].value = "0,875"
    assert (experiment.controls[name].value, experiment.message.text) == (0.875, "")
    if name in "wb":
        assert {"w": experiment.net.W, "b": experiment.net.b}[name][1].item() == 0.875


def test_a_typed_number_stays_although_the_browser_rounds_the_slider_to_a_stop():
    experiment = bp.widgets.neuron()
    experiment.typed["b"].value = "1.25"
    experiment.controls["b"].value = 1.3  # what the browser sends back, unasked
    assert (experiment.net.b[1].item(), experiment.typed["b"].value) == (1.25, "1.25")
    experiment.controls["b"].value = 1.4
    assert (experiment.net.b[1].item(), experiment.typed["b"].value) == (1.4, "1.4")


def test_a_slider_set_from_python_beyond_its_end_says_so():
    experiment = bp.widgets.neuron()
    experiment.controls["w"].value = 9
    assert experiment.message.text == "w must be from -8 to 8; got 9. It stays 1."
    assert experiment.net.W[1].item() == 1
    tangent = bp.widgets.tangent()
    tangent.x.value = -2.5
    assert tangent.message.text == "x must be from -2 to 2; got -2.5. It stays 1."


def test_the_neurons_lines_give_its_numbers():
    experiment = bp.widgets.neuron()
    experiment.step_button.click()
    reader = {}
    exec(experiment.lines(), reader)
    assert reader["C"] == experiment.C
    assert reader["grads"].dW[1].item() == experiment.gradient[0]


def test_the_tangent_follows_x_and_can_be_rewound():
    experiment = bp.widgets.tangent()
    for x in np.linspace(-2, 2, 41):
        experiment.x.value = x
        np.testing.assert_allclose(experiment.slope, 2 * x * np.cos(x**2), rtol=1e-9, atol=1e-9)
        heights = f"the height {np.sin(x**2):.2f} and the slope {experiment.slope:.2f}."
        assert experiment.view.alt == f"At x = {x:.2f} the curve has {heights}"
    reader = {}
    exec(experiment.lines(), reader)
    assert reader["slope"] == experiment.slope
    experiment.rewind_button.click()
    assert experiment.x.value == 1.0
    np.testing.assert_allclose(experiment.slope, 2 * np.cos(1), rtol=1e-9)


def test_a_picture_and_its_description_change_together():
    view = bp.widgets.FigureView(lambda ax, x: f"a dot at {x}" if ax.plot(x, x, "o") else "")
    seen = []
    view.observe(lambda change: seen.append(view.alt), "png")
    view.show(1)
    first = view.png
    view.show(2)
    assert view.png != first and view.png.startswith(b"\x89PNG")
    assert (view.alt, repr(view)) == ("a dot at 2", "[figure] a dot at 2")
    view.show(1)
    assert view.png == first


def test_the_axes_are_painted_again_when_their_range_changes():
    def draw(ax, top):
        ax.plot([0, 1], [0, top])
        ax.set(xlim=(0, 1), ylim=(0, top))
        return f"up to {top}"

    def labels(view):
        return np.asarray(Image.open(io.BytesIO(view.png)).convert("RGB"))[:, :30]

    view = bp.widgets.FigureView(draw)
    view.show(1)
    first, ticks = view.png, labels(view)
    view.show(1)
    assert view.png == first
    view.show(5)
    assert (labels(view) != ticks).any()
    view.show(1)
    assert view.png == first


def assert_traced(experiment, steps, eta=2.0):
    """Compare the trace with gradient descent done by bpbook from the first numbers."""
    net, x, y, places = bp.MLP([1, 1], output="sigmoid", loss="squared_error"), [[2.0]], [1.0], []
    net.W[1][...], net.b[1][...] = 1.0, -2.0
    for _ in range(steps):
        cache = net.forward(x)
        places.append((net.W[1].item(), net.loss(cache, y)))
        net.update(net.backward(cache, y), eta)
    np.testing.assert_allclose(experiment.trace, places, rtol=1e-12)
    np.testing.assert_allclose(experiment.values["w"], net.W[1].item(), rtol=1e-12)


def test_the_steps_of_the_neuron_leave_a_trace_until_a_number_is_set_by_hand():
    experiment = bp.widgets.neuron()
    for _ in range(3):
        experiment.step_button.click()
    assert_traced(experiment, 3)
    drawn = experiment.view._ax.lines[2].get_xydata()
    np.testing.assert_array_equal(drawn, [*experiment.trace, (experiment.values["w"], experiment.C)])
    assert experiment.view.alt.endswith("3 steps so far, from C = 0.125.")
    with pytest.raises(AssertionError):
        assert_traced(experiment, 3, eta=1.0)
    experiment.stop.value += 1  # another eta, the same way
    assert len(experiment.trace) == 3
    experiment.controls["b"].value = 0.5
    assert experiment.trace == []
    experiment.step_button.click()
    experiment.rewind_button.click()
    assert experiment.trace == [] and "so far" not in experiment.view.alt


def test_play_takes_steps_until_they_are_small_and_can_be_paused(monkeypatch, ended):
    experiment = bp.widgets.neuron()
    monkeypatch.setattr(experiment.running, "_rest", 0.001)
    monkeypatch.setattr(experiment.running, "late", 0.001)
    experiment.play_button.click()
    assert experiment.play_button.description == "Pause"
    ended(experiment)
    assert_traced(experiment, 30)
    assert experiment.play_button.description == "Play"
    experiment.controls["eta"].value = 0.1  # here a step is shorter than 0.001
    experiment.play_button.click()
    ended(experiment)
    assert len(experiment.trace) == 31
    experiment.rewind_button.click()
    experiment.play_button.click()
    experiment.play_button.click()
    assert not experiment.running.on
