"""The optimizer race without a browser: every control across its range, against the four rules written out anew."""

import math
import re
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

import bpbook as bp
from bpbook.widgets.controls import running
from bpbook.widgets.controls.words import number
from bpbook.widgets.race.race import STEPS
from bpbook.widgets.race.run import FAR, RUNNERS
from bpbook.widgets.race.surfaces import Surface

SURFACES = bp.widgets.SURFACES


@pytest.fixture
def race():
    made = bp.widgets.race()
    yield made
    made.running.stop()


def way(surface, name, start, eta, steps, momentum=0.9):
    """Return the places after each step, by the rules written out for one number at a time."""
    w, v, s, u, places = list(start), [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [list(start)]
    for t in range(1, steps + 1):
        for k, g in enumerate(surface.slopes(*places[-1])):
            if name == "gradient descent":
                w[k] -= eta * g
            elif name == "momentum":
                v[k] = momentum * v[k] - eta * g
                w[k] += v[k]
            elif name == "RMSProp":
                s[k] = 0.9 * s[k] + 0.1 * g * g
                w[k] -= eta * g / (math.sqrt(s[k]) + 1e-8)
            else:
                u[k] = 0.9 * u[k] + 0.1 * g
                s[k] = 0.999 * s[k] + 0.001 * g * g
                w[k] -= eta * u[k] / (1 - 0.9**t) / (math.sqrt(s[k] / (1 - 0.999**t)) + 1e-8)
        places.append(list(w))
        if max(map(abs, w)) > FAR:
            break
    return places


def assert_shows(race, momentum=0.9):
    """Compare all that the race shows with the rules, for its controls as they stand."""
    surface, start = SURFACES[race.controls["surface"].value], [race.controls[name].value for name in ("w0", "w1")]
    for k, name in enumerate(RUNNERS):
        expected = way(surface, name, start, race.controls[name].value, race.controls["step"].value, momentum)
        np.testing.assert_allclose(race.run.ways[name], expected, rtol=1e-7, atol=1e-9)
        path = race.view.paths[k]
        assert (path["name"], path["style"], path["gone"]) == (name, k, max(map(abs, expected[-1])) > FAR)
        np.testing.assert_allclose(path["points"], expected, rtol=1e-7, atol=1e-4)
        if not path["gone"]:
            assert f"<td>{number(surface.function(*expected[-1]), 4)}</td>" in race.table.value


@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda surface: surface.name)
def test_a_surfaces_slopes_are_its_derivatives(surface):
    rng = np.random.default_rng(0)
    for w in rng.uniform(-3, 3, (20, 2)):
        assert bp.relative_error(surface.gradient(w), bp.numerical_gradient(surface, w)) < 1e-7
        wrong = Surface(
            *[*vars(surface).values()][:3], lambda u, v: surface.slopes(v, u), *[*vars(surface).values()][4:]
        )
        assert bp.relative_error(wrong.gradient(w), bp.numerical_gradient(surface, w)) > 1e-2


@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda surface: surface.name)
def test_a_surfaces_goal_is_its_lowest_point(surface):
    left, right, bottom, top = surface.bounds
    u, v = np.meshgrid(np.linspace(left, right, 301), np.linspace(bottom, top, 301))
    assert surface.function(u, v).min() >= surface.least - 1e-12
    np.testing.assert_allclose(surface.gradient(np.array(surface.goal)), [0, 0], atol=1e-12)


def test_the_question_has_the_answers_that_the_chapter_gives(race):
    race.controls["step"].value = STEPS
    assert {name: race.run.arrival(name) for name in RUNNERS} == {
        "gradient descent": 41,
        "momentum": 63,
        "RMSProp": 60,
        "Adam": 74,
    }
    race.double_button.click()
    assert race.run.gone("gradient descent") and race.run.arrival("gradient descent") is None
    assert all(race.run.arrival(name) for name in ("momentum", "RMSProp", "Adam"))
    race.half_button.click()
    assert race.run.arrival("gradient descent") == 41


@pytest.mark.parametrize("name", RUNNERS)
def test_every_eta_moves_its_own_way_across_its_range(race, name):
    race.together.value = False
    race.controls["step"].value = 30
    slider = race.controls[name]
    for eta in np.linspace(slider.min, slider.max, 6):
        slider.value = eta
        assert_shows(race)
    assert [race.eta(other) for other in RUNNERS if other != name] == [0.08] * 3


def test_one_eta_for_all_moves_all_four(race):
    race.controls["Adam"].value = 0.2
    assert [race.eta(name) for name in RUNNERS] == [0.2] * 4
    assert_shows(race)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_is_raced_on_from_its_own_start(race, surface):
    race.controls["surface"].value = surface
    assert [race.controls[name].value for name in ("w0", "w1")] == list(SURFACES[surface].start)
    for steps in (0, 1, 40, STEPS):
        race.controls["step"].value = steps
        assert_shows(race)
    u, v = race.view.grid(80)
    C = SURFACES[surface].function(*np.meshgrid(u, v))
    heat = np.frombuffer(race.view.heat, np.uint8).reshape(80, 80)
    assert heat.ravel()[C.argmax()] == 255 and heat.ravel()[C.argmin()] < 16
    assert (np.diff(heat.ravel()[np.argsort(C.ravel())].astype(int)) >= 0).all()


@pytest.mark.parametrize("name", ["w0", "w1"])
def test_the_start_can_be_typed(race, name):
    race.controls["step"].value = 5
    for value in (-10, -0.3, 0, 4.5, 10):
        race.controls[name].value = value
        assert_shows(race)


def test_the_start_can_be_clicked_and_the_race_begins_there(race):
    race.controls["step"].value = 5
    race.view._edit("add", [2.004, -1])
    assert [race.controls[name].value for name in ("w0", "w1", "step")] == [2.0, -1, 0]
    race.step_button.click()
    assert_shows(race)


def test_a_race_by_another_rule_is_refused(race):
    race.controls["step"].value = 10
    with pytest.raises(AssertionError):
        assert_shows(race, momentum=0.8)


def test_stepping_and_rewinding_come_back_to_the_same_numbers(race):
    for _ in range(3):
        race.step_button.click()
    after = {name: np.array(way) for name, way in race.run.ways.items()}
    race.rewind_button.click()
    assert [len(way) for way in race.run.ways.values()] == [1] * 4
    race.controls["step"].value = 3
    for name in RUNNERS:
        np.testing.assert_array_equal(race.run.ways[name], after[name])


def test_reset_puts_every_control_back(race):
    first = {name: control.value for name, control in race.controls.items()}
    race.together.value = False
    for name, value in (("surface", "saddle"), ("Adam", 0.3), ("momentum", 0.002), ("w0", 1), ("w1", -1), ("step", 9)):
        race.controls[name].value = value
    race.reset_button.click()
    assert {name: control.value for name, control in race.controls.items()} == first and race.together.value
    assert_shows(race)


def test_not_every_step_of_what_diverges_is_longer_than_the_one_before(race):
    race.controls["surface"].value = "curved valley"
    race.controls["gradient descent"].value = 0.2
    race.controls["step"].value = 20
    lengths = np.linalg.norm(np.diff(race.run.ways["gradient descent"], axis=0), axis=1)
    assert race.run.gone("gradient descent") and (np.diff(lengths) < 0).any()
    assert "every step" not in race.message.text.lower()


def test_what_diverges_is_said_in_words_and_can_be_rewound(race):
    race.controls["gradient descent"].value = 0.5
    race.controls["step"].value = 50
    assert race.message.text.startswith(
        "Diverged beyond ±1000: gradient descent with eta = 0.5, momentum with eta = 0.5. Choose a smaller eta"
    )
    assert "gradient descent is gone" in race.view.alt
    assert all(np.isfinite(path["points"]).all() for path in race.view.paths)
    race.rewind_button.click()
    assert race.message.text == ""
    assert_shows(race)


@pytest.mark.parametrize(
    ("control", "value", "message"),
    [
        ("step", STEPS + 1, f"step must be from 0 to {STEPS}; got {STEPS + 1}. It stays 0."),
        ("Adam", 7.0, "Adam must be from 0.002 to 0.5; got 7. It stays 0.08."),
        ("w0", float("nan"), "start w₀ must be from -10 to 10; got nan. It stays -4."),
        (
            "surface",
            None,
            "surface must be one of narrow valley, curved valley, saddle, two hollows; got None. It stays",
        ),
        ("surface", "peak", "surface must be one of narrow valley, curved valley, saddle, two hollows; got 'peak'."),
    ],
)
def test_a_value_outside_a_controls_range_is_refused_with_words(race, control, value, message):
    before = race.controls[control].value
    race.controls[control].value = value
    assert race.controls[control].value == before
    assert race.message.text.startswith(message)
    assert_shows(race)


def test_an_eta_too_large_to_double_stays(race):
    race.controls["Adam"].value = 0.3
    race.double_button.click()
    assert race.message.text == "An eta must be from 0.002 to 0.5; all four stay as they were."
    assert [race.eta(name) for name in RUNNERS] == [0.3] * 4


@pytest.mark.parametrize("eta", [0.08, 0.16])
def test_the_exported_lines_give_the_numbers_shown(race, eta):
    race.controls["Adam"].value = eta
    race.controls["step"].value = 60
    reader = {}
    exec(race.lines(), reader)
    for name in RUNNERS:
        np.testing.assert_array_equal(reader["w"][name], race.run.ways[name][-1])
        assert reader["C"][name] == race.surface(race.run.ways[name][-1])


def test_the_rules_show_the_numbers_of_the_next_step(race):
    # g = (w0, 20 w1) = (-4, 30) at the start; the first step of RMSProp divides by the root of a tenth of g squared
    text = re.sub(r"</?[bi]>", "", race.rules.value)
    assert text.split("<br>")[1:] == [
        "gradient descent (GD): w ← w − η g = (−4, 1.5) − 0.08 · (−4, 30) = (−3.68, −0.9)",
        "momentum (MOM): v ← μ v − η g = 0.9 · (0, 0) − 0.08 · (−4, 30) = (0.32, −2.4); w ← w + v = (−3.68, −0.9)",
        "RMSProp (RMS): s ← ρ s + (1 − ρ) g² = 0.9 · (0, 0) + 0.1 · (16, 900) = (1.6, 90); "
        "w ← w − η g / (√s + ε) = (−4, 1.5) − 0.08 · (−4, 30) / (1.265, 9.487) = (−3.747, 1.247)",
        "Adam (ADAM): û = (−4, 30), ŝ = (16, 900); "
        "w ← w − η û / (√ŝ + ε) = (−4, 1.5) − 0.08 · (−4, 30) / (4, 30) = (−3.92, 1.42)",
    ]


@pytest.mark.parametrize("steps", [1, 7, 40])
def test_the_rules_end_where_the_next_step_leads(race, steps):
    race.controls["step"].value = steps
    promised = [line.rsplit(" = ", 1)[1] for line in race.rules.value.split("<br>")[1:]]
    optimizers = {name: repr(optimizer.memory) for name, optimizer in race.run.optimizers.items()}
    race._rules()
    assert {name: repr(optimizer.memory) for name, optimizer in race.run.optimizers.items()} == optimizers
    race.step_button.click()
    reached = [f"({number(u, 4)}, {number(v, 4)})" for u, v in (way[-1] for way in race.run.ways.values())]
    assert promised == reached


def test_who_is_gone_has_no_next_step(race):
    race.double_button.click()
    race.controls["step"].value = 20
    assert "(GD)" not in race.rules.value and "(ADAM)" in race.rules.value


def test_small_numbers_are_written_as_everywhere_else(race):
    race.controls["step"].value = 300
    shown = " ".join([race.rules.value, race.table.value, race.view.alt])
    assert "×10⁻" in shown and not re.search(r"\de[−-]?\d", shown)


# Running ----------------------------------------------------------------------------------------------------------


def until(condition, seconds=20):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def watched(race):
    """Let every frame be drawn at once, as a browser would."""
    race.view.observe(lambda change: race.view.on_drawn(change["new"]), "frame")
    race.running._rest = 0.002
    return race


def test_a_run_ends_when_all_are_there(race, ended):
    watched(race).run_button.click()
    assert race.run_button.description == "Pause"
    ended(race)
    assert race.controls["step"].value == 74  # Adam is the last, as the table of the question says
    assert race.run_button.description == "Run"
    assert_shows(race)


def test_the_next_step_stands_still_or_is_not_shown(race):
    watched(race).run_button.click()
    until(lambda: race.controls["step"].value > 2)
    assert race.rules.value == ""
    race.run_button.click()
    steps = race.controls["step"].value
    promised = [line.rsplit(" = ", 1)[1] for line in race.rules.value.split("<br>")[1:]]
    race.step_button.click()
    assert race.controls["step"].value == steps + 1
    assert promised == [f"({number(u, 4)}, {number(v, 4)})" for u, v in (way[-1] for way in race.run.ways.values())]


def test_a_pause_is_heard_at_once(race):
    watched(race).run_button.click()
    until(lambda: race.controls["step"].value > 5)
    thread = next(thread for thread in threading.enumerate() if getattr(thread, "_target", None) == race.running._run)
    race.run_button.click()
    paused_at = race.controls["step"].value
    thread.join(5)
    assert not thread.is_alive() and race.controls["step"].value == paused_at < 74
    assert_shows(race)


def test_running_the_cell_again_leaves_nothing_running(race):
    watched(race).run_button.click()
    thread = next(thread for thread in threading.enumerate() if getattr(thread, "_target", None) == race.running._run)
    bp.widgets.race()
    thread.join(5)
    assert not thread.is_alive() and not race.running.on
    assert race.message.text == "Paused: another experiment of this kind was made."


def test_what_a_cell_does_waits_for_the_tick_under_way(race):
    watched(race)
    inside, together = [], []
    refresh = race._refresh

    def slow():
        inside.append(1)
        time.sleep(0.008)
        together.append(len(inside))
        inside.pop()
        refresh()

    race._refresh = slow
    race.run_button.click()
    until(lambda: race.controls["step"].value > 2)
    for _ in range(5):
        race.step()
    race.run_button.click()
    assert set(together) == {1}
    assert_shows(race)


def test_a_closed_page_pauses_the_run(race, ended):
    race.running.patience = 0.05
    race.run_button.click()
    ended(race)
    assert race.controls["step"].value == 1
    assert race.message.text == "Paused: no browser has shown this for a while."


def test_a_browser_that_answers_late_does_not_hold_up_the_run(race):
    race.running.late = race.running._rest = 0.01
    race.run_button.click()
    until(lambda: race.controls["step"].value > 5)
    assert race.running.on
    race.run_button.click()


def test_what_a_tick_takes_comes_off_the_rest_after_it(monkeypatch):
    clock, waits = [0.0], []

    class Halt(threading.Event):
        def wait(self, timeout=None):
            waits.append(round(timeout, 9))
            return False

    def tick():
        clock[0] += (0.02, 0.05, 0.0)[len(waits)]
        run.drawn()
        return len(waits) < 2

    run = running.Running("clocked", tick, lambda reason: None, rest=0.03)
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    run._run(Halt())
    assert waits == [0.01, -0.02]  # 30 pictures a second where a tick takes 20 ms; no wait after one that took too long


def test_an_error_in_a_step_ends_the_run_with_words(race, ended, monkeypatch):
    heard = []
    monkeypatch.setattr("threading.excepthook", lambda arguments: heard.append(arguments.exc_type))
    race.running._tick = lambda: 1 / 0
    race.run_button.click()
    ended(race)
    until(lambda: heard)
    assert heard == [ZeroDivisionError]
    assert race.message.text == "Stopped by an error in Python; rewind."


def test_the_text_for_a_stored_chapter_holds_no_address(race):
    assert repr(race) == "[experiment] optimizer race; Narrow valley, step 0 from (−4, 1.5)."
