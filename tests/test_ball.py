"""The ball without a browser: every control across its range, against differences and the rule written out."""

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets
from bpbook.widgets.ball.ball import STEPS
from bpbook.widgets.ball.roll import FAR

LANDSCAPES = bp.widgets.LANDSCAPES


@pytest.fixture
def ball():
    made = bp.widgets.roll_a_ball()
    yield made
    made.running.stop()


# What the three losses are, written out anew.
def two_links(u, v):
    return (u * v - 1) ** 2 / 2


def twins(u, v):
    x = np.linspace(-2, 2, 9)
    return np.mean((np.tanh(u * x) + np.tanh(v * x) - np.tanh(3 * x) + np.tanh(x / 2)) ** 2) / 2


def four_hollows(u, v):
    sigma = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    off = [(sigma(10 * w) - 0.2) ** 2 + (sigma(w / 4) - 0.9) ** 2 for w in (u, v)]
    return sum(off) / 8


LOSSES = {"two links": two_links, "twins": twins, "four hollows": four_hollows}


def bent(C, w, h=1e-4):
    """Return the eigenvalues of the Hessian by second differences."""
    e = h * np.eye(2)
    H = [[C(*(w + a + b)) - C(*(w + a - b)) - C(*(w - a + b)) + C(*(w - a - b)) for a in e] for b in e]
    return np.linalg.eigvalsh(np.array(H) / (4 * h * h))


def assert_shows(ball, mu=None):
    """Compare what the ball shows with the rule, step by step, for its controls as they stand."""
    c = {name: control.value for name, control in ball.controls.items()}
    C, mu = LOSSES[c["landscape"]], c["mu"] if mu is None else mu
    w, v, rng = np.array([c["w0"], c["w1"]], float), np.zeros(2), np.random.default_rng(0)
    for k, there in enumerate(ball.roll.way):
        np.testing.assert_allclose(there, w, rtol=1e-6, atol=1e-7)
        g = bp.numerical_gradient(lambda w: C(*w), there)
        if k + 1 < len(ball.roll.way):
            w, v = there.copy(), mu * v
            v = v - c["eta"] * (g + c["noise"] * rng.normal(size=2))
            w = w + v
    there = ball.roll.way[-1]
    scale = max(1.0, abs(ball.roll.curvatures[-1]).max())
    np.testing.assert_allclose(ball.roll.curvatures[-1], bent(C, there), atol=1e-5 * scale)
    np.testing.assert_allclose(ball.roll.state()["C"], C(*there))
    assert ball.roll.edge == 2 * (1 + c["mu"]) / c["eta"]
    np.testing.assert_allclose(ball.view.paths[0]["points"], ball.roll.way, atol=1e-4)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_landscape_is_the_loss_written_out_with_its_slopes_and_curvatures(name):
    surface, C = LANDSCAPES[name], LOSSES[name]
    for w in np.random.default_rng(0).uniform(-2, 3, (10, 2)):
        np.testing.assert_allclose(surface(w), C(*w))
        np.testing.assert_allclose(surface.gradient(w), bp.numerical_gradient(lambda w: C(*w), w), rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(surface.curvature(w), bent(C, w), atol=1e-5)
        assert bp.relative_error(surface.gradient(w[::-1]), bp.numerical_gradient(lambda w: C(*w), w)) > 1e-3


@pytest.mark.parametrize("name", LANDSCAPES)
def test_every_control_across_its_range(ball, name):
    ball.controls["landscape"].value = name
    ball.controls["step"].value = 12
    assert_shows(ball)
    first = {key: control.value for key, control in ball.controls.items()}
    ranges = {"eta": (0.02, 0.3, 1.0), "mu": (0, 0.5, 0.95), "noise": (0, 0.2, 0.5), "step": (0, 1, 30)}
    ranges |= {"w0": (-1, 0.5, 3), "w1": (-1, 0.5, 3)}
    for key, values in ranges.items():
        for value in values:
            ball.controls[key].value = value
            assert_shows(ball)
        ball.controls[key].value = first[key]


def test_a_ball_by_another_rule_is_refused(ball):
    ball.controls["mu"].value, ball.controls["step"].value = 0.5, 5
    with pytest.raises(AssertionError):
        assert_shows(ball, mu=0.4)


def test_the_question_has_the_answer_that_the_chapter_gives(ball):
    """The valley is too sharp at first; the ball swings out of it and rests where it is flatter than the edge."""
    assert ball.roll.sharpness[0] > ball.roll.edge
    ball.controls["step"].value = 200
    assert ball.roll.sharpness[-1] < ball.roll.edge and ball.roll.state()["gradient"] < 1e-9
    assert "curvature alone cannot decide" in ball.roll.verdict()
    ball.controls["eta"].value = 0.2  # a smaller step has a higher edge, and rests in the sharper place
    assert ball.roll.edge > ball.roll.sharpness[-1] > 8


def test_twins_that_start_alike_stay_alike_and_rest_on_a_saddle_until_they_are_told_apart(ball):
    ball.controls["landscape"].value = "twins"
    ball.controls["step"].value = 200
    assert ball.roll.way[-1][0] == ball.roll.way[-1][1]
    assert ball.roll.verdict().startswith("A saddle")
    ball.controls["w1"].value = 1.501
    assert ball.roll.way[-1][0] != ball.roll.way[-1][1] and ball.roll.state()["C"] < 0.01
    ball.controls["w1"].value, ball.controls["noise"].value = 1.5, 0.02
    assert ball.roll.state()["C"] < 0.01
    ball.controls["noise"].value, ball.controls["step"].value = 0, STEPS
    ball.controls["w1"].value, ball.controls["eta"].value, ball.controls["mu"].value = 1.501, 1.0, 0.8
    np.testing.assert_allclose(sorted(ball.roll.way[-1]), [-0.5, 3], atol=0.05)
    assert ball.roll.state()["lowest"] > 0


def test_four_hollows_are_strict_minima(ball):
    ball.controls["landscape"].value = "four hollows"
    ball.controls["w0"].value = ball.controls["w1"].value = -1
    ball.controls["step"].value = 200
    assert ball.roll.verdict().startswith("A strict local minimum")
    np.testing.assert_allclose(ball.roll.way[-1], -0.129444, atol=1e-5)


def test_stepping_and_rewinding_come_back_to_the_same_numbers(ball):
    ball.controls["noise"].value = 0.1
    for _ in range(4):
        ball.step_button.click()
    after = ball.roll.way.copy()
    ball.rewind_button.click()
    assert len(ball.roll.way) == 1
    ball.controls["step"].value = 4
    np.testing.assert_array_equal(ball.roll.way, after)


def test_reset_puts_every_control_back(ball):
    first = {name: control.value for name, control in ball.controls.items()}
    for name, value in (("landscape", "twins"), ("eta", 1.0), ("mu", 0.5), ("noise", 0.1), ("w0", 1), ("step", 9)):
        ball.controls[name].value = value
    ball.reset_button.click()
    assert {name: control.value for name, control in ball.controls.items()} == first
    assert_shows(ball)


def test_the_start_can_be_clicked(ball):
    ball.view._edit("add", [2.004, -1])
    assert [ball.controls[name].value for name in ("w0", "w1", "step")] == [2.0, -1, 0]
    assert_shows(ball)


def test_a_ball_that_is_gone_is_said_to_be_so_and_can_be_rewound(ball):
    ball.controls["eta"].value, ball.controls["step"].value = 2.0, 50
    step = len(ball.roll.way)
    assert ball.roll.gone and ball.message.text.startswith(
        f"The ball is gone: with eta = 2, step {step} ended beyond ±100."
    )
    assert "gone" in ball.roll.verdict() and np.abs(ball.roll.way).max() <= FAR
    assert np.isfinite(ball.view.paths[0]["points"]).all()
    ball.rewind_button.click()
    assert ball.message.text == ""


def test_of_a_ball_that_is_gone_nothing_is_said_that_is_not_so(ball):
    for name, value in {"w0": 3.0, "w1": -2.0, "step": 20}.items():
        ball.controls[name].value = value
    lengths = np.linalg.norm(np.diff(ball.roll.way, axis=0), axis=1)
    assert ball.roll.gone and (np.diff(lengths) < 0).any()  # not every swing is wider than the one before
    w, step = np.array([3.0, -2.0]), 0
    while np.abs(w).max() <= FAR:
        w, step = w - 0.28 * (w[0] * w[1] - 1) * w[::-1], step + 1
    assert ball.message.text.startswith(f"The ball is gone: with eta = 0.28, step {step} ended beyond ±100.")
    assert ball.roll.verdict() == "The ball is gone: its next step ended beyond ±100."


@pytest.mark.parametrize(
    ("control", "value", "message"),
    [
        ("step", STEPS + 1, f"step must be from 0 to {STEPS}; got {STEPS + 1}. It stays 0."),
        ("eta", 9.0, "eta must be from 0.02 to 8; got 9. It stays 0.28."),
        ("mu", 1.0, "momentum must be from 0 to 0.95; got 1. It stays 0."),
        ("w0", float("nan"), "start w₀ must be from -20 to 20; got nan. It stays 0.3."),
        (
            "landscape",
            "hill",
            "landscape must be one of two links, twins, four hollows; got 'hill'. It stays two links.",
        ),
    ],
)
def test_a_value_outside_a_controls_range_is_refused_with_words(ball, control, value, message):
    ball.controls[control].value = value
    assert ball.message.text == message
    assert_shows(ball)


@pytest.mark.parametrize("settings", [{}, {"step": 30}, {"step": 20, "mu": 0.6, "noise": 0.1}, {"landscape": "twins"}])
def test_the_exported_lines_give_the_numbers_shown(ball, settings):
    for name, value in settings.items():
        ball.controls[name].value = value
    reader = {}
    exec(ball.lines(), reader)
    np.testing.assert_array_equal(reader["w"], ball.roll.way[-1])
    now = ball.roll.state()
    assert (reader["C"], reader["lowest"], reader["highest"]) == (now["C"], now["lowest"], now["highest"])
    assert reader["edge"] == ball.roll.edge


def test_the_sharpness_picture_has_words(ball):
    ball.controls["step"].value = 30
    above = int((ball.roll.sharpness > ball.roll.edge).sum())
    assert f"above the edge of 7.14 at {above} of 31 places" in ball.curve.alt and above > 0


def test_a_run_ends_when_the_ball_is_still(ball, ended):
    ball.view.observe(lambda change: ball.view.on_drawn(change["new"]), "frame")
    ball.running._rest = 0.001
    ball.run_button.click()
    assert ball.run_button.description == "Pause"
    ended(ball)
    assert ball.run_button.description == "Run" and ball.roll.state()["gradient"] <= 1e-9
    assert_shows(ball)


def test_the_text_for_a_stored_chapter_is_short(ball):
    assert repr(ball).startswith("[experiment] roll a ball; two links, step 0") and len(repr(ball)) <= 110
