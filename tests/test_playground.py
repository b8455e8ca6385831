"""The playground without a browser: every control across its range, against networks built anew with bpbook."""

import ast
import copy
import html
import json
import re
import sys
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import bpbook as bp
from bpbook.datasets import FEATURES
from bpbook.widgets.controls import inputs as controls
from bpbook.widgets.controls.words import number
from bpbook.widgets.playground import pictures
from bpbook.widgets.playground.board import HIDDEN, LOSSES
from bpbook.widgets.playground.network import words
from bpbook.widgets.playground.playground import GRID, RUN
from bpbook.widgets.playground.training.adviser import others, stands_still
from bpbook.widgets.playground.training.settings import OPTIMIZERS, OWN, OWN_VALUES
from bpbook.widgets.playground.training.trainer import Trainer

FIRST = {
    "dataset": "circles", "noise": 0.1, "share": 0.25, "inputs": ("x0", "x1"), "depth": 2, "width": 4, "hidden": "tanh",
    "loss": "binary_cross_entropy", "seed": 0, "optimizer": "Adam", "eta": 0.02, "lmbda": 0.0,
    "lmbda_1": 0.0, "batch_size": 16,
}  # fmt: skip


@pytest.fixture
def play():
    made = bp.widgets.playground()
    yield made
    made.running.stop()


def built(settings, epochs):
    """Return the network of these settings after so many epochs, with its points."""
    s = FIRST | settings
    x, y = getattr(bp.datasets, s["dataset"])(m=200, noise=s["noise"], seed=s["seed"])
    split = bp.datasets.shuffled_split(x, y, s["share"], s["seed"]) if s["share"] else (x, y, x[:0], y[:0])
    loss = "squared_error" if s["dataset"] in ("plane", "bumps") else s["loss"]
    sizes = [len(s["inputs"]), *[s["width"]] * s["depth"], 1 + (loss == "softmax_cross_entropy")]
    net = bp.MLP(sizes, hidden=s["hidden"], loss=loss, lmbda=s["lmbda"], lmbda_1=s["lmbda_1"], seed=s["seed"])
    optimizer = getattr(bp, s["optimizer"])(eta=s["eta"])
    if epochs:
        fit = {"batch_size": s["batch_size"], "optimizer": optimizer, "seed": s["seed"], "progress": False}
        net.fit(given(split[0], s["inputs"]), split[1], epochs=epochs, **fit)
    return net, *split


def given(x, inputs=("x0", "x1")):
    """Return what the network is given of points x, written out."""
    columns = {"x0": x[:, 0], "x1": x[:, 1], "sin": np.sin, "pi": np.pi}
    return np.column_stack([eval(name, {}, columns) for name in inputs])


def side(net, x):
    """Return how sure the network is of class 1, by its output and the loss it was made for."""
    a = net.forward(x).a[-1]
    if net.loss_function.name == "squared_error":
        return np.clip(a[:, 0], 0, 1)
    if net.loss_function.name == "cross_entropy":
        return a[:, 0]
    logit = a[:, 0] if a.shape[1] == 1 else a[:, 1] - a[:, 0]
    return 1 / (1 + np.exp(-logit))


def r_squared(a, y):
    return 1 - ((a - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def assert_shows(play, net, x, y, x_test, y_test, inputs=("x0", "x1")):
    """Compare all that is shown, picture, table and curve, with a network."""
    assert play.net.sizes == net.sizes
    valued, epoch, words = y.dtype.kind == "f", play.trainer.epoch, []
    sides = (("training points", x, y, play.trainer.losses), ("held out", x_test, y_test, play.trainer.test_losses))
    for name, points, targets, losses in sides if len(x_test) else sides[:1]:
        cache = net.forward(given(points, inputs))
        C = net.loss(cache, targets)
        assert losses[-1] == C
        a = cache.a[-1][:, 0]
        right = ((side(net, given(points, inputs)) > 0.5) == targets).mean()
        exact, short = (
            (number(r_squared(a, targets), k) for k in (4, 3)) if valued else (f"{right:.1%}", f"{right:.0%}")
        )
        assert f"<td>{len(points)}</td><td>{number(C)}</td><td>{exact}</td>" in play.table.value
        words.append(f"C = {number(C, 4)} on {len(points)} {name}, {f'R² = {short}' if valued else f'{short} right'}")
        path = next(path for path in play.curve.paths if path["name"] == ("train" if points is x else "test"))
        assert path["points"][-1] == [epoch, float(f"{C:.6g}")]
    assert ("<i>R</i>²" in play.table.value) == valued and ("right" in play.table.value) != valued
    assert play.view.alt == f"Epoch {epoch}: {'; '.join(words)}."
    assert_coloured(play, net, inputs, valued)
    shown = np.array(play.view.points, dtype=float)
    np.testing.assert_allclose(shown[:, :2], np.concatenate([x, x_test]), atol=1e-4)
    np.testing.assert_allclose(shown[:, 2], [*y, *y_test], atol=1e-4 if valued else 0)
    np.testing.assert_array_equal(shown[:, 3], [False] * len(y) + [True] * len(y_test))


def assert_coloured(play, net, inputs, valued):
    """Compare the colours of the plane, and what is said of them, with the output of a network."""
    u, v = np.meshgrid(*play.view.grid(GRID))
    heat = np.frombuffer(play.view.heat, np.uint8).reshape(GRID, GRID)
    grid = given(np.column_stack([u.ravel(), v.ravel()]), inputs)
    shown = net.forward(grid).a[-1][:, 0] if valued else 2 * side(net, grid) - 1
    shown = shown.reshape(GRID, GRID)
    np.testing.assert_allclose(heat, 255 * (np.clip(shown, -1, 1) + 1) / 2, atol=0.5 + 1e-6)
    assert play.view.legend == (["■ −1", "0", "● 1"] if valued else ["■ class 0", "undecided", "● class 1"])
    assert play.view.graded == valued
    if not valued:
        assert bool(play.view.lines) == (shown.min() < 0 < shown.max())
        return
    levels, near = set(), max(np.abs(np.diff(shown, axis=axis)).max() for axis in (0, 1)) / 4
    for line in play.view.lines:
        heights = net.forward(given(np.array(line), inputs)).a[-1][:, 0]
        levels.add(round(4 * heights.mean()) / 4)
        assert np.abs(heights - round(4 * heights.mean()) / 4).max() < near  # a quarter of the steepest step
    assert levels == {k / 4 for k in range(-3, 4) if shown.min() < k / 4 < shown.max()}


CASES = [
    *[("dataset", name) for name in [*bp.datasets.TOYS, *bp.datasets.VALUED]],
    *[("inputs", names) for names in (("x1",), ("x0**2", "x1**2"), ("x0", "x0*x1", "sin(pi*x1)"), tuple(FEATURES))],
    *[("noise", value) for value in (0.0, 0.2, 0.4)],
    *[("share", value) for value in (0.0, 0.05, 0.5, 0.8)],
    *[("depth", value) for value in range(5)],
    *[("width", value) for value in (1, 2, 8)],
    *[("hidden", name) for name in HIDDEN],
    *[("loss", name) for name in LOSSES],
    *[("seed", value) for value in (1, 9999)],
    *[("optimizer", name) for name in OPTIMIZERS],
    *[("eta", value) for value in (0.0001, 0.1, 0.5)],
    *[(name, value) for name in ("lmbda", "lmbda_1") for value in (0.0001, 0.01, 0.5)],
    *[("batch_size", value) for value in (1, 64, 256)],
]


EVERYWHERE = [(data, *case) for data in ("circles", "bumps") for case in CASES if (data, case[0]) != ("bumps", "loss")]


@pytest.mark.parametrize(("dataset", "name", "value"), EVERYWHERE, ids=str)
def test_every_control_makes_the_network_that_bpbook_makes(play, dataset, name, value):
    inputs = value if name == "inputs" else FIRST["inputs"]
    play.controls["dataset"].value = dataset
    play.controls[name].value = value
    assert_shows(play, *built({"dataset": dataset, name: value}, epochs=0), inputs)
    play.step_button.click()
    play.step_button.click()
    assert_shows(play, *built({"dataset": dataset, name: value}, epochs=2), inputs)
    assert play.message.text == ""
    assert_lines_give_the_numbers(play)


def test_the_choices_are_all_that_bpbook_has():
    assert set(HIDDEN) == set(bp.activations.__all__) - {"Activation", "get"}
    assert set(LOSSES) == set(bp.losses.__all__) - {"Loss", "get", "softmax"}
    assert list(bp.widgets.playground().controls["inputs"].boxes) == list(FEATURES)
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
    play.settings.widths.set_state({"value": ", ".join(map(str, widths))})  # as the browser does
    net = bp.MLP([2, *widths, 1], hidden="tanh", loss="binary_cross_entropy", seed=0)
    _, *points = built({}, epochs=0)
    assert_shows(play, net, *points)
    assert (play.controls["depth"].value, play.controls["width"].value) == (len(widths), (*widths, 4)[0])
    assert play.message.text == "" and play.settings.widths.get_state()["value"] == " ".join(map(str, widths))
    play.controls["eta"].value = 0.1
    play.step()
    assert play.net.sizes == [2, *widths, 1]
    assert_lines_give_the_numbers(play)
    play.controls["depth"].value = 3
    assert play.net.sizes == [2, *[(*widths, 4)[0]] * 3, 1]
    assert play.settings.widths.value == tuple(play.net.sizes[1:-1])
    play.settings.widths.value = widths
    play.controls["width"].value = 6
    assert play.settings.widths.value == (6,) * len(widths) == tuple(play.net.sizes[1:-1])


@pytest.mark.parametrize("text", ["abc", "4 9", "0", "4 2.5", "1 1 1 1 1", "-2"])
def test_widths_that_cannot_be_are_refused_with_words(play, text):
    play.settings.widths.set_state({"value": text})
    assert play.message.text == (
        f"widths must be at most 4 whole numbers from 1 to 8, such as 4 2; got {text!r}. It stays 4 4."
    )
    assert (play.settings.widths.value, play.settings.widths.get_state()["value"]) == ((4, 4), "4 4")
    assert_shows(play, *built({}, epochs=0))


@pytest.mark.parametrize(("name", "value"), [("eta", 0.1), ("dataset", "moons"), ("inputs", ("x1",)), ("noise", 0.3)])
def test_a_control_moved_while_another_is_heard_is_heard_next(play, name, value):
    change, control = play.trainer.change, play.controls[name]

    def meanwhile(settings):  # in another thread, as Jupyter does; it waits until this change is done
        play.trainer.change = change
        second = threading.Thread(target=setattr, args=(control, "value", value), daemon=True)
        second.start()
        until(lambda: control.value == value)
        threads.append(second)
        return change(settings)

    threads, play.trainer.change = [], meanwhile
    play.controls["noise"].value = 0.2
    threads[0].join(5)
    assert control.value == value
    settings = {"noise": 0.2} | {name: value}
    assert_shows(play, *built(settings, epochs=0), settings.get("inputs", FIRST["inputs"]))


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


def test_the_exported_lines_tell_the_whole_story(play):
    play.controls["lmbda"].value = 0.001
    play.step()
    play.step()
    changes = [("eta", 0.1), ("lmbda", 0.01), ("lmbda_1", 0.002), ("batch_size", 64), ("optimizer", "Momentum")]
    for name, value in [*changes, ("eta", 0.05)]:
        play.controls[name].value = value
        play.step()
    play.by_hand.weight.value = (2, 1, 3)
    play.by_hand.value.value = 0.5
    play.by_hand.button.click()
    play.step()
    play.by_hand.weight.value = (1, 2)
    play.by_hand.value.value = -1.25
    play.by_hand.button.click()
    play.controls["lmbda"].value = 0.1
    assert "net.W[2][1, 3] = 0.5" in play.lines() and "net.b[1][2] = -1.25" in play.lines()
    assert_lines_give_the_numbers(play)


def test_an_l1_penalty_leaves_fewer_weights_that_count_than_the_same_run_without(play):
    counts = []
    for lmbda_1 in (0.0, 0.005):
        play.controls["lmbda_1"].value = lmbda_1
        play.rewind()
        assert play.trainer.train(300) == "" and play.trainer.score() > 0.9
        counts.append(sum(int((np.abs(W) > 0.05).sum()) for W in play.net.W[1:]))
    assert counts[1] < counts[0]
    assert "lmbda_1=0.005" in play.lines()
    assert_lines_give_the_numbers(play)


def test_the_exported_lines_hold_the_readers_own_points(play):
    play.clear_button.click()
    for u, v, k in ((0.5, 0.5, 1), (-0.5, 0.1, 0), (0.1234, -1, 1), (-1, -1, 0)):
        play.view.brush = k
        play.view._edit("add", [u, v])
    play.step()
    assert_lines_give_the_numbers(play)


def test_the_exported_lines_run_without_any_points(play):
    play.controls["inputs"].value = ("x0", "x0**2")
    play.clear_button.click()
    reader = {}
    exec(play.lines(), reader)
    assert reader["net"].sizes == [2, 4, 4, 1] and "C" not in reader


# A state that is shared -------------------------------------------------------------------------------------------


def changed_in_every_way(play):
    play.controls["dataset"].value, play.controls["seed"].value = "xor", 3
    play.controls["inputs"].value = ("x0", "x0*x1")
    play.settings.widths.value = (4, 2)
    play.controls["lmbda"].value, play.controls["lmbda_1"].value = 0.001, 0.01
    changes = [("eta", 0.1), ("lmbda", 0.01), ("lmbda_1", 0.002), ("batch_size", 64), ("optimizer", "Momentum")]
    for name, value in [*changes, ("eta", 0.05)]:
        play.step()
        play.controls[name].value = value
    play.trainer.set((2, 1, 1), 0.5)
    play.trainer.set((1, 2), -1.25)
    play.refresh()
    play.step()
    play.controls["lmbda"].value = 0.1


def with_own_points(play):
    play.controls["share"].value = 0.5
    play.clear_button.click()
    for k in range(6):
        play.view.brush = k % 2
        play.view._edit("add", [0.1 * k + 0.0123, 0.3 * (k % 2)])
    play.trainer.set((1, 0, 0), 1.5)
    play.controls["lmbda"].value = 0.1
    play.step()


@pytest.mark.parametrize("act", [lambda play: None, changed_in_every_way, with_own_points])
@pytest.mark.parametrize("way", ["call", "line", "text"])
def test_a_state_comes_again_number_for_number(play, act, way):
    act(play)
    line = play.state.value
    text = ast.literal_eval(line.removeprefix("bp.widgets.playground"))
    if way == "call":
        other = eval(line, {"bp": bp})
    else:
        other = bp.widgets.playground()
        other.step()
        other.state.set_state({"value": line if way == "line" else text})  # as the browser does
    assert other.message.text == "" and repr(other) == repr(play)
    for ours, theirs in zip([*play.net.W[1:], *play.net.b[1:]], [*other.net.W[1:], *other.net.b[1:]], strict=True):
        np.testing.assert_array_equal(theirs, ours)
    assert (other.lines(), other.state.value) == (play.lines(), line)
    assert (other.trainer.losses[-1], other.table.value) == (play.trainer.losses[-1], play.table.value)
    for each in (play, other):
        each.step()
    assert other.trainer.losses[-1] == play.trainer.losses[-1]
    play.controls["seed"].value = 4
    assert play.state.value != line and not np.array_equal(play.net.W[1], other.net.W[1])  # another one


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "Expecting value"),
        ("[1]", "it is no dictionary"),
        ('{"eta": 0.03}', "eta cannot be 0.03"),
        ('{"dataset": "iris"}', "dataset cannot be 'iris'"),
        ('{"inputs": ["x7"]}', "inputs cannot be ('x7',)"),
        ('{"seed": -1}', "seed cannot be -1"),
        ('{"widths": [9]}', "it has hidden layers of (9,)"),
        ('{"width": 3, "colour": 1}', "unexpected keyword argument 'colour'"),
        ('{"did": [[30000, {}]]}', "it has 30000 epochs, and 20000 may be"),
        ('{"did": [[1, {"seed": 2}]]}', "seed cannot change on the way"),
        ('{"did": [[[3, 0, 9], 1.0]]}', "out of bounds"),
        ('{"did": [[[0, 0], 1.0]]}', "there is no b[0][0]"),
        ("bp.widgets.playground('{", "unterminated string"),
    ],
)
def test_a_text_that_is_no_state_is_refused_with_words(play, text, reason):
    play.step()
    line = play.state.value
    play.state.set_state({"value": text})
    said = html.unescape(play.message.text)
    assert said.startswith("state must be the text or the line that a playground shows under its code; got ")
    assert reason in said and said.endswith("Copy the whole line.")
    assert play.state.value == line
    assert_shows(play, *built({}, epochs=1))
    with pytest.raises(ValueError, match="state must be the text"):
        bp.widgets.playground(text)


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
    assert play.message.text == "There are 500 points, the most allowed. Remove some first."
    assert len(play.trainer.whole[0]) == 500


def test_every_weight_can_be_set_by_hand(play):
    net, *points = built({}, epochs=0)
    for _, place in play.by_hand.weight.options:
        play.by_hand.weight.value = place
        l, *units = place
        array = (net.W if len(units) == 2 else net.b)[l]
        assert play.by_hand.value.value == array[tuple(units)]
        array[tuple(units)] = play.by_hand.value.value = 0.75
        play.by_hand.button.click()
    assert len(play.by_hand.weight.options) == sum(W.size for W in net.W[1:]) + sum(b.size for b in net.b[1:])
    assert_shows(play, net, *points)


def test_a_weight_set_from_python_is_shown_after_refresh(play):
    net, *points = built({}, epochs=0)
    net.W[1][0, 0] = play.net.W[1][0, 0] = 2.0
    play.refresh()
    assert_shows(play, net, *points)
    assert_lines_give_the_numbers(play)


def test_a_weight_is_shown_to_six_digits_and_set_to_all_it_has(play):
    W = play.net.W[1][0, 0]
    shown = play.by_hand.value.get_state()["value"]
    assert (play.by_hand.value.value, shown) == (W, f"{W:.6g}") and float(shown) != W
    play.by_hand.value.set_state({"value": shown})  # the browser sends back what it shows
    play.by_hand.button.click()
    assert play.net.W[1][0, 0] == W


# Values and inputs ------------------------------------------------------------------------------------------------


def test_values_have_one_loss_and_classes_get_theirs_back(play):
    play.controls["loss"].value = "cross_entropy"
    play.controls["dataset"].value = "bumps"
    loss = play.controls["loss"]
    assert (loss.value, loss.options) == ("squared_error", (("squared_error", "squared_error"),))
    loss.value = "cross_entropy"
    assert play.message.text == "loss must be one of squared_error; got 'cross_entropy'. It stays squared_error."
    play.controls["width"].value = 3
    assert_shows(play, *built({"dataset": "bumps", "width": 3}, epochs=0))
    play.controls["dataset"].value = "xor"
    assert (loss.value, [name for name, _ in loss.options]) == ("cross_entropy", list(LOSSES))
    assert_shows(play, *built({"dataset": "xor", "loss": "cross_entropy", "width": 3}, epochs=0))


def test_the_question_the_brush_and_the_hint_are_those_of_the_data(play):
    play.brush.value = 0
    for data, asked, named, hinted in (
        ("bumps", "What keeps <i>C</i> above 0", "■ value −1", "0 or 1 for a value of −1 or 1."),
        ("xor", "tell the two classes apart?", "■ class 0", "0 or 1 for its class."),
    ):
        play.controls["dataset"].value = data
        assert asked in play.title.value and play.view.hint.endswith(hinted)
        assert (play.brush.label, play.brush.value, play.view.brush) == (named, 0, 0)


def test_the_questions_have_their_answers(play):
    def trained(epochs=300, **settings):
        play.reset()
        for name, value in settings.items():
            play.controls[name].value = value
        play.trainer.train(epochs)
        return play.trainer

    for data, inputs, few in (
        ("circles", ("x0**2", "x1**2"), 3),
        ("xor", ("x0*x1",), 4),
        ("gaussians", ("x0", "x1"), 1),
    ):
        assert trained(dataset=data, inputs=inputs, depth=0, eta=0.1).score(test=True) >= 0.96
        assert trained(dataset=data, depth=1, width=few).score(test=True) >= 0.9
    assert trained(dataset="circles", depth=0).score(test=True) < 0.7
    assert trained(dataset="plane", depth=0).score(test=True) > 0.9
    assert trained(dataset="bumps", depth=0).score(test=True) < 0.5
    for noise in (0.1, 0.2, 0.4):  # what no network can foresee
        floor = noise**2 / 2
        assert 0.6 * floor < trained(dataset="plane", depth=0, noise=noise).test_losses[-1] < 1.5 * floor
    assert trained(dataset="plane", depth=0, noise=0.0).test_losses[-1] < 1e-6


@pytest.mark.parametrize("name", FEATURES)
def test_a_box_gives_the_network_its_input_and_takes_it_away(play, name):
    boxes = play.controls["inputs"].boxes
    assert [box for box in boxes if boxes[box].value] == ["x0", "x1"]
    boxes[name].value = not boxes[name].value
    inputs = tuple(other for other in FEATURES if (other in ("x0", "x1")) != (other == name))
    assert play.controls["inputs"].value == inputs and play.trainer.epoch == 0
    assert_shows(play, *built({"inputs": inputs}, epochs=0), inputs)
    assert len([place for _, place in play.by_hand.weight.options if place[0] == 1 and len(place) == 3]) == 4 * len(
        inputs
    )
    boxes[name].value = not boxes[name].value
    assert_shows(play, *built({}, epochs=0))


@pytest.mark.parametrize("value", [(), ("x0", "x7")])
def test_inputs_that_cannot_be_are_refused_with_words(play, value):
    play.controls["inputs"].value = value
    assert play.message.text == (
        "inputs must be at least one of x0, x1, x0**2, x1**2, x0*x1, sin(pi*x0), sin(pi*x1); "
        f"got {value!r}. They stay as they were."
    )
    assert_shows(play, *built({}, epochs=0))


def test_the_last_box_cannot_be_unticked(play):
    inputs = play.controls["inputs"]
    inputs.boxes["x1"].value = False
    inputs.boxes["x0"].value = False
    assert inputs.value == ("x0",) and inputs.boxes["x0"].value
    assert play.message.text.startswith("inputs must be at least one of x0, x1, ")
    assert_shows(play, *built({"inputs": ("x0",)}, epochs=0), ("x0",))


def test_rewinding_comes_back_to_the_same_numbers_with_values_and_inputs(play):
    inputs = ("x1", "x0**2", "sin(pi*x0)")
    play.controls["dataset"].value, play.controls["inputs"].value = "bumps", inputs
    for _ in range(3):
        play.step()
    after = play.trainer.losses
    play.rewind_button.click()
    assert_shows(play, *built({"dataset": "bumps", "inputs": inputs}, epochs=0), inputs)
    for _ in range(3):
        play.step()
    assert play.trainer.losses == after
    assert_lines_give_the_numbers(play)


def test_a_click_adds_a_point_of_value_1_or_minus_1(play):
    play.controls["dataset"].value = "plane"
    for brush, value in ((1, 1.0), (0, -1.0)):
        play.brush.value = brush
        play.view._edit("add", [0.1234, -0.5])
        assert play.trainer.whole[0][-1].tolist() == [0.123, -0.5] and play.trainer.whole[1][-1] == value
    given_, values = bp.datasets.plane(m=200, noise=0.1, seed=0)
    np.testing.assert_array_equal(play.trainer.whole[0][:200], given_)
    np.testing.assert_array_equal(play.trainer.whole[1], [*values, 1, -1])
    assert play.controls["dataset"].value == OWN_VALUES and play.controls["noise"].disabled
    play.step()
    assert_shows(play, play.net, *bp.datasets.shuffled_split(*play.trainer.whole, share=0.25, seed=0))
    play.controls["inputs"].value = ("x0", "x0*x1")
    play.step()
    assert_lines_give_the_numbers(play)


def test_own_points_and_own_values_begin_with_those_shown_and_are_kept_apart(play):
    x, y = bp.datasets.circles(m=200, noise=0.1, seed=0)
    play.controls["dataset"].value = OWN_VALUES
    np.testing.assert_array_equal(play.trainer.whole[0], x)
    np.testing.assert_array_equal(play.trainer.whole[1], 2 * y - 1)
    assert play.trainer.whole[1].dtype == float
    play.clear_button.click()
    play.view._edit("add", [0.5, 0.5])
    play.controls["dataset"].value = "bumps"
    play.controls["dataset"].value = OWN
    x, y = bp.datasets.bumps(m=200, noise=0.1, seed=0)
    np.testing.assert_array_equal(play.trainer.whole[1], y > 0)
    assert play.trainer.whole[1].dtype == int
    play.controls["dataset"].value = OWN_VALUES
    assert play.trainer.whole[0].tolist() == [[0.5, 0.5]]


def test_values_that_are_all_alike_have_no_score_and_can_be_learned_all_the_same(play):
    play.controls["dataset"].value, play.controls["share"].value = "plane", 0.0
    play.clear_button.click()
    assert play.message.text == "There are no points to train on. Click into the plane, or choose a data set."
    play.view._edit("add", [0.5, 0.5])
    play.step_button.click()
    C = number(play.trainer.losses[-1])
    assert f"<td>train</td><td>1</td><td>{C}</td><td>–</td>" in play.table.value
    assert play.view.alt.endswith("on 1 training points, R² = –.") and play.message.text == ""
    assert_lines_give_the_numbers(play)


# Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:the loss rose")
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
            "activation must be one of identity, sigmoid, tanh, relu, leaky_relu, softplus, elu, gelu, softsign;",
        ),
        (
            "loss",
            "hinge",
            "loss must be one of binary_cross_entropy, cross_entropy, squared_error, softmax_cross_entropy;",
        ),
        ("optimizer", "SGD", "optimizer must be one of GradientDescent, Momentum, RMSProp, Adam; got 'SGD'."),
        ("eta", 0.03, "eta must be one of 0.0001, "),
        ("lmbda", -1.0, "L2 lambda must be one of 0, 0.0001, "),
        ("lmbda_1", 0.3, "L1 lambda must be one of 0, 0.0001, "),
        ("batch_size", 3, "batch size must be one of 1, 2, 4, 8, 16, 32, 64, 128, 256; got 3. It stays 16."),
        (
            "dataset",
            "iris",
            "data must be one of circles, xor, gaussians, moons, spirals, plane, bumps, your own points, your own ",
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
     ("1,000", "a whole number from 0 to 9999; got '1,000'"),
     ("<b>3", "a whole number from 0 to 9999; got '&lt;b&gt;3'"),
     ("inf", "from 0 to 9999; got inf")],
)  # fmt: skip
def test_a_seed_that_was_typed_and_cannot_be_is_refused_with_words(play, text, reason):
    seed = play.controls["seed"]
    seed.set_state({"value": text})  # as the browser does
    assert play.message.text == f"seed must be {reason}. It stays 0."
    assert (seed.value, seed.get_state()["value"]) == (0, "0")
    assert_shows(play, *built({}, epochs=0))


def test_a_refusal_can_be_read_while_it_trains(play, monkeypatch):
    monkeypatch.setattr(play.running, "_on", True)
    play.controls["seed"].set_state({"value": "abc"})
    said = play.message.text
    play._tick()
    assert said.startswith("seed must be") and play.message.text == said
    monkeypatch.setattr(controls, "READ", 0.0)  # what was said long ago is taken away
    play.controls["seed"].set_state({"value": "abc"})
    play._tick()
    assert play.trainer.epoch > 1 and play.message.text == ""


def test_a_weight_that_was_typed_and_refused_is_not_passed_over_when_set_is_pressed(play):
    before = play.by_hand.value.value
    play.by_hand.value.set_state({"value": "abc"})  # the field is left by a click on Set, in this order
    play.by_hand.button.click()
    assert play.message.text.startswith("the weight must be a number from -100 to 100; got 'abc'.")
    assert play.by_hand.value.value == before and not play.trainer.record
    play.by_hand.button.click()
    assert play.message.text == ""


def test_behind_one_unit_or_none_every_border_is_straight_as_the_hint_says(play):
    for widths, inputs_given, straight in (
        ((), ("x0", "x1"), True),
        ((1,), ("x0", "x1"), True),
        ((1, 4), ("x0", "x1"), True),
        ((4, 1), ("x0", "x1"), False),
        ((1,), ("x0", "x1**2"), False),
        ((2,), ("x0", "x1"), False),
    ):
        settings = replace(play.trainer.settings, widths=widths, depth=len(widths), inputs=inputs_given)
        meanings = [meaning for _, _, meaning in others(settings, exploded=False) if "too few units" in meaning]
        assert ["straight" in meaning for meaning in meanings] == [straight]
        trainer = Trainer(settings)
        trainer.train(5)
        along = np.array([[1.0, -trainer.net.W[1][0, 0] / trainer.net.W[1][1, 0]]])  # W[1] of unit 0 does not change
        start = np.random.default_rng(0).uniform(-1, 1, (20, 2))
        moved = np.abs(trainer.shade(start + 0.5 * along) - trainer.shade(start)).max()
        assert (moved < 1e-12) == straight


STANDING = (
    r"(.*) In a trial from the start, (?:eta = (\S+)|hidden layers of ([\d ]+)) reached C = (\S+) in (\d+) epochs, "
    r"so (.*)\."
)
FEW = "there are too few units: with so few, every border is a straight line"


@pytest.mark.parametrize(
    ("changes", "trouble", "mend", "meaning"),
    [
        ({"depth": 0}, "C has gained less than 2% in 50 epochs.", {"depth": 1, "width": 4}, FEW),
        ({"depth": 1, "width": 1}, "C has gained less than 2% in 50 epochs.", {"width": 2}, FEW),
        ({"eta": 0.0001}, "C has gained less than 2% in 50 epochs.", {"eta": 0.002}, "the steps are too short"),
        ({"hidden": "relu", "eta": 100.0}, "above its first value", {"eta": 0.1}, "the steps are too long"),
        (
            {"dataset": "spirals", "depth": 3, "width": 8},
            "C has gained less than 2% in 50 epochs.",
            {"eta": 0.005},
            "the steps are too long",
        ),
    ],
    ids=str,
)
def test_a_run_that_stands_still_or_explodes_is_told_what_a_trial_found(play, changes, trouble, mend, meaning):
    for name, value in changes.items():
        play.controls[name].value = value
    best = None  # when it was first seen to stand still
    while not (said := re.fullmatch(STANDING, play.message.text)):
        play.trainer.train()
        best = best or (min(play.trainer.losses) if stands_still(play.trainer) else None)
        play.message.say(play._adviser.watch())
        assert play.trainer.epoch < 300
    play.refresh()
    assert play.message.text == said[0]
    assert trouble in said[1] and said[6] == meaning
    assert (said[2] is not None) == ("eta" in mend)
    net, x, y, *_ = built(changes | mend, epochs=int(said[5]))
    assert number(net.loss(net.forward(x), y), 3) == said[4]
    assert net.loss(net.forward(x), y) < 0.8 * best
    net, x, y, *_ = built(changes | mend, epochs=int(said[5]) - 1)
    assert net.loss(net.forward(x), y) >= 0.8 * best
    assert_lines_give_the_numbers(play)  # the run itself was let alone
    play.controls["eta"].value = 0.05
    assert play.message.text == ""


@pytest.mark.parametrize("data", [*bp.datasets.TOYS, *bp.datasets.VALUED])
def test_a_healthy_run_is_not_spoken_to(play, data):
    if data == "spirals":
        play.controls["width"].value = 8
    play.controls["dataset"].value = data
    for _ in range(160):
        play.trainer.train()
        play._adviser.watch()
        play.message.say(play._adviser.watch(0))
        assert play.message.text == ""
    assert play.trainer.score() > 0.9


def test_where_no_trial_helps_that_is_said(play):
    x, _ = bp.datasets.gaussians(m=60, noise=0.1, seed=0)
    chance = np.random.default_rng(0).integers(0, 2, len(x))  # nothing to be learned
    play.controls["share"].value, play.controls["depth"].value = 0.0, 0
    play._take([(float(u), float(v), int(k)) for (u, v), k in zip(x, chance, strict=True)])
    while not (text := play._adviser.watch()):
        play.trainer.train()
        assert play.trainer.epoch < 600
    assert re.fullmatch(
        r"C has gained less than 2% in 50 epochs\. In trials of \d+ epochs, none of these came far below [\d.]+: "
        r"eta = 0\.005, hidden layers of 4, eta = 0\.001, eta = 0\.5\.",
        text,
    )


@pytest.mark.parametrize("control", ["dataset", "eta"])
def test_no_choice_at_all_is_refused_with_words(play, control):
    play.controls[control].value = None
    assert play.controls[control].value == FIRST[control]
    assert play.message.text.endswith(f"got None. It stays {FIRST[control]}.")


def test_a_unit_or_weight_that_is_not_there_is_refused_with_words(play):
    play.look.value = (3, 0)
    assert play.look.value == () and play.message.text.endswith("got (3, 0). It stays output.")
    play.by_hand.weight.value = (1, 2, 0)
    assert play.by_hand.weight.value == (1, 0, 0) and play.message.text.endswith("got (1, 2, 0). It stays W[1][0, 0].")


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
    before = play.by_hand.value.value
    play.by_hand.value.value = 1000
    assert play.by_hand.value.value == before and play.message.text.startswith(
        "the weight must be from -100 to 100; got 1000."
    )


# The hidden units' maps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", [("x0", "x1"), ("x1", "x0*x1", "sin(pi*x0)")], ids=str)
def test_the_maps_are_inputs_and_activations_each_at_its_own_scale(play, inputs):
    play.controls["inputs"].value = inputs
    play.step()
    side_, net = GRID // 2, built({"inputs": inputs}, epochs=1)[0]
    u, v = (axis[::2] for axis in play.view.grid(GRID))
    u, v = np.meshgrid(u, v)
    a = net.forward(given(np.column_stack([u.ravel(), v.ravel()]), inputs)).a
    maps = np.frombuffer(play.network.maps, np.uint8).reshape(-1, side_ * side_) / 127.5 - 1
    every = np.concatenate(a[:-1], axis=1)
    assert len(maps) == len(inputs) + 8
    np.testing.assert_allclose(maps, (every / np.abs(every).max(axis=0)).T, atol=0.005)
    names = "x₁, x₀x₁, sin πx₀" if len(inputs) == 3 else "x₀, x₁"
    assert play.network.alt.startswith(
        f"Maps of the inputs {names} and of the hidden units: 4 in layer 1 and 4 in layer 2. The largest weight is "
    )


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
        assert play.view.legend == [f"−{number(np.abs(a).max(), 3)}", "0", number(np.abs(a).max(), 3)]
    play.look.value = ()
    assert_shows(play, net, *built({}, 0)[1:])


def test_every_input_can_be_seen_large_with_the_line_where_it_is_0(play):
    play.controls["inputs"].value = list(FEATURES)
    u, v = np.meshgrid(*play.view.grid(GRID))
    a = given(np.column_stack([u.ravel(), v.ravel()]), FEATURES)
    for i, name in enumerate(["x₀", "x₁", "x₀²", "x₁²", "x₀x₁", "sin πx₀", "sin πx₁"]):
        play.look.value = (0, i)
        np.testing.assert_allclose(
            np.frombuffer(play.view.heat, np.uint8) / 127.5 - 1, a[:, i] / np.abs(a[:, i]).max(), atol=0.005
        )
        assert play.view.alt.endswith(f"Coloured: input {name}; on the line it is 0.")
        assert bool(play.view.lines) == (a[:, i].min() < 0)
        for line in play.view.lines:
            assert np.abs(given(np.array(line), FEATURES)[:, i]).max() < 0.02


def asks(play, do, **more):
    """Let the browser ask this of the picture of the network."""
    play.network._answer(None, {"do": do, **more}, [])


def test_a_click_on_a_map_shows_it_large_and_a_second_click_the_output(play):
    for expected in ((2, 2), ()):
        asks(play, "look", place=[2, 2])
        assert play.look.value == expected == tuple(play.network.look)
    asks(play, "look", place=[0, 1])
    assert play.look.value == (0, 1)
    asks(play, "look", place=[2, 7])  # there are 4 in a layer
    assert play.look.value == (0, 1)
    play.look.value = (2, 3)
    play.controls["width"].value = 3
    assert play.look.value == ()


def test_a_weight_or_a_bias_is_set_on_the_picture_or_refused_with_words(play):
    asks(play, "set", place=[2, 1, 3], text="−0,75")
    asks(play, "set", place=[1, 2], text="1.25")
    assert (play.net.W[2][1, 3], play.net.b[1][2]) == (-0.75, 1.25)
    assert "net.W[2][1, 3] = -0.75" in play.lines()
    assert_lines_give_the_numbers(play)
    for text in ("much", "1e3", "nan"):
        asks(play, "set", place=[2, 1, 3], text=text)
        assert play.message.text.startswith("W[2][1, 3] must be a number from -100 to 100; got ")
    assert play.net.W[2][1, 3] == -0.75


def test_layers_units_and_data_are_chosen_on_the_picture(play):
    asks(play, "widths", widths=[4, 5, 3])
    assert play.net.sizes == [2, 4, 5, 3, 1] and play.settings.widths.value == (4, 5, 3)
    asks(play, "widths", widths=[])
    assert play.net.sizes == [2, 1]
    asks(play, "data", name="spirals")
    assert play.trainer.settings.dataset == play.network.state["data"] == "spirals"
    assert set(play.network.thumbs) == {*bp.datasets.TOYS, *bp.datasets.VALUED}


@pytest.mark.parametrize("discrete", [False, True])
def test_the_plane_can_be_shown_in_two_colours_only(play, discrete):
    play.discrete.value = discrete
    assert play.view.discrete == discrete


def test_a_silent_unit_is_named():
    net = bp.MLP([2, 2, 1], loss="squared_error", seed=0)
    net.W[1][...], net.W[2][...] = [[0.5, 1.0], [-1e-9, -2.0]], 1.0
    inputs, hidden = np.ones((4, 2)), np.array([[0.0, 1.0]] * 4)
    largest = "The largest weight is W[1][1, 1] = −2."
    assert words(net, [inputs, hidden], ["x₀", "x₁"]) == (
        f"Maps of the inputs x₀, x₁ and of the hidden units: 2 in layer 1. 0 everywhere: unit 0 of layer 1. {largest}"
    )
    assert words(net, [inputs], ["x₀", "x₁"]) == f"Maps of the inputs x₀, x₁; no hidden units. {largest}"


@pytest.mark.parametrize(
    ("depth", "width", "loss", "inputs"),
    [
        (0, 1, "cross_entropy", tuple(FEATURES)),
        (1, 8, "softmax_cross_entropy", ("x0*x1",)),
        (3, 2, "squared_error", ("x0", "x0**2", "x1**2")),
    ],
)
def test_the_picture_has_the_number_of_every_weight_and_bias(play, depth, width, loss, inputs):
    for name, value in (("depth", depth), ("width", width), ("loss", loss), ("inputs", inputs)):
        play.controls[name].value = value
    play.step()
    net, shown = play.net, np.frombuffer(play.network.numbers, "<f8")
    np.testing.assert_array_equal(shown, np.concatenate([a.ravel() for a in [*net.W[1:], *net.b[1:]]]))
    assert play.network.state["sizes"] == net.sizes
    assert play.network.state["outputs"] == (["class 0", "class 1"] if "soft" in loss else ["output"])


# One example ------------------------------------------------------------------------------------------------------


def click(play, k, test=False):
    """Let the browser tell that a point was clicked."""
    point = (play.trainer.x_test if test else play.trainer.x)[k]
    play.view._answer(None, {"do": "open", "at": np.round(point, 4).tolist()}, [])


def assert_shows_example(play, net, x, y, whole, batch, eta):
    """Compare the diagram and the losses with the backward pass of this network for this one example."""
    state = play.example.diagram.state
    (shown,) = state["examples"]
    cache = net.forward(x)
    grads = net.backward(cache, y)
    L = len(net.sizes) - 1
    for l in range(1, L + 1):
        np.testing.assert_array_equal(state["W"][l], net.W[l])
        np.testing.assert_array_equal(shown["z"][l], cache.z[l][0])
        np.testing.assert_array_equal(shown["a"][l], cache.a[l][0])
        np.testing.assert_array_equal(shown["delta"][l], grads.delta[l][0])
        np.testing.assert_array_equal(shown["dW"][l], grads.dW[l])
        np.testing.assert_array_equal(state["update"]["W"][l], net.W[l] - eta * grads.dW[l])
        np.testing.assert_array_equal(state["update"]["b"][l], net.b[l] - eta * grads.db[l])
    assert shown["C"] == net.loss(cache, y)
    nets = [net, copy.deepcopy(net), copy.deepcopy(net)]
    for moved, (given_, targets) in zip(nets[1:], ((x, y), batch), strict=True):
        moved.update(net.backward(net.forward(given_), targets), eta)
    expected = [number(each.loss(each.forward(a), b)) for each in nets for a, b in ((x, y), batch, whole)]
    assert re.findall(r"<td>([^<a-z]*)</td>", play.example.losses.value) == expected


@pytest.mark.parametrize(
    ("changes", "k", "test"),
    [
        ({}, 3, False),
        ({}, 7, True),
        ({"inputs": ("x1", "x0**2", "x0*x1"), "depth": 3, "lmbda": 0.01}, 0, False),
        ({"dataset": "bumps", "hidden": "relu", "depth": 1, "width": 8}, 149, False),
        ({"loss": "softmax_cross_entropy", "optimizer": "GradientDescent", "eta": 0.5}, 40, False),
        ({"batch_size": 256, "share": 0.0}, 199, False),
    ],
    ids=str,
)
def test_a_click_on_a_point_shows_its_backward_pass_with_the_numbers_of_that_moment(play, changes, k, test):
    for name, value in changes.items():
        play.controls[name].value = value
    for _ in range(3):
        play.step()
    inputs, eta = changes.get("inputs", FIRST["inputs"]), changes.get("eta", 0.02)
    net, x, y, x_test, y_test = built(changes, epochs=3)
    x, x_test = given(x, inputs), given(x_test, inputs) if len(x_test) else None
    click(play, k, test)
    seen, size = [], changes.get("batch_size", 16)
    copy.deepcopy(net).fit(  # what the next epoch really trains on
        x, y, 1, size, augment=lambda batch, _: seen.append(batch) or batch, progress=False
    )
    one = (x_test, y_test) if test else (x, y)
    one = one[0][k : k + 1], one[1][k : k + 1]
    batch = seen[0] if test else next(batch for batch in seen if (batch == one[0]).all(axis=1).any())
    rows = [int((x == row).all(axis=1).argmax()) for row in batch]
    assert_shows_example(play, net, *one, (x, y), (x[rows], y[rows]), eta)
    diagram = play.example.diagram
    assert (diagram.step, diagram.show) == (len(net.sizes) + 1, "deltas")
    assert f"at epoch 3:</b> x₀ = {number((play.trainer.x_test if test else play.trainer.x)[k][0], 3)}" in (
        play.example.title.value
    )
    assert ("held out" in play.example.title.value) == test
    diagram.update()
    net.update(net.backward(net.forward(one[0]), one[1]), eta)
    assert_shows_example(play, net, *one, (x, y), (x[rows], y[rows]), eta)
    with pytest.raises(AssertionError):  # another network
        assert_shows_example(play, play.net, *one, (x, y), (x[rows], y[rows]), eta)


def test_the_way_back_goes_on_from_the_state_in_which_training_was_left(play):
    play.train_button.click()
    until(lambda: play.trainer.epoch > 4)
    play.example_button.click()
    assert not play.running.on and play.train_button.description == "Train"
    epoch = play.trainer.epoch
    assert [row.layout.display for row in play._training] == ["none"] * len(play._training)
    assert play.example.layout.display is None
    play.example.diagram.set([1, 0, 0], 3.0)
    play.example.diagram.set_eta(5)
    play.example.diagram.update()
    play.example.back_button.click()
    assert [row.layout.display for row in play._training] == [None] * len(play._training)
    assert play.example.layout.display == "none" and play.example.diagram is None
    assert play.trainer.epoch == epoch
    play.step()
    assert_shows(play, *built({}, epochs=epoch + 1))
    assert_lines_give_the_numbers(play)


def test_the_button_follows_the_training_point_with_the_largest_loss(play):
    for _ in range(20):
        play.step()
    net, x, y, *_ = built({}, epochs=20)
    play.example_button.click()
    each = [net.loss(net.forward(x[k : k + 1]), y[k : k + 1]) for k in range(len(x))]
    assert play.example.diagram.state["C"] == max(each) > 2 * np.mean(each)
    assert f"point {np.argmax(each)} of 150 trained on" in play.example.title.value


def test_without_points_there_is_no_example_and_a_step_too_long_is_shown_as_it_is(play):
    play.controls["eta"].value = 100.0
    play.controls["hidden"].value = "relu"
    click(play, 0)
    play.example.diagram.set_eta(1e300)
    assert "inf" in play.example.losses.value or "nan" in play.example.losses.value or play.example.diagram.message
    play.go_back()
    play.clear_button.click()
    play.example_button.click()
    assert play.message.text.startswith("There are no points to train on.") and play.example.diagram is None
    play.view._answer(None, {"do": "open", "at": [0.5, 0.5]}, [])
    assert play.example.diagram is None


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
    thread = next(thread for thread in threading.enumerate() if getattr(thread, "_target", None) == play.running._run)
    play.train_button.click()
    thread.join(5)
    epochs = play.trainer.epoch
    assert not thread.is_alive() and play.train_button.description == "Train" and not play.view.busy
    assert 6 < epochs < RUN
    assert_shows(play, *built({}, epochs))
    assert_lines_give_the_numbers(play)


def test_a_run_ends_by_itself(play, ended):
    play.controls["batch_size"].value = 256
    play.pace.value = 50
    watched(play).train_button.click()
    ended(play, seconds=90)
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
    thread = next(thread for thread in threading.enumerate() if getattr(thread, "_target", None) == play.running._run)
    bp.widgets.playground()
    thread.join(5)
    assert not thread.is_alive() and not play.running.on
    assert play.message.text == "Paused: another experiment of this kind was made."


def test_a_closed_page_pauses_training_and_loses_nothing(play, ended):
    play.running.patience = 0.05
    play.train_button.click()
    ended(play)
    assert play.message.text == "Paused: no browser has shown this for a while."
    assert_shows(play, *built({}, play.trainer.epoch))


def test_a_run_that_overflows_ends_with_words(play, ended):
    for name, value in (
        ("hidden", "relu"),
        ("loss", "squared_error"),
        ("optimizer", "GradientDescent"),
        ("eta", 100.0),
    ):
        play.controls[name].value = value
    watched(play).train_button.click()
    ended(play)
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


def test_while_it_runs_the_numbers_stay_long_enough_to_be_read_and_a_pause_tells_the_last(play, monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=100.0)
    monkeypatch.setattr(sys.modules[type(play).__module__], "time", clock)
    monkeypatch.setattr(play.running, "start", lambda: setattr(play.running, "_on", True))
    play.train_or_pause()
    told = []
    for _ in range(40):
        before = play.table.value
        play._tick()
        if play.table.value != before:
            told.append(clock.now)
        clock.now += 0.05
    assert len(told) > 5
    assert np.diff(told).min() > 0.2 and np.diff(told).max() < 0.3
    play.train_or_pause()
    assert play.table.value == pictures.table(play.trainer)
