"""The experiment of chapter 13: every control over its range, and asserts on the numbers of the network."""

import re

import numpy as np
import pytest

import bpbook as bp
from bpbook.widgets.depth.program import ACTIVATIONS, LAYERS, STARTS, Run, Settings


@pytest.fixture(scope="module")
def board():
    return bp.widgets.depth()


@pytest.fixture(autouse=True)
def as_at_first(board):
    board.depth.value, board.gain.value = 20, 1.0
    board.activation.value, board.start.value, board.layer.value = "sigmoid", "Glorot", "f(z)"
    board.rewind()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("start", STARTS)
def test_the_plain_network_is_the_librarys_own(activation, start):
    run = Run(Settings(4, activation, start, gain=1.5))
    net, x, y = run.names["net"], run.names["x"][:100], run.names["y"][:100]
    cache = net.forward(x)
    grads = net.backward(cache, y)
    np.testing.assert_allclose(run.sd, [cache.a[l].std() for l in range(1, 5)])
    np.testing.assert_allclose(run.dW, [np.linalg.norm(grads.dW[l]) for l in range(1, 5)], rtol=1e-9)
    back = [np.linalg.norm(grads.delta[l + 1] @ net.W[l + 1].T) for l in range(1, 5)]
    np.testing.assert_allclose(run.back, back, rtol=1e-9)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_gradient_of_every_kind_of_layer_is_that_of_differences(layer):
    run = Run(Settings(3, "tanh", "Glorot", layer))
    names = run.names
    x, y, net = names["x"][:7], names["y"][:7], names["net"]
    _, _, weights, adjoint = names["gradients"](x, y)

    def C(w, k=1):
        kept, net.W[k] = net.W[k], w
        value = float(names["gradients"](x, y)[0].value)
        net.W[k] = kept
        return value

    rng = np.random.default_rng(0)
    direction = rng.normal(size=(64, 64))
    nudged = (C(net.W[1] + 1e-5 * direction) - C(net.W[1] - 1e-5 * direction)) / 2e-5
    assert np.isclose((adjoint[weights[0]] * direction).sum(), nudged, rtol=1e-6)


def test_depth_starves_the_first_layer_of_sigmoids_and_a_skip_feeds_it(board):
    first = []
    for depth in range(1, 31):
        board.depth.value = depth
        assert len(board.run.dW) == depth == board.run.settings.depth
        first.append(board.run.dW[0])
    falls = np.array(first[1:]) / first[:-1]
    assert falls.max() < 0.7 and np.exp(np.log(falls).mean()) < 0.25 and first[-1] < 1e-15
    board.layer.value = "h + f(z)"
    assert board.run.dW[0] > 0.1


def test_the_gain_scales_a_relu_network_by_its_power(board):
    board.activation.value, board.start.value, board.depth.value = "relu", "He", 10
    at_one = np.array(board.run.sd)
    for gain in (0.2, 0.5, 2.0, 4.0):
        board.gain.value = gain
        np.testing.assert_allclose(np.array(board.run.sd) / at_one, gain ** np.arange(1, 11))


def test_dividing_by_the_depth_keeps_relus_level_where_its_root_does_not(board):
    board.activation.value, board.start.value = "relu", "He"
    for depth in (20, 30):
        board.depth.value, grown = depth, {}
        for layer in ("h + f(z)", "h + f(z) / √depth", "h + f(z) / depth"):
            board.layer.value = layer
            assert f"layers of {layer}, at birth" in board.view.lines[0]
            grown[layer] = board.run.sd[-1] / board.run.sd[0]
        assert 0.98 < grown["h + f(z) / depth"] < 1.05 < 3 < grown["h + f(z) / √depth"] < 5 < 1e4 < grown["h + f(z)"]
    board.train()
    assert board.run.right > 0.85


def test_every_start_and_layer_has_finite_numbers_at_birth(board):
    for start in STARTS:
        for layer in LAYERS:
            board.start.value, board.layer.value = start, layer
            assert (board.run.settings.start, board.run.settings.layer) == (start, layer)
            assert not board.run.exploded and board.message.text == ""
            assert len(board.view.alt) > 40 and layer in board.view.alt


def test_twenty_layers_of_sigmoids_learn_nothing_and_with_a_skip_they_do(board):
    for _ in range(3):
        board.train()
    assert board.run.steps == 60 and board.run.right < 0.2
    board.layer.value = "h + f(z)"
    for _ in range(3):
        board.train()
    assert board.run.right > 0.5
    assert [steps for steps, _ in board.tries.values()] == [60, 60]
    assert "20 layers of h + f(z), sigmoid, Glorot: " in board.view.lines[1]


def test_training_twice_is_training_longer_and_a_rewind_brings_the_same_numbers_back(board):
    board.depth.value = 5
    born = board.run.dW
    board.train()
    board.train()
    longer = Run(board.settings)
    longer.train(40)
    assert board.run.dW == longer.dW and board.run.C == longer.C
    board.rewind()
    assert board.run.dW == born and board.run.steps == 0 and board.tries == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_the_lines_that_are_shown_make_the_numbers(board, layer):
    board.depth.value, board.layer.value, board.gain.value = 3, layer, 1.3
    board.train()
    names = {}
    exec(board.lines(), names)
    assert (names["sd"], names["back"], names["dW"], names["right"]) == (
        board.run.sd,
        board.run.back,
        board.run.dW,
        board.run.right,
    )
    assert "bp.datasets.digits()" in board.code.value


def test_an_explosion_is_told_by_its_layer_and_nothing_is_trained_any_more(board):
    board.activation.value, board.start.value, board.layer.value = "relu", "He", "h + f(z)"
    board.gain.value, board.depth.value = 4.0, 30
    for _ in range(30):
        board.train()
        if board.run.exploded:
            break
    if not board.run.exploded:  # Adam's steps are bounded, so make it overflow by hand
        for l in range(1, 31):
            board.run.names["net"].W[l] *= 1e12
        board.train()
    assert board.run.exploded and re.search(r"layer \d+ is not finite any more\. Try", board.message.text)
    steps = board.run.steps
    board.train()
    assert board.run.steps == steps and "Rewind" in board.message.text
    board.rewind()
    assert not board.run.exploded and board.message.text == ""


def test_what_is_no_depth_and_no_layer_is_refused_in_words(board):
    board.depth.value = 31
    assert board.message.text == "depth must be from 1 to 30; got 31. It stays 20."
    board.depth.value = 0
    assert "got 0" in board.message.text and board.run.settings.depth == 20
    board.gain.value = 9
    assert "gain must be from 0.2 to 4; got 9. It stays 1." in board.message.text
    board.activation.value = "softmax"
    assert "f must be one of sigmoid, tanh, relu" in board.message.text
    board.layer.value = "h - f(z)"
    assert "layer must be one of f(z)" in board.message.text
    assert board.settings == Settings()


def test_it_names_itself_and_every_control_has_a_description(board):
    assert repr(board).startswith("[experiment] keep the gradient alive; 20 layers of f(z), at birth: loss ")
    assert all(control.description for control in board.controls)
    assert "Norm of dC/dW in the first layer" in board.view.alt
