"""The chain and the expression graph without a browser: every control moved, every number compared."""

import numpy as np
import pytest

import bpbook as bp
from bpbook.widgets.chain import NAMES, STOPS


def chain_by_hand(x, at="", h=0.0):
    """Return x, u, v, w, y in plain Python, with h added to one of them on the way."""
    x = x + h * (at == "x")
    u = x * x + h * (at == "u")
    v = 3 * u + h * (at == "v")
    w = u + 1 + h * (at == "w")
    return dict(zip(NAMES, (x, u, v, w, v * w + h * (at == "y")), strict=True))


def derivatives_by_hand(x):
    """Return dy/d of every node, from y = 3 u^2 + 3 u with u = x^2, and of its last links v = 3u, w = u + 1."""
    u = x * x
    return {"x": 12 * x**3 + 6 * x, "u": 6 * u + 3, "v": u + 1, "w": 3 * u, "y": 1.0}


def assert_chain_shows(chain, x, at, h):
    """Compare all that the browser draws with plain Python."""
    rest, after = chain_by_hand(x), chain_by_hand(x, at, h)
    frame = chain.state["frames"][chain.frame]
    np.testing.assert_allclose([n["value"] for n in frame["nodes"]], list(after.values()), rtol=1e-13)
    np.testing.assert_allclose([n["slope"] for n in frame["links"]], [2 * x, 3, 1, rest["w"], rest["v"]], rtol=1e-13)
    if at:
        change, ratio, derivative = chain.moved(at)["y"]
        np.testing.assert_allclose(change, after["y"] - rest["y"], rtol=1e-12)
        np.testing.assert_allclose(ratio, change / h, rtol=1e-15)
        np.testing.assert_allclose(derivative, derivatives_by_hand(x)[at], rtol=1e-12)


@pytest.fixture
def chain():
    return bp.widgets.chain()


def test_the_chain_begins_with_the_numbers_done_by_hand(chain):
    # u = 4, v = 12, w = 5, y = 60; dy/du = 3 * 5 + 1 * 12 = 27, dy/dx = 4 * 27 = 108
    assert chain.values == {"x": 2, "u": 4, "v": 12, "w": 5, "y": 60}
    assert chain.adjoint == {"x": 108, "u": 27, "v": 5, "w": 12, "y": 1}
    assert list(chain.slope.values()) == [4, 3, 1, 5, 12]


def test_the_numbers_of_another_nudge_are_refused(chain):
    chain.choose("u")
    with pytest.raises(AssertionError):
        assert_chain_shows(chain, 2.0, "u", 0.02)


@pytest.mark.parametrize("at", ["", *NAMES])
def test_every_node_is_nudged_by_every_size_at_every_x(chain, at):
    chain.choose(at)
    for x in np.linspace(-3, 3, 13):
        chain.set("x", x)
        for h in STOPS:
            chain.set("nudge", h)
            assert_chain_shows(chain, x, at, h)


@pytest.mark.equation("MV")
@pytest.mark.parametrize("name", NAMES[:4])
def test_the_ways_from_a_node_add_up_to_its_derivative(chain, name):
    chain.set("x", -1.5)
    products = [np.prod(factors) for _, factors in chain.ways(name)]
    np.testing.assert_allclose(sum(products), derivatives_by_hand(-1.5)[name], rtol=1e-14)
    if name in "xu":
        assert abs(products[0] - derivatives_by_hand(-1.5)[name]) > 1  # one way alone is not the derivative


@pytest.mark.equation("CR")
@pytest.mark.parametrize("name", NAMES)
def test_the_ratio_tends_to_the_derivative_as_the_nudge_gets_small(chain, name):
    h, far = np.array([1.0, 0.1, 0.01, 0.001]), []
    for size in h:
        chain.set("nudge", size)
        _, ratio, derivative = chain.moved(name)["y"]
        far.append(ratio - derivative)
    # What is left of 3 (x + h)^4 + 3 (x + h)^2 at x = 2, and of 3 (u + h)^2 + 3 (u + h); over the rest y is straight.
    left = {"x": 75 * h + 24 * h**2 + 3 * h**3, "u": 3 * h}.get(name, 0 * h)
    np.testing.assert_allclose(far, left, rtol=1e-7, atol=1e-10)


def test_the_chains_words_say_what_each_way_brings(chain):
    chain.choose("u")
    words = chain.state["frames"][chain.frame]["words"]
    assert "Along u → v → y: 3 · 5 = 15, which moves y by +0.15." in words
    assert "Along u → w → y: 1 · 12 = 12, which moves y by +0.12." in words
    assert "dy/du = 27 (MV) foretells +0.27; y moves by +0.2703." in words
    assert "Left over: 0.0003, of second order" in words
    chain.choose("v")
    assert "Nothing is left over." in chain.state["frames"][chain.frame]["words"]


@pytest.mark.parametrize("name", NAMES)
def test_the_chains_lines_give_its_numbers(chain, name):
    chain.set("x", -0.7)
    chain.set("nudge", 0.05)
    chain.choose(name)
    reader = {}
    exec(chain.lines(), reader)
    assert {k: reader[k].value.item() for k in NAMES} == chain.values
    assert {k: float(reader["dy"][reader[k]]) for k in NAMES} == chain.adjoint
    assert reader["ratio"].item() == chain.moved(name)["y"][1]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x", "abc", "x must be a number from -10 to 10; got 'abc'. It is left as it was."),
        ("x", "1e200", "x must be a number from -10 to 10; got '1e200'"),
        ("x", "nan", "x must be a number from -10 to 10"),
        ("nudge", "", "the nudge must be a number from -10 to 10; got ''"),
        ("nudge", "0", "the nudge must be at least 1e-08 up or down; got 0."),
        ("nudge", "inf", "the nudge must be a number from -10 to 10"),
    ],
)
def test_what_the_chain_cannot_take_is_refused_with_words_and_left_alone(chain, name, text, message):
    before = chain.state
    chain.set(name, text)
    assert chain.message.startswith(message)
    assert chain.state == before
    chain.set(name, "−0,5")
    assert chain.message == ""
    assert {"x": chain.x, "nudge": chain.nudge}[name] == -0.5


def test_what_is_out_of_range_from_python_is_refused_with_words(chain):
    chain.frame = 6
    assert (chain.frame, chain.message) == (0, "frame must be from 0 to 5; got 6.")
    chain.digits = 1
    assert (chain.digits, chain.message) == (6, "digits must be from 2 to 6; got 1.")
    chain.choose("z")
    assert (chain.frame, chain.message) == (0, "the node must be one of x, u, v, w, y; got 'z'.")


def test_rewinding_the_chain_brings_back_the_first_numbers(chain):
    first = chain.state
    chain.set("x", 1)
    chain.set("nudge", 1)
    chain.choose("w")
    chain.rewind()
    assert chain.state == first
    assert (chain.x, chain.nudge, chain.frame) == (2.0, 0.01, 0)


def test_the_browsers_questions_are_answered(chain):
    sent = []
    chain.send = sent.append
    chain._answer(None, {"do": "set", "place": "x", "text": "1.5"}, None)
    chain._answer(None, {"do": "rewind"}, None)
    assert sent == [{"did": "set"}, {"did": "rewind"}]
    assert chain.x == 2.0
