"""The stepper without a browser: every control moved across its range, its numbers compared with the network's."""

import re

import numpy as np
import pytest

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
    [("step", range(7)), ("example", range(3)), ("digits", range(2, 7)), ("show", ["deltas", "values"])],
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
            rule = stepper.state["examples"][k]["weights"][",".join(map(str, weight))]
            assert rule["backward"].startswith(words)


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
    assert subtracted in stepper.state["examples"][1]["weights"]["1,0,0"]["update"]
    stepper.set_eta("0,25")
    assert f"{number(w - 0.25 * mean)}" in stepper.state["examples"][1]["weights"]["1,0,0"]["update"]
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
    assert delta in sent[0]["rule"]["backward"]
    small = stepper.state["examples"][0]["units"]["1,0"]["backward"]
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
    assert sent[0]["did"] == "explain" and sent[0]["rule"]["backward"].startswith(words)


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
        ("example", 3, "example must be from 0 to 2; got 3."),
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


# All examples at once ---------------------------------------------------------------------------------------------


def assert_shows_the_batch(diagram, net):
    """Compare what the browser draws of all examples with one pass of both through bpbook."""
    shown, cache = diagram.state["batch"], net.forward(X)
    grads = net.backward(cache, Y)
    assert shown["C"] == net.loss(cache, Y)
    for l in (1, 2):
        np.testing.assert_array_equal(shown["dW"][l], grads.dW[l])
        for name, array in (("z", cache.z[l]), ("a", cache.a[l]), ("delta", grads.delta[l])):
            np.testing.assert_array_equal(np.transpose(shown[name][l]), array)


def test_two_examples_are_shown_as_one_batch(stepper):
    assert_shows_the_batch(stepper, stepper.net)
    stepper.example = 2
    assert repr(stepper) == "[experiment] backward stepper on 2-2-1; step 0 of 6, all 2 examples; C = 0.0805824"
    reader = {}
    exec(stepper.lines(), reader)
    np.testing.assert_array_equal(reader["grads"].dW[1], stepper.state["batch"]["dW"][1])
    stepper.set([1, 0, 1], 0.4)
    assert_shows_the_batch(stepper, stepper.net)


@pytest.mark.parametrize("twin", ["deltas without their 1/m", "examples exchanged", "gradients added, not averaged"])
def test_a_batch_that_is_not_bpbooks_is_refused(stepper, twin):
    shown = stepper.state["batch"]
    if twin == "deltas without their 1/m":
        shown["delta"] = [None, *((2 * np.array(delta)).tolist() for delta in shown["delta"][1:])]
    elif twin == "examples exchanged":
        shown["a"] = [np.array(a)[:, ::-1].tolist() for a in shown["a"]]
    else:
        shown["dW"] = [None, *((2 * np.array(dW)).tolist() for dW in shown["dW"][1:])]
    with pytest.raises(AssertionError):
        assert_shows_the_batch(stepper, stepper.net)


def test_the_batch_writes_out_the_sums_over_its_rows(stepper):
    # By hand, example 0: delta^1_0 = -1/8 alone, so -1/16 in a batch of two, and a^0_0 = 1; example 1 has a^0_0 = -1.
    other = stepper.net.backward(stepper.net.forward(X), Y).delta[1][1, 0]
    total = number(-1 / 16 - other)
    words = stepper.state["batch"]["weights"]["1,0,0"]["backward"]
    assert f"= 1 · (−0.0625) + (−1) · {number(other)} = {total} (BP4)" in words
    assert f"have −0.125 and {number(-2 * other)}; this is their mean" in words
    assert "carries its 1/2" in stepper.state["batch"]["steps"][4]["words"]
    loss = stepper.state["batch"]["steps"][3]["words"]
    assert f"(0.125 + {number(stepper.state['examples'][1]['C'])}) / 2 = {number(stepper.state['C'])}" in loss


def test_a_batch_of_classes_with_decay_is_written_out_and_one_of_many_is_not_offered():
    net = bp.MLP([3, 4, 3], hidden="tanh", lmbda=0.1, seed=1)
    diagram = bp.widgets.NetworkDiagram(net, np.eye(3)[:2], [0, 2])
    batch = diagram.state["batch"]
    assert batch["C"] == net.loss(net.forward(np.eye(3)[:2]), [0, 2])
    assert f"Weight decay adds λ<i>w</i> = {number(0.1 * net.W[1][0, 0])}." in batch["weights"]["1,0,0"]["backward"]
    many = bp.widgets.NetworkDiagram(net, np.ones((4, 3)), [0, 1, 2, 0])
    many.example = 4
    assert (many.state["batch"], many.example) == (None, 0)


def test_a_large_network_explains_a_weight_of_the_batch_when_asked():
    net = bp.MLP([8, 16, 4], seed=0)
    diagram = bp.widgets.NetworkDiagram(net, np.eye(8)[:2], [0, 3])
    sent = []
    diagram.send = sent.append
    for place in ([2, 5, 1], [2, 1]):
        diagram._answer(None, {"do": "explain", "place": place, "example": 2}, None)
    grads = net.backward(net.forward(np.eye(8)[:2]), [0, 3])
    assert f" = {number(grads.dW[2][5, 1])} (BP4)" in sent[0]["rule"]["backward"]
    assert f" = {number(grads.db[2][1])} (BP3)" in sent[1]["rule"]["backward"]


# What is known when, and what the gradient promised ---------------------------------------------------------------


def assert_nothing_backward_is_foretold(state):
    """Refuse a delta, a gradient or a slope in what is shown before the backward pass."""
    L = len(state["sizes"]) - 1
    for seen in [*state["examples"], state["batch"]]:
        words = [step["words"] for step in seen["steps"][: L + 2]]
        words += [rule["forward"] for rules in (seen["weights"], seen["units"]) for rule in rules.values()]
        assert not [text for text in words if re.search("[δ∂′]", text)]


def test_no_backward_number_is_shown_before_the_backward_pass(stepper):
    assert_nothing_backward_is_foretold(stepper.state)
    twin = bp.widgets.backward_stepper().state
    rule = twin["examples"][0]["weights"]["1,0,0"]
    rule["forward"] = rule["backward"]
    with pytest.raises(AssertionError):
        assert_nothing_backward_is_foretold(twin)


def squared(grads, parts=("dW", "db")):
    return sum(float((d**2).sum()) for part in parts for d in getattr(grads, part)[1:])


@pytest.mark.parametrize("eta", [1e-4, 0.5, 10.0])
def test_an_update_shows_what_came_beside_what_the_gradient_promised(stepper, eta):
    net = bp.widgets.backward_stepper().net
    grads = net.backward(net.forward(X), Y)
    stepper.set_eta(eta)
    foretold = stepper.state["update"]["promised"]
    assert f"= {number(foretold)}." in stepper.state["examples"][0]["steps"][6]["words"]
    before = stepper.state["C"]
    stepper.update(eta)
    np.testing.assert_allclose(stepper.promised, -eta * squared(grads), rtol=1e-14)
    assert stepper.promised == foretold
    net.update(grads, eta)
    assert stepper.history == [before, net.loss(net.forward(X), Y)]
    if eta == 1e-4:  # so small a step keeps its promise; the weights' share alone would not
        came = stepper.history[1] - stepper.history[0]
        np.testing.assert_allclose(came, stepper.promised, rtol=1e-3)
        assert abs(-eta * squared(grads, ["dW"]) / came - 1) > 1e-2


@pytest.mark.parametrize(
    ("hidden", "z", "mark"),
    [
        ("relu", -1.0, "off"), ("relu", 1.0, ""), ("leaky_relu", -1.0, "nearly off"), ("elu", -3.0, "nearly off"),
        ("tanh", 3.0, "saturated"), ("tanh", 1.0, ""), ("sigmoid", -5.0, "saturated"), ("sigmoid", 1.0, ""),
        ("identity", -9.0, ""),
    ],
)  # fmt: skip
def test_a_unit_that_lets_little_of_the_error_through_is_marked(hidden, z, mark):
    net = bp.MLP([1, 1, 1], hidden=hidden, loss="squared_error", seed=0)
    net.W[1][...], net.b[1][...] = 0.0, z
    state = bp.widgets.NetworkDiagram(net, [[1.0]], [0.0]).state
    assert state["examples"][0]["marks"] == [None, [mark], [""]]
    slope, steepest = state["examples"][0]["slope"][1][0], {"sigmoid": 0.25}.get(hidden, 1.0)
    assert (abs(slope) < steepest / 10) == bool(mark)


def test_the_running_example_has_a_unit_that_is_off_for_one_of_its_examples(stepper):
    assert [example["marks"][1] for example in stepper.state["examples"]] == [["", "off"], ["", ""]]
    assert stepper.state["batch"]["marks"][1] == ["", "off in 1 of 2"]
