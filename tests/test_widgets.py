"""Experiments without a browser: every control moved across its range, the network's numbers compared."""

import io

import numpy as np
import pytest
from PIL import Image

import bpbook as bp
from bpbook.widgets.controls.words import number
from bpbook.widgets.views.network.state import network_state

X, Y = np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([[1.0], [0.0]])
PLACES = [[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1], [2, 0, 0], [2, 1, 0], [1, 0], [1, 1], [2, 0]]


@pytest.fixture
def stepper():
    return bp.widgets.backward_stepper()


def weight_arrays(net):
    return [array.copy() for array in [*net.W[1:], *net.b[1:]]]


def assert_shows(diagram, net):
    """Compare all that the browser draws with what bpbook says of this network."""
    for k, shown in enumerate(diagram.state["examples"]):
        cache = net.forward(X[k : k + 1])
        grads = net.backward(cache, Y[k : k + 1])
        assert shown["C"] == net.loss(cache, Y[k : k + 1])
        for l in (1, 2):
            np.testing.assert_array_equal(diagram.state["W"][l], net.W[l])
            np.testing.assert_array_equal(diagram.state["b"][l], net.b[l])
            np.testing.assert_array_equal(shown["z"][l], cache.z[l][0])
            np.testing.assert_array_equal(shown["a"][l], cache.a[l][0])
            np.testing.assert_array_equal(shown["delta"][l], grads.delta[l][0])
            np.testing.assert_array_equal(shown["dW"][l], grads.dW[l])


def test_the_stepper_shows_the_running_example_by_hand(stepper):
    # z1 = (1 * 0.5 + 2 * 1.5 - 1.5, 1 * (-3) + 2 * 0.25 + 1.25) = (2, -1.25); z2 = 2 - 2 = 0; C = (1/2 - 1)^2 / 2
    shown = stepper.state["examples"][0]
    assert shown["z"] == [None, [2.0, -1.25], [0.0]]
    assert shown["a"] == [[1.0, 2.0], [2.0, 0.0], [0.5]]
    assert shown["C"] == 0.125
    assert shown["delta"] == [None, [-0.125, 0.0], [-0.125]]


def test_the_numbers_of_another_example_are_refused(stepper):
    stepper.state["examples"].reverse()
    with pytest.raises(AssertionError):
        assert_shows(stepper, stepper.net)


def travelling(net, k):
    """Return what example k sends along the wires in every step: the terms of z (FF), a to C; of delta (BP1, BP2)."""
    cache = net.forward(X[k : k + 1])
    delta, W = net.backward(cache, Y[k : k + 1]).delta, net.W
    slope = net.params.f[1].prime(cache.z[1])
    forward = [np.einsum("mi,ij->ij", cache.a[0], W[1]), np.einsum("mi,ij->ij", cache.a[1], W[2]), cache.a[2]]
    return forward, [delta[2], np.einsum("mi,ij,mj->ij", slope, W[2], delta[2])]


def assert_travels(diagram, net):
    """Compare the sizes of what travels with bpbook's numbers, over the largest of the way there or of the way back."""
    for k, example in enumerate(diagram.state["examples"]):
        there, back = travelling(net, k)
        sizes = [abs(terms.ravel()) / max(abs(t).max() for t in way) for way in (there, back) for terms in way]
        assert [len(flow) for flow in example["flow"]] == [0, *map(len, sizes), 0]
        for flow, size in zip(example["flow"][1:-1], sizes, strict=True):
            np.testing.assert_allclose(flow, size, rtol=0, atol=0.001)
            np.testing.assert_array_equal(np.array(flow) == 0, size == 0)


def test_what_travels_are_the_terms_that_add_up_to_z_and_to_delta(stepper):
    for k in (0, 1):
        cache = stepper.net.forward(X[k : k + 1])
        delta = stepper.net.backward(cache, Y[k : k + 1]).delta
        (first, second, _), (_, back) = travelling(stepper.net, k)
        for terms, l in ((first, 1), (second, 2)):
            np.testing.assert_allclose(terms.sum(axis=0), cache.z[l][0] - stepper.net.b[l], atol=1e-15)
        np.testing.assert_allclose(back.sum(axis=1), delta[1][0], atol=1e-15)
    assert_travels(stepper, stepper.net)
    stepper.set([2, 1, 0], 1e-6)  # small is not nothing
    assert_travels(stepper, stepper.net)
    assert stepper.state["examples"][1]["flow"][2][1] == 0.001


def test_nothing_travels_where_relu_blocks(stepper):
    flow = stepper.state["examples"][0]["flow"]  # unit 1 of layer 1: z = -1.25
    assert (flow[2][0] > 0, flow[2][1]) == (True, 0)
    assert (flow[5][0] > 0, flow[5][1]) == (True, 0)
    stepper.set([1, 1], 5.0)
    flow = stepper.state["examples"][0]["flow"]
    assert min(flow[2] + flow[5]) > 0


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_what_would_travel_unscaled_or_through_a_blocked_unit_is_refused(stepper, step):
    net, example = stepper.net, stepper.state["examples"][0]
    # Twins: the weights without a, two that are not over the largest, and w delta without the slope that blocks it.
    there, back = travelling(net, 0)
    delta, most = back[0], [max(abs(terms).max() for terms in way) for way in (there, back)]
    twins = {1: net.W[1] / most[0], 2: net.W[2] / most[0], 3: there[2], 4: delta, 5: net.W[2] * delta / most[1]}
    example["flow"][step] = np.abs(twins[step]).ravel().tolist()
    with pytest.raises(AssertionError):
        assert_travels(stepper, net)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_weight_and_bias_moves_across_its_range(stepper, place):
    net = bp.widgets.backward_stepper().net
    for value in np.linspace(-5, 5, 21):
        stepper.set(place, value)
        l, *units = place
        (net.W if len(units) == 2 else net.b)[l][tuple(units)] = value
        assert_shows(stepper, net)


@pytest.mark.parametrize(
    ("name", "values"),
    [("step", range(7)), ("example", range(2)), ("digits", range(2, 7)), ("show", ["deltas", "values"])],
)
def test_what_only_looks_changes_no_number(stepper, name, values):
    before = network_state(stepper.net, X, Y)
    for value in values:
        setattr(stepper, name, value)
        assert getattr(stepper, name) == value
        assert stepper.message == ""
        assert stepper.state == before


@pytest.mark.parametrize("eta", [0.001, 0.5, 10.0])
def test_an_update_is_one_step_of_gradient_descent_and_rewinding_undoes_it(stepper, eta):
    net, first = bp.widgets.backward_stepper().net, weight_arrays(stepper.net)
    net.update(net.backward(net.forward(X), Y), eta)
    stepper.step = 6
    stepper.set_eta(eta)
    foretold = stepper.state["update"]
    stepper.update(eta)
    assert_shows(stepper, net)
    for l in (1, 2):
        np.testing.assert_array_equal(foretold["W"][l], net.W[l])
        np.testing.assert_array_equal(foretold["b"][l], net.b[l])
    assert stepper.step == 0
    stepper.rewind()
    for array, given in zip(weight_arrays(stepper.net), first, strict=True):
        np.testing.assert_array_equal(array, given)
    assert_shows(stepper, stepper.net)


def test_the_readers_own_network_is_left_alone():
    net = bp.MLP([2, 3, 1], loss="squared_error")
    before = weight_arrays(net)
    diagram = bp.widgets.NetworkDiagram(net, X, Y)
    diagram.update(1.0)
    diagram.set([1, 0, 0], 7)
    for array, kept in zip(weight_arrays(net), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_the_exported_lines_give_the_numbers_shown(stepper):
    stepper.set([1, 0, 1], 0.1)
    stepper.update(0.3)
    stepper.example = 1
    reader = {}
    exec(stepper.lines(), reader)
    shown = stepper.state["examples"][1]
    assert reader["C"] == shown["C"]
    np.testing.assert_array_equal(reader["grads"].delta[1][0], shown["delta"][1])
    np.testing.assert_array_equal(reader["grads"].dW[2], shown["dW"][2])


def test_the_exported_lines_remember_decay_precision_and_classes():
    net = bp.MLP([3, 4, 3], hidden="tanh", lmbda=0.1, seed=1, dtype=np.float32)
    diagram = bp.widgets.NetworkDiagram(net, np.eye(3)[:2], [0, 2])
    reader = {}
    exec(diagram.lines(), reader)
    assert reader["C"] == diagram.state["examples"][0]["C"]
    assert reader["net"].dtype == np.float32


def test_each_weight_brings_the_words_of_explain(stepper):
    for k in (0, 1):
        for weight in [tuple(place) for place in PLACES[:6]]:
            words = bp.explain(stepper.net, X[k : k + 1], Y[k : k + 1], weight=weight).html()
            assert stepper.state["examples"][k]["weights"][",".join(map(str, weight))].startswith(words)


def test_the_backward_steps_name_bp3_and_bp4_and_the_last_step_is_the_update(stepper):
    steps = stepper.state["examples"][0]["steps"]
    assert [step["title"].split(" (")[0] for step in steps[4:]] == [
        "Backward pass: layer 2", "Backward pass: layer 1", "Update weights",
    ]  # fmt: skip
    # delta_0^1 = -1/8, a_0^0 = 1 and a_1^0 = 2
    assert (
        "∂<i>C</i>/∂<i>b</i><sub>0</sub><sup>1</sup> = <i>δ</i><sub>0</sub><sup>1</sup> = −0.125" in steps[5]["words"]
    )
    product = "= <i>a</i><sub>1</sub><sup>0</sup> · <i>δ</i><sub>0</sub><sup>1</sup> = 2 · (−0.125) = −0.25"
    assert f"∂<i>C</i>/∂<i>w</i><sub>10</sub><sup>1</sup> {product}" in steps[5]["words"]
    for name in ("(BP3)", "(BP4)"):
        assert all(name in step["words"] for step in steps[4:6])
        assert not any(name in step["words"] for step in (*steps[:4], steps[6]))
    net = bp.widgets.backward_stepper().net
    w, mean = net.W[1][0, 0], net.backward(net.forward(X), Y).dW[1][0, 0]
    subtracted = f"{number(w)} − 0.5 · {f'({number(mean)})' if mean < 0 else number(mean)} = {number(w - 0.5 * mean)}"
    assert subtracted in steps[6]["words"]
    assert subtracted in stepper.state["examples"][1]["weights"]["1,0,0"]
    stepper.set_eta("0,25")
    assert f"{number(w - 0.25 * mean)}" in stepper.state["examples"][1]["weights"]["1,0,0"]
    assert stepper.state["update"]["W"][1][0][0] == w - 0.25 * mean


def test_the_history_holds_the_loss_after_every_update_until_the_network_is_changed_by_hand(stepper):
    net = bp.widgets.backward_stepper().net
    losses = [net.loss(net.forward(X), Y)]
    assert stepper.history == losses
    for _ in range(3):
        net.update(net.backward(net.forward(X), Y), 2.0)
        losses.append(net.loss(net.forward(X), Y))
        stepper.update(2.0)
        assert stepper.history == losses
    stepper.update("1e300")
    assert stepper.history == losses
    stepper.set([1, 0, 0], 0.1)
    assert stepper.history == [stepper.state["C"]]
    stepper.rewind()
    assert stepper.history == losses[:1]


def test_an_eta_that_is_refused_is_not_kept(stepper):
    for text in ("1e999", "-1", "abc"):
        stepper.set_eta(text)
        assert stepper.eta == 0.5
        assert stepper.message.startswith("eta must be")
        stepper.update(text)
        assert stepper.eta == 0.5


def test_a_wide_layer_writes_out_one_unit_and_the_chosen_one(stepper):
    diagram = bp.widgets.NetworkDiagram(bp.MLP([12, 10, 3], seed=0), np.ones((1, 12)), [0])
    words = diagram.state["examples"][0]["steps"][4 + 1]["words"]
    assert "<i>δ</i><sub>0</sub><sup>1</sup> = (" in words or "δ<sub>0</sub><sup>1</sup> = (" in words
    assert "δ<sub>1</sub><sup>1</sup> = (" not in words and "<i>δ</i><sub>1</sub><sup>1</sup> = (" not in words
    sent = []
    diagram.send = sent.append
    diagram._answer(None, {"do": "explain", "place": [1, 7], "example": 0}, None)
    delta = bp.explain(diagram.net, np.ones((1, 12)), [0], weight=(1, 0, 7)).html().split("<br>\n")[1]
    assert delta in sent[0]["html"]
    small = stepper.state["examples"][0]["units"]["1,0"]
    assert bp.explain(stepper.net, X[:1], Y[:1], weight=(1, 0, 0)).html().split("<br>\n")[1] in small


def test_while_a_weight_is_dragged_it_alone_is_explained(stepper):
    net = bp.widgets.backward_stepper().net
    stepper.set([1, 0, 1], 0.3, on_the_way=True)
    net.W[1][0, 1] = 0.3
    assert_shows(stepper, net)
    assert [list(shown["weights"]) for shown in stepper.state["examples"]] == [["1,0,1"], ["1,0,1"]]
    stepper.set([1, 1], 0.4, on_the_way=True)
    net.b[1][1] = 0.4
    assert_shows(stepper, net)
    stepper.set([1, 1], 0.4)
    assert stepper.state == network_state(net, X, Y)
    assert [len(shown["weights"]) for shown in stepper.state["examples"]] == [6, 6]


def test_a_large_network_explains_when_asked():
    net = bp.MLP([8, 16, 4], seed=0)
    diagram = bp.widgets.NetworkDiagram(net, np.eye(8)[:2], [0, 3])
    assert diagram.state["examples"][0]["weights"] == {}
    sent = []
    diagram.send = sent.append
    diagram._answer(None, {"do": "explain", "place": [2, 5, 1], "example": 1}, None)
    words = bp.explain(net, np.eye(8)[1:2], [3], weight=(2, 5, 1)).html()
    assert sent[0]["did"] == "explain" and sent[0]["html"].startswith(words)


@pytest.mark.parametrize("text", ["abc", "", "nan", "inf", "1e308"])
def test_a_weight_that_cannot_be_is_refused_with_words_and_left_alone(stepper, text):
    before = weight_arrays(stepper.net)
    stepper.set([2, 0, 0], text)
    finite = "a finite number" if text in ("nan", "inf") else "a number such as 0.5"
    refused = f"w₀₀² must be {finite}; got {text!r}. It is left as it was."
    assert stepper.message == (
        "w₀₀² = 1e+308 is too large for this network; it is as it was." if text == "1e308" else refused
    )
    for array, kept in zip(weight_arrays(stepper.net), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    stepper.set([2, 0, 0], "−0,5")
    assert stepper.net.W[2][0, 0] == -0.5 and stepper.message == ""


@pytest.mark.parametrize("eta", ["abc", "-1", "0", "nan", "1e300"])
def test_an_eta_that_cannot_be_leaves_the_experiment_alive(stepper, eta):
    before = weight_arrays(stepper.net)
    stepper.update(eta)
    assert "eta" in stepper.message
    for array, kept in zip(weight_arrays(stepper.net), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    stepper.update("0.5")  # as it comes from the browser
    assert stepper.message.startswith("Updated")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("step", 7, "step must be from 0 to 6; got 7."),
        ("example", 2, "example must be from 0 to 1; got 2."),
        ("digits", 9, "digits must be from 2 to 6; got 9."),
        ("show", "gammas", "show must be values or deltas; got 'gammas'."),
        ("selected", [3, 0, 0], "selected must be"),
        ("selected", [1, 0, 2], "selected must be"),
    ],
)
def test_a_value_outside_a_controls_range_is_refused_with_words(stepper, name, value, message):
    before = getattr(stepper, name)
    setattr(stepper, name, value)
    assert getattr(stepper, name) == before
    assert stepper.message.startswith(message)


@pytest.mark.parametrize(
    ("sizes", "m", "message"),
    [([2, 33, 1], 2, "^net must have at most 32 units"), ([2, 3, 1], 9, "^x must hold at most 8 examples; got 9")],
)
def test_what_is_too_large_to_draw_is_refused(sizes, m, message):
    with pytest.raises(ValueError, match=message):
        bp.widgets.NetworkDiagram(bp.MLP(sizes, loss="squared_error"), np.ones((m, 2)), np.ones(m))


def test_a_network_without_examples_is_refused():
    with pytest.raises(ValueError, match=r"^x and y must come with net; got None\."):
        bp.widgets.backward_stepper(bp.MLP([2, 1], loss="squared_error"))
    with pytest.raises(ValueError, match=r"^net must come with x and y"):
        bp.widgets.backward_stepper(x=X, y=Y)


def test_the_text_for_a_stored_chapter_holds_no_address(stepper):
    assert repr(stepper) == "[experiment] backward stepper on 2-2-1; step 0 of 6, example 0 of 2; C = 0.0805824"
    assert len(repr(stepper)) <= 110


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
