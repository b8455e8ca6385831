"""The playground without a browser: every control across its range, against networks built anew with bpbook."""

import json
import time

import numpy as np
import pytest

import bpbook as bp
from bpbook.widgets.playground import GRID, RUN
from bpbook.widgets.playground_controls import HIDDEN, LOSSES
from bpbook.widgets.trainer import OPTIMIZERS, OWN
from bpbook.widgets.unit_tiles import FOOT, GAP, HEAD, TOP, tile_at, unit_tiles
from bpbook.widgets.words import number

FIRST = {
    "dataset": "circles", "noise": 0.1, "share": 0.25, "depth": 2, "width": 4, "hidden": "tanh",
    "loss": "binary_cross_entropy", "seed": 0, "optimizer": "Adam", "eta": 0.02, "lmbda": 0.0, "batch_size": 16,
}  # fmt: skip


@pytest.fixture
def play():
    made = bp.widgets.playground()
    yield made
    made.running.stop()


def built(settings, epochs):
    """Return the network of these settings after so many epochs, with its points."""
    s = FIRST | settings
    x, y = bp.datasets.TOYS[s["dataset"]](m=200, noise=s["noise"], seed=s["seed"])
    split = bp.datasets.shuffled_split(x, y, s["share"], s["seed"]) if s["share"] else (x, y, x[:0], y[:0])
    sizes = [2, *[s["width"]] * s["depth"], 1 + (s["loss"] == "softmax_cross_entropy")]
    net = bp.MLP(sizes, hidden=s["hidden"], loss=s["loss"], lmbda=s["lmbda"], seed=s["seed"])
    optimizer = getattr(bp, s["optimizer"])(eta=s["eta"])
    if epochs:
        fit = {"batch_size": s["batch_size"], "optimizer": optimizer, "seed": s["seed"], "progress": False}
        net.fit(*split[:2], epochs=epochs, **fit)
    return net, *split


def side(net, x):
    """Return how sure the network is of class 1, by its output and the loss it was made for."""
    a = net.forward(x).a[-1]
    if net.loss_function.name == "squared_error":
        return np.clip(a[:, 0], 0, 1)
    if net.loss_function.name == "cross_entropy":
        return a[:, 0]
    logit = a[:, 0] if a.shape[1] == 1 else a[:, 1] - a[:, 0]
    return 1 / (1 + np.exp(-logit))


def assert_shows(play, net, x, y, x_test, y_test):
    """Compare all that is shown, picture, table and curve, with a network."""
    C = net.loss(net.forward(x), y)
    assert play.trainer.losses[-1] == C
    assert f"<td>{number(C)}</td>" in play.table.value
    right = ((side(net, x) > 0.5) == y).mean()
    assert f"<td>{right:.1%}</td>" in play.table.value
    assert play.view.alt.startswith(f"Epoch {play.trainer.epoch}: C = {C:.4g} on {len(x)} training points, {right:.0%}")
    if len(x_test):
        C_test = net.loss(net.forward(x_test), y_test)
        assert play.trainer.test_losses[-1] == C_test
        assert f"<td>{number(C_test)}</td>" in play.table.value
        assert play.curve.paths[0]["points"][-1] == [play.trainer.epoch, float(f"{C_test:.6g}")]
    assert play.curve.paths[-1]["points"][-1] == [play.trainer.epoch, float(f"{C:.6g}")]
    u, v = np.meshgrid(*play.view.grid(GRID))
    heat = np.frombuffer(play.view.heat, np.uint8).reshape(GRID, GRID)
    p = side(net, np.column_stack([u.ravel(), v.ravel()])).reshape(GRID, GRID)
    np.testing.assert_allclose(heat, 255 * p, atol=0.5 + 1e-6)
    shown = np.array(play.view.points, dtype=float)
    np.testing.assert_allclose(shown[:, :2], np.concatenate([x, x_test]), atol=1e-4)
    np.testing.assert_array_equal(shown[:, 2], [*y, *y_test])
    np.testing.assert_array_equal(shown[:, 3], [False] * len(y) + [True] * len(y_test))


CASES = [
    *[("dataset", name) for name in bp.datasets.TOYS],
    *[("noise", value) for value in (0.0, 0.2, 0.4)],
    *[("share", value) for value in (0.0, 0.05, 0.5, 0.8)],
    *[("depth", value) for value in range(5)],
    *[("width", value) for value in (1, 2, 8)],
    *[("hidden", name) for name in HIDDEN],
    *[("loss", name) for name in LOSSES],
    *[("seed", value) for value in (1, 9999)],
    *[("optimizer", name) for name in OPTIMIZERS],
    *[("eta", value) for value in (0.0001, 0.1, 0.5)],
    *[("lmbda", value) for value in (0.0001, 0.01, 0.5)],
    *[("batch_size", value) for value in (1, 64, 256)],
]


@pytest.mark.parametrize(("name", "value"), CASES, ids=str)
def test_every_control_makes_the_network_that_bpbook_makes(play, name, value):
    play.controls[name].value = value
    assert_shows(play, *built({name: value}, epochs=0))
    play.step_button.click()
    play.step_button.click()
    assert_shows(play, *built({name: value}, epochs=2))
    assert play.message.text == ""


def test_the_choices_are_all_that_bpbook_has():
    assert set(HIDDEN) == set(bp.activations.__all__) - {"Activation", "get"}
    assert set(LOSSES) == set(bp.losses.__all__) - {"Loss", "get", "softmax"}
    assert set(OPTIMIZERS) == {kind.__name__ for kind in bp.Optimizer.__subclasses__()}


def test_another_network_is_refused(play):
    play.step()
    with pytest.raises(AssertionError):
        assert_shows(play, *built({"seed": 1}, epochs=1))
    with pytest.raises(AssertionError):
        assert_shows(play, *built({}, epochs=2))


def test_what_only_guides_the_next_step_keeps_the_weights(play):
    for _ in range(3):
        play.step()
    before = [W.copy() for W in play.net.W[1:]]
    for name, value in (("optimizer", "Momentum"), ("eta", 0.1), ("batch_size", 32), ("lmbda", 0.01)):
        play.controls[name].value = value
    assert play.trainer.epoch == 3
    for W, kept in zip(play.net.W[1:], before, strict=True):
        np.testing.assert_array_equal(W, kept)


@pytest.mark.parametrize("widths", [(4, 2), (8, 1, 8, 3), (5,), ()])
def test_every_layer_can_have_a_width_of_its_own(play, widths):
    play.widths.set_state({"value": ", ".join(map(str, widths))})  # as the browser does
    net = bp.MLP([2, *widths, 1], hidden="tanh", loss="binary_cross_entropy", seed=0)
    _, *points = built({}, epochs=0)
    assert_shows(play, net, *points)
    assert (play.controls["depth"].value, play.controls["width"].value) == (len(widths), (*widths, 4)[0])
    assert play.message.text == "" and play.widths.get_state()["value"] == " ".join(map(str, widths))
    play.controls["eta"].value = 0.1
    play.step()
    assert play.net.sizes == [2, *widths, 1]
    assert_lines_give_the_numbers(play)
    play.controls["depth"].value = 3
    assert play.net.sizes == [2, *[(*widths, 4)[0]] * 3, 1]
    assert play.widths.value == tuple(play.net.sizes[1:-1])


@pytest.mark.parametrize("text", ["abc", "4 9", "0", "4 2.5", "1 1 1 1 1", "-2"])
def test_widths_that_cannot_be_are_refused_with_words(play, text):
    play.widths.set_state({"value": text})
    assert play.message.text == (
        f"widths must be at most 4 whole numbers from 1 to 8, such as 4 2; got {text!r}. It stays 4 4."
    )
    assert (play.widths.value, play.widths.get_state()["value"]) == ((4, 4), "4 4")
    assert_shows(play, *built({}, epochs=0))


def test_what_makes_another_network_begins_anew(play):
    play.step()
    play.controls["width"].value = 5
    assert play.trainer.epoch == 0


def test_rewinding_comes_back_to_the_same_numbers(play):
    for _ in range(4):
        play.step()
    after = play.trainer.losses
    play.rewind_button.click()
    assert play.trainer.epoch == 0
    assert_shows(play, *built({}, epochs=0))
    for _ in range(4):
        play.step()
    assert play.trainer.losses == after


def test_reset_puts_every_control_back(play):
    for name, value in CASES[::3]:
        play.controls[name].value = value
    play.view._edit("add", [1.2, 1.2])
    play.reset_button.click()
    assert {name: control.value for name, control in play.controls.items()} == FIRST
    assert_shows(play, *built({}, epochs=0))


# The exported lines -----------------------------------------------------------------------------------------------


def assert_lines_give_the_numbers(play):
    reader = {}
    exec(play.lines(), reader)
    assert reader["C"] == play.trainer.losses[-1]
    if len(play.trainer.x_test):
        assert reader["C_test"] == play.trainer.test_losses[-1]
    for ours, theirs in zip(
        [*play.net.W[1:], *play.net.b[1:]], [*reader["net"].W[1:], *reader["net"].b[1:]], strict=True
    ):
        np.testing.assert_array_equal(theirs, ours)


@pytest.mark.parametrize(("name", "value"), CASES[::2], ids=str)
def test_the_exported_lines_give_the_numbers_shown(play, name, value):
    play.controls[name].value = value
    play.step()
    assert_lines_give_the_numbers(play)


def test_the_exported_lines_tell_the_whole_story(play):
    play.controls["lmbda"].value = 0.001
    play.step()
    play.step()
    for name, value in (("eta", 0.1), ("lmbda", 0.01), ("batch_size", 64), ("optimizer", "Momentum"), ("eta", 0.05)):
        play.controls[name].value = value
        play.step()
    play.weight.value = (2, 1, 3)
    play.value.value = 0.5
    play.set_button.click()
    play.step()
    play.weight.value = (1, 2)
    play.value.value = -1.25
    play.set_button.click()
    play.controls["lmbda"].value = 0.1
    assert "net.W[2][1, 3] = 0.5" in play.lines() and "net.b[1][2] = -1.25" in play.lines()
    assert_lines_give_the_numbers(play)


def test_the_exported_lines_hold_the_readers_own_points(play):
    play.clear_button.click()
    for u, v, k in ((0.5, 0.5, 1), (-0.5, 0.1, 0), (0.1234, -1, 1), (-1, -1, 0)):
        play.view.brush = k
        play.view._edit("add", [u, v])
    play.step()
    assert_lines_give_the_numbers(play)


# Points and weights -----------------------------------------------------------------------------------------------


def test_a_click_adds_a_point_of_the_brush_to_those_that_are_there(play):
    play.brush.value = 0
    play.view._edit("add", [0.1234, -0.5])
    x, y = play.trainer.whole
    given, classes = bp.datasets.circles(m=200, noise=0.1, seed=0)
    np.testing.assert_array_equal(x, [*given, [0.123, -0.5]])
    np.testing.assert_array_equal(y, [*classes, 0])
    assert play.controls["dataset"].value == OWN and play.controls["noise"].disabled
    play.view._edit("remove", [0.12, -0.49])
    np.testing.assert_array_equal(play.trainer.whole[0], given)


def test_own_points_chosen_from_the_list_begin_with_those_shown(play):
    play.controls["dataset"].value = "xor"
    play.controls["dataset"].value = OWN
    np.testing.assert_array_equal(play.trainer.whole[0], bp.datasets.xor(m=200, noise=0.1, seed=0)[0])


@pytest.mark.parametrize("k", [0, 1])
def test_points_of_one_class_only_are_said_in_words(play, k):
    play.clear_button.click()
    assert play.message.text == "There are no points to train on. Click into the plane, or choose a data set."
    play.brush.value = k
    play.view._edit("add", [0.5, 0.5])
    message = f"There are no points of class {1 - k} to train on; a boundary needs both. Add some."
    assert play.message.text == message
    for act in (play.step_button, play.train_button):
        act.click()
        assert play.message.text == message and play.trainer.epoch == 0 and not play.running.on
    play.brush.value = 1 - k
    play.view._edit("add", [-0.5, -0.5])
    play.step_button.click()
    assert play.message.text == "" and play.trainer.epoch == 1


def test_no_more_points_than_can_be_drawn(play):
    play._take([(0.0, 0.0, 1)] * 499 + [(1.0, 1.0, 0)])
    play.view._edit("add", [0.5, 0.5])
    assert play.message.text == "There are 500 points, as many as may be. Remove some first."
    assert len(play.trainer.whole[0]) == 500


def test_every_weight_can_be_set_by_hand(play):
    net, *points = built({}, epochs=0)
    for _, place in play.weight.options:
        play.weight.value = place
        l, *units = place
        array = (net.W if len(units) == 2 else net.b)[l]
        assert play.value.value == array[tuple(units)]
        array[tuple(units)] = play.value.value = 0.75
        play.set_button.click()
    assert len(play.weight.options) == sum(W.size for W in net.W[1:]) + sum(b.size for b in net.b[1:])
    assert_shows(play, net, *points)


def test_a_weight_set_from_python_is_shown_after_refresh(play):
    net, *points = built({}, epochs=0)
    net.W[1][0, 0] = play.net.W[1][0, 0] = 2.0
    play.refresh()
    assert_shows(play, net, *points)
    assert_lines_give_the_numbers(play)


def test_a_weight_is_shown_to_six_digits_and_set_to_all_it_has(play):
    W = play.net.W[1][0, 0]
    shown = play.value.get_state()["value"]
    assert (play.value.value, shown) == (W, f"{W:.6g}") and float(shown) != W
    play.value.set_state({"value": shown})  # the browser sends back what it shows
    play.set_button.click()
    assert play.net.W[1][0, 0] == W


# Bad input --------------------------------------------------------------------------------------------------------


def test_training_that_overflows_says_so_keeps_the_last_epoch_and_stays_alive(play):
    for name, value in (("hidden", "relu"), ("loss", "squared_error"), ("optimizer", "GradientDescent")):
        play.controls[name].value = value
    play.step()
    net, *points = built({"hidden": "relu", "loss": "squared_error", "optimizer": "GradientDescent"}, epochs=1)
    play.controls["eta"].value = 100.0
    while not play.message.text:
        epoch = play.trainer.epoch
        play.step()
        assert play.trainer.epoch < 20
    assert play.message.text.startswith("Training overflows with eta = 100: in epoch ")
    assert play.message.text.endswith(f"The weights of epoch {epoch} are kept. Choose a smaller eta, or rewind.")
    assert play.trainer.epoch == epoch and all(np.isfinite(W).all() for W in play.net.W[1:])
    assert_lines_give_the_numbers(play)
    json.dumps([play.curve.paths, play.curve.bounds], allow_nan=False)
    play.rewind_button.click()
    play.controls["eta"].value = 0.02
    play.step()
    assert play.message.text == ""
    assert_shows(play, net, *points)


@pytest.mark.parametrize(
    ("control", "value", "message"),
    [
        ("noise", 0.5, "noise must be from 0 to 0.4; got 0.5. It stays 0.1."),
        ("share", 1.0, "test share must be from 0 to 0.8; got 1. It stays 0.25."),
        ("depth", 5, "layers must be from 0 to 4; got 5. It stays 2."),
        ("width", 0, "units each must be from 1 to 8; got 0. It stays 4."),
        ("seed", -1, "seed must be from 0 to 9999; got -1. It stays 0."),
        (
            "hidden",
            "swish",
            "activation must be one of identity, sigmoid, tanh, relu, leaky_relu, softplus, elu, gelu;",
        ),
        (
            "loss",
            "hinge",
            "loss must be one of binary_cross_entropy, cross_entropy, squared_error, softmax_cross_entropy;",
        ),
        ("optimizer", "SGD", "optimizer must be one of GradientDescent, Momentum, RMSProp, Adam; got 'SGD'."),
        ("eta", 0.03, "eta must be one of 0.0001, "),
        ("lmbda", -1.0, "lambda must be one of 0, 0.0001, "),
        ("batch_size", 3, "batch size must be one of 1, 2, 4, 8, 16, 32, 64, 128, 256; got 3. It stays 16."),
        (
            "dataset",
            "iris",
            "data must be one of circles, xor, gaussians, moons, spirals, your own points; got 'iris'.",
        ),
    ],
)
def test_a_value_outside_a_controls_range_is_refused_with_words(play, control, value, message):
    play.controls[control].value = value
    assert play.controls[control].value == FIRST[control]
    assert play.message.text.startswith(message)
    assert_shows(play, *built({}, epochs=0))


@pytest.mark.parametrize(
    ("text", "reason"),
    [("-5", "from 0 to 9999; got -5"), ("abc", "a whole number from 0 to 9999; got 'abc'"),
     ("3.7", "a whole number from 0 to 9999; got 3.7"), ("", "a whole number from 0 to 9999; got ''"),
     ("inf", "from 0 to 9999; got inf")],
)  # fmt: skip
def test_a_seed_that_was_typed_and_cannot_be_is_refused_with_words(play, text, reason):
    seed = play.controls["seed"]
    seed.set_state({"value": text})  # as the browser does
    assert play.message.text == f"seed must be {reason}. It stays 0."
    assert (seed.value, seed.get_state()["value"]) == (0, "0")
    assert_shows(play, *built({}, epochs=0))


def test_a_loss_that_stays_above_its_first_value_is_said_with_what_to_try(play):
    for name, value in (("hidden", "relu"), ("eta", 100.0)):
        play.controls[name].value = value
    for epoch in range(1, 31):
        play.step_button.click()
        above = min(play.trainer.losses[-20:]) > play.trainer.losses[0]
        assert play.trainer.epoch == epoch
        assert bool(play.message.text) == (epoch >= 20 and above)
    first = number(play.trainer.losses[0], 4)
    assert play.message.text == (
        f"C has been above its first value, {first}, for 20 epochs: with eta = 100 the steps are too long. Choose an "
        "eta ten times smaller and rewind."
    )
    play.controls["eta"].value = 0.02
    play.rewind_button.click()
    for _ in range(25):
        play.step_button.click()
        assert play.message.text == ""


@pytest.mark.parametrize("control", ["dataset", "eta"])
def test_no_choice_at_all_is_refused_with_words(play, control):
    play.controls[control].value = None
    assert play.controls[control].value == FIRST[control]
    assert play.message.text.endswith(f"got None. It stays {FIRST[control]}.")


def test_a_unit_or_weight_that_is_not_there_is_refused_with_words(play):
    play.look.value = (3, 0)
    assert play.look.value == () and play.message.text.endswith("got (3, 0). It stays output.")
    play.weight.value = (1, 2, 0)
    assert play.weight.value == (1, 0, 0) and play.message.text.endswith("got (1, 2, 0). It stays W[1][0, 0].")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_no_number_is_put_back_with_words(play, value):
    play.net.W[2][1, 3] = value
    play.net.b[1][0] = 0.5
    play.refresh()
    assert play.message.text == f"W[2][1, 3] must be a finite number; got {value}. It is as it was."
    net, *points = built({}, epochs=0)
    net.b[1][0] = 0.5
    assert_shows(play, net, *points)
    assert_lines_give_the_numbers(play)


def test_a_weight_set_from_python_outlives_a_control_that_only_guides_the_next_step(play):
    net, *points = built({}, epochs=0)
    net.W[1][0, 0] = play.net.W[1][0, 0] = 2.0
    play.controls["eta"].value = 0.05
    assert_shows(play, net, *points)
    assert_lines_give_the_numbers(play)


def test_a_weight_out_of_range_is_refused_with_words(play):
    before = play.value.value
    play.value.value = 1000
    assert play.value.value == before and play.message.text.startswith("the weight must be from -100 to 100; got 1000.")


# The hidden units' maps -------------------------------------------------------------------------------------------


def test_the_maps_are_the_activations_each_at_its_own_scale(play):
    play.step()
    side_, net = GRID // 2, built({}, epochs=1)[0]
    u, v = (axis[::2] for axis in play.view.grid(GRID))
    u, v = np.meshgrid(u, v)
    a = net.forward(np.column_stack([u.ravel(), v.ravel()])).a
    heat = np.frombuffer(play.units.heat, np.uint8).reshape(play.units.shape) / 127.5 - 1
    for row, l in enumerate((1, 2)):
        bottom = FOOT + (1 - row) * (side_ + HEAD)
        for j in range(4):
            shown = heat[bottom : bottom + side_, j * (side_ + GAP) : j * (side_ + GAP) + side_]
            expected = a[l][:, j].reshape(side_, side_) / np.abs(a[l][:, j]).max()
            np.testing.assert_allclose(shown, expected, atol=0.005)
    assert play.units.alt.startswith("Maps of the hidden units: 4 in layer 1 and 4 in layer 2. The largest weight is ")


def test_every_unit_can_be_seen_large_with_the_line_where_its_z_is_0(play):
    play.step()
    net = built({}, epochs=1)[0]
    u, v = np.meshgrid(*play.view.grid(GRID))
    cache = net.forward(np.column_stack([u.ravel(), v.ravel()]))
    for (l, j), name in [((l, j), f"unit {j} of layer {l}") for l in (1, 2) for j in range(4)]:
        play.look.value = (l, j)
        heat = np.frombuffer(play.view.heat, np.uint8) / 127.5 - 1
        a = cache.a[l][:, j]
        np.testing.assert_allclose(heat, a / np.abs(a).max(), atol=0.005)
        on_line = np.concatenate(play.view.lines or [np.empty((0, 2))])
        assert len(on_line) == 0 or np.abs(net.forward(on_line).z[l][:, j]).max() < 0.02
        assert bool(len(on_line)) == (cache.z[l][:, j].min() < 0 < cache.z[l][:, j].max())
        assert play.view.alt.endswith(f"Coloured: {name}; on the line its z is 0.")
    play.look.value = ()
    assert_shows(play, net, *built({}, 0)[1:])


def test_a_click_on_a_small_map_shows_it_large_and_a_second_click_the_output(play):
    side_ = GRID // 2
    place = [2 * (side_ + GAP) + 3, FOOT + 5]  # the third map of the lowest row, which is layer 2
    for expected in ((2, 2), ()):
        play.units._edit("add", place)
        assert play.look.value == expected
    play.units._edit("add", [7 * (side_ + GAP) + 3, FOOT + 5])  # no map: there are 4 in a row
    assert play.look.value == ()
    play.look.value = (2, 3)
    play.controls["width"].value = 3
    assert play.look.value == ()


def test_each_small_map_is_found_where_it_is_drawn():
    side_, layers = 4, 3
    W = [np.ones((2, 8)), *[np.ones((8, 8))] * (layers - 1), np.ones((8, 1))]
    maps = unit_tiles([np.ones((side_ * side_, 8))] * layers, W, side_, columns=8)
    for v, u in np.argwhere(maps["heat"] == 1):
        l, j = tile_at(u + 0.5, v + 0.5, layers, side_)
        assert u // (side_ + GAP) == j and 0 <= v - FOOT - (layers - l) * (side_ + HEAD) < side_
    for v, u in np.argwhere(maps["heat"] == 0):
        assert tile_at(u + 0.5, v + 0.5, layers, side_) is None


def test_a_silent_unit_is_named():
    W = [np.array([[0.5, 1.0], [-1e-9, -2.0]]), np.ones((2, 1))]
    shown = unit_tiles([np.array([[0.0, 1.0]] * 4)], W, side=2, columns=8)
    largest = "The largest weight is W[1][1, 1] = −2."
    assert shown["alt"] == f"Maps of the hidden units: 2 in layer 1. 0 everywhere: unit 0 of layer 1. {largest}"
    assert unit_tiles([], W[:1], side=2, columns=8)["alt"] == f"There are no hidden units. {largest}"


@pytest.mark.parametrize(
    ("depth", "width", "loss"), [(0, 1, "cross_entropy"), (1, 8, "softmax_cross_entropy"), (3, 2, "squared_error")]
)
def test_a_wire_for_every_weight_joins_its_two_units(play, depth, width, loss):
    for name, value in (("depth", depth), ("width", width), ("loss", loss)):
        play.controls[name].value = value
    play.step()
    side_, net, (_, right, _, height) = GRID // 2, play.net, play.units.bounds
    wires = iter(play.units.wires)
    for l, i, j in [(k, *place) for k in range(1, depth + 2) for place in np.ndindex(net.W[k].shape)]:
        u, v, to_u, to_v, weight = next(wires)
        assert weight == float(f"{net.W[l][i, j]:.3g}")
        assert tile_at(u, v, depth, side_) == ((l - 1, i) if l > 1 else None)
        assert tile_at(to_u, to_v, depth, side_) == ((l, j) if l <= depth else None)
        assert 0 <= u <= right and 0 < to_v < v <= height - TOP
    assert next(wires, None) is None
    names = [text for _, _, text in play.units.texts]
    assert names[2:] == [
        *(["class 0", "class 1"] if "soft" in loss else ["output"]),
        *(f"layer {l + 1}" for l in range(depth)),
    ]


# Running ----------------------------------------------------------------------------------------------------------


def until(condition, seconds=20):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def watched(play):
    """Let every frame be drawn at once, as a browser would."""
    play.view.observe(lambda change: play.view.on_drawn(change["new"]), "frame")
    play.running._rest = 0.002
    return play


def test_a_run_can_be_paused_and_its_numbers_are_those_of_one_fit(play):
    watched(play).train_button.click()
    assert play.train_button.description == "Pause" and play.view.busy
    until(lambda: play.trainer.epoch > 6)
    thread = play.running._thread
    play.train_button.click()
    thread.join(5)
    epochs = play.trainer.epoch
    assert not thread.is_alive() and play.train_button.description == "Train" and not play.view.busy
    assert 6 < epochs < RUN
    assert_shows(play, *built({}, epochs))
    assert_lines_give_the_numbers(play)


def test_a_run_ends_by_itself(play):
    play.controls["batch_size"].value = 256
    play.pace.value = 50
    watched(play).train_button.click()
    until(lambda: not play.running.on)
    assert play.trainer.epoch == RUN
    assert_shows(play, *built({"batch_size": 256}, RUN))


def test_a_control_moved_in_mid_training_goes_on_with_the_new_value(play):
    watched(play).train_button.click()
    until(lambda: play.trainer.epoch > 3)
    play.controls["hidden"].value = "elu"
    assert play.running.on
    until(lambda: play.trainer.epoch > 3)
    play.controls["eta"].value = 0.01
    epoch = play.trainer.epoch
    until(lambda: play.trainer.epoch > epoch)
    play.train_button.click()
    assert_lines_give_the_numbers(play)


def test_running_the_cell_again_leaves_nothing_running(play):
    watched(play).train_button.click()
    thread = play.running._thread
    bp.widgets.playground()
    thread.join(5)
    assert not thread.is_alive() and not play.running.on
    assert play.message.text == "Paused: this experiment was started anew."


def test_a_closed_page_pauses_training_and_loses_nothing(play):
    play.running.patience = 0.05
    play.train_button.click()
    until(lambda: not play.running.on)
    assert play.message.text == "Paused: no browser has shown this for a while."
    assert_shows(play, *built({}, play.trainer.epoch))


def test_a_run_that_overflows_ends_with_words(play):
    for name, value in (
        ("hidden", "relu"),
        ("loss", "squared_error"),
        ("optimizer", "GradientDescent"),
        ("eta", 100.0),
    ):
        play.controls[name].value = value
    watched(play).train_button.click()
    until(lambda: not play.running.on)
    assert play.message.text.startswith("Training overflows with eta = 100")
    assert play.train_button.description == "Train"


def test_points_taken_away_in_mid_training_end_the_run_with_words(play):
    watched(play).train_button.click()
    play.clear_button.click()
    assert not play.running.on
    assert play.message.text.startswith("There are no points to train on.")


def test_the_text_for_a_stored_chapter_holds_no_address(play):
    C = built({}, 0)[0].loss(built({}, 0)[0].forward(play.trainer.x), play.trainer.y)
    assert repr(play) == f"[experiment] playground on circles, 2-4-4-1; epoch 0, C = {C:.4g} on 150 training points"
    play.clear_button.click()
    assert repr(play) == "[experiment] playground on your own points, 2-4-4-1; epoch 0, no points"
