"""Every kind of experiment lives in the page: moved there, it shows what the same experiment computes here."""

import pytest

from .test_page import READY, START, cell_with, run

SETUP = """import numpy as np
import bpbook as bp
x, y = bp.datasets.digits()
rng = np.random.default_rng(0)
truth = (rng.uniform(size=60) < 0.3).astype(int)
logits = {scale: 6 * truth - 3 + 2 * rng.normal(size=60) - 8 * (1 - scale) for scale in (0.9, 1.0)}
clips = [clip for clip in bp.datasets.spoken_clips() if clip.speaker in ("flite slt", "flite awb")]
voices = {name: bp.MLP([480, 10], seed=seed) for seed, name in enumerate(("one", "other"))}
small = dict(hidden="sigmoid", loss="squared_error", output="sigmoid", seed=0)
drivers = {"one": bp.MLP([960, 4, 30], **small), "two": bp.MLP([960, 4, 30], **small)}
"""


def key(box, name, pressed):
    box.locator(f"[data-is={name}]").focus()
    box.page.keyboard.press(pressed)


def slide(box, name, pressed):
    box.get_by_role("slider", name=name, exact=True).focus()
    box.page.keyboard.press(pressed)


def enter(box, name, text):
    box.locator(f"[data-is={name}]").fill(text)
    box.page.keyboard.press("Enter")


def learn(box):
    box.locator(".thumbs button").nth(2).click()
    for _ in range(6):
        box.locator("[data-do=on]").click()


def examine(box):
    box.get_by_label("patient").select_option("the framework")
    box.get_by_role("button", name="gradient", exact=True).click()


def nodes(mine):
    values = [node["value"] for node in mine.state["frames"][mine.frame]["nodes"]]
    return ["" if value is None else f"{value:.6g}".replace("-", "−") for value in values]


def offset(mine):
    return f"{mine.frame['offset'][0]:.2f} m left of the centre line"


def set_to(**values):
    def done(mine):
        for name, value in values.items():
            setattr(mine, name, value)

    return done


HAS = """([box, wanted]) => {
  if (!Array.isArray(wanted)) return box.textContent.includes(wanted);
  return [...box.querySelectorAll(".node circle + text")].map((text) => text.textContent).join() === wanted.join();
}"""
SHOWN = {
    "tangent": (
        "bp.widgets.tangent()",
        lambda box: slide(box, "x", "ArrowLeft"),
        lambda mine: setattr(mine.x, "value", 1.0 - mine.x.step),
        lambda mine: mine.view.alt,
    ),
    "neuron": (
        "bp.widgets.neuron()",
        lambda box: slide(box, "w", "ArrowRight"),
        lambda mine: setattr(mine.controls["w"], "value", 1.1),
        lambda mine: mine.view.alt,
    ),
    "race": (
        "bp.widgets.race()",
        lambda box: box.get_by_role("button", name="Step", exact=True).click(),
        lambda mine: mine.step(),
        lambda mine: mine.view.alt,
    ),
    "ball": (
        "bp.widgets.roll_a_ball()",
        lambda box: box.get_by_role("button", name="Step", exact=True).click(),
        lambda mine: mine.step(),
        lambda mine: mine.view.alt,
    ),
    "leak": (
        "bp.widgets.find_the_leak()",
        lambda box: box.get_by_role("checkbox", name="line 1").click(),
        lambda mine: setattr(mine.switches[0], "value", False),
        lambda mine: mine.view.lines[0],
    ),
    "depth": (
        "bp.widgets.depth()",
        lambda box: box.get_by_label("layer").select_option("h + f(z)"),
        lambda mine: setattr(mine.layer, "value", "h + f(z)"),
        lambda mine: mine.view.lines[0],
    ),
    "chain": (
        "bp.widgets.chain()",
        lambda box: key(box, "x-slider", "ArrowLeft"),
        lambda mine: mine.set("x", 1.9),
        nodes,
    ),
    "expression": (
        "bp.widgets.expression_graph()",
        lambda box: enter(box, "expression", "log(x) * y"),
        lambda mine: mine.set("expression", "log(x) * y"),
        nodes,
    ),
    "journey": (
        "bp.widgets.image_journey(bp.MLP([64, 64, 10], seed=0), x[:4], y[:4])",
        learn,
        lambda mine: (setattr(mine, "image", 2), mine.update(0.01)),
        lambda mine: mine.message,
    ),
    "hand": (
        "bp.widgets.your_hand(bp.MLP([784, 16, 10], seed=0))",
        lambda box: box.locator("[data-do=nudge]").click(),
        lambda mine: mine.nudge(),
        lambda mine: "A nudge of length",
    ),
    "drive": (
        "bp.widgets.drive(drivers)",
        lambda box: box.get_by_role("button", name="Push left", exact=True).click(),
        lambda mine: mine.push(),
        offset,
    ),
    "chart": (
        "bp.widgets.patients_chart()",
        examine,
        lambda mine: None,
        lambda mine: "all arrays right",
    ),
}
"""Each with its cell, what the reader does, the same done here, and the words or numbers that show it."""
HEARD = {
    "who": (
        "bp.widgets.who_is_speaking(voices, clips, (bp.MLP([480, 2], seed=2), ['flite slt', 'flite awb']))",
        lambda box: box.locator("[data-is=voice]").select_option("1"),
        set_to(voice=1),
    ),
    "room": (
        "bp.widgets.waiting_room(logits, truth)",
        lambda box: key(box, "microscope", "ArrowLeft"),
        set_to(microscope=0.9),
    ),
    "budget": ("bp.widgets.budget()", lambda box: key(box, "machines", "ArrowRight"), set_to(machines=2)),
    "kernel": (
        "bp.widgets.kernel()",
        lambda box: box.locator("[data-is=padding]").select_option("1"),
        set_to(padding=1),
    ),
    "attention": ("bp.widgets.attention()", lambda box: key(box, "q0", "ArrowLeft"), set_to(q0=0.9)),
}
"""Experiments that the page itself computes: what the reader does there is known to Python afterwards."""


@pytest.fixture(scope="module")
def page(chromium, address):
    """Yield chapter 04, of which two cells are used to show an experiment and to ask for what it knows."""
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(START)
    page.goto(f"{address}/notebooks/04_derive_the_backward_pass.html")
    page.wait_for_function(READY)
    page.cells = [cell_with(page, "import copy"), page.locator(".cell:has(.bp-bar):not(:has(.bp-verdict))").nth(1)]
    run(page, page.cells[1], SETUP)
    yield page
    page.close()


def shown(page, source):
    """Show an experiment, as `e` for the other cell, and return its place and the same one made here."""
    here = {}
    exec(SETUP + f"e = {source}", here)
    return run(page, page.cells[0], f"e = {source}\ne").locator(".widget-subarea"), here["e"]


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_moved_shows_what_the_same_experiment_shows_here(page, name):
    source, act, same, words = SHOWN[name]
    box, mine = shown(page, source)
    act(box)
    before = words(mine)
    same(mine)
    wanted = words(mine)
    if isinstance(wanted, list):
        assert wanted != before
    page.wait_for_function(HAS, arg=[box.element_handle(), wanted])


@pytest.mark.parametrize("name", HEARD)
def test_what_the_page_computes_itself_is_known_to_python(page, name):
    source, act, same = HEARD[name]
    box, mine = shown(page, source)
    before = mine.lines()
    act(box)
    same(mine)
    assert mine.lines() != before
    assert run(page, page.cells[1], "print(e.lines())").inner_text().strip() == mine.lines().strip()


def test_a_busy_python_is_waited_for_and_not_taken_for_lost(page):
    box, mine = shown(page, "bp.widgets.drive(drivers)")
    busy = "import time\nbegun = time.monotonic()\nwhile time.monotonic() - begun < 8: pass"
    page.cells[1].locator("textarea").fill(busy)
    page.cells[1].locator(".bp-bar").get_by_role("button", name="Run", exact=True).click()
    box.get_by_role("button", name="Push left", exact=True).click()
    box.locator(".message", has_text="Python is busy with another cell. Your change comes").wait_for()
    mine.push()
    page.wait_for_function(HAS, arg=[box.element_handle(), offset(mine)])
