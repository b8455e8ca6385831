"""Every experiment under axe, in light and in dark: in a real JupyterLab, and on a page without a kernel."""

import re
from pathlib import Path

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")
CELL = """
import numpy as np
import bpbook as bp
from IPython.display import display
x, y = bp.datasets.digits()
display(
    bp.widgets.tangent(), bp.widgets.neuron(), bp.widgets.chain(), bp.widgets.backward_stepper(),
    bp.widgets.expression_graph(), bp.widgets.image_journey(bp.MLP([64, 64, 10], seed=0), x[:4], y[:4]),
    bp.widgets.race(), bp.widgets.roll_a_ball(), bp.widgets.playground(),
    bp.widgets.waiting_room({1.0: [-1, 2, 1, -2], 0.9: [-2, 1, 0, -3]}, [0, 1, 0, 1]),
    bp.widgets.find_the_leak(), bp.widgets.depth(), bp.widgets.kernel(), bp.widgets.attention(),
    bp.widgets.budget(bp.MLP([8] * 13, hidden="tanh", seed=0), memory=1),
    bp.widgets.drive(bp.MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", seed=0)),
)
"""


@pytest.fixture(scope="module")
def axe():
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def findings(page, axe, selector):
    """Return what axe finds serious inside the elements: rule, element, reason."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    violations = page.evaluate("async (selector) => (await axe.run(selector)).violations", selector)
    return [
        (violation["id"], node["html"][:160], node["failureSummary"].splitlines()[1].strip())
        for violation in violations
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def experiments():
    x, y = bp.datasets.digits()
    chain, expression, journey = (
        bp.widgets.chain(),
        bp.widgets.expression_graph(),
        bp.widgets.image_journey(bp.MLP([64, 64, 10], seed=0), x[:4], y[:4]),
    )
    chain.choose("u")
    expression.frame, journey.step = 9, 5
    stepper = bp.widgets.backward_stepper()
    stepper.step, stepper.selected, stepper.message = 3, [1, 0, 0], "A message."
    room = bp.widgets.waiting_room({1.0: [-1, 2, 1, -2], 0.9: [-2, 1, 0, -3]}, [0, 1, 0, 1])
    room.message = "A message."
    hand = bp.widgets.your_hand(bp.MLP([784, 10], seed=0))
    hand.nudge()
    hand.message = "A message."
    voices = bp.MLP([480, 2], seed=0), ["flite awb", "flite slt"]
    speaking = bp.widgets.who_is_speaking({"one": bp.MLP([480, 10], seed=0)}, who=voices)
    speaking.message = "A message."
    budget = bp.widgets.budget(bp.MLP([8] * 13, hidden="tanh", seed=0), memory=1)
    budget.machines, budget.every, budget.message = 2, 3, "A message."
    drive = bp.widgets.drive(bp.MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", seed=0))
    drive.message = "A message."
    kernel, attention = bp.widgets.kernel(), bp.widgets.attention()
    kernel.chosen, kernel.message, attention.message = ["W", 1, 1], "A message.", "A message."
    return {
        "attention": attention,
        "budget": budget,
        "drive": drive,
        "hand": hand,
        "chain": chain,
        "expression": expression,
        "journey": journey,
        "kernel": kernel,
        "stepper": stepper,
        "room": room,
        "speaking": speaking,
    }


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    ["attention", "budget", "drive", "hand", "chain", "expression", "journey", "kernel", "stepper", "room", "speaking"],
)
def test_without_a_kernel_axe_finds_nothing_serious(without_kernel, axe, name, color_scheme):
    with without_kernel(experiments()[name], color_scheme) as page:
        assert findings(page, axe, "main") == []


def unspeakable(labels):
    """Return the labels that end in a stop with nothing behind it, or hold two of them in a row."""
    return [label for label in labels if re.search(r"[.:,] *([.:,] |$)", label)]


@pytest.mark.parametrize("name", ["chain", "expression", "stepper", "journey"])
def test_labels_read_well_aloud(without_kernel, name):
    with without_kernel(experiments()[name]) as page:
        labels = page.locator("svg [aria-label]").evaluate_all("all => all.map(one => one.ariaLabel.trimEnd())")
    assert labels
    assert unspeakable([label.removesuffix(".") for label in labels]) == []
    assert unspeakable(["u = x²: 4. .", "x: 2", "v: "]) == ["u = x²: 4. .", "v: "]


def test_axe_would_find_grey_on_grey_and_a_button_without_a_name(without_kernel, axe):
    with without_kernel(experiments()["chain"]) as page:
        page.evaluate("document.querySelector('.legend').style.color = '#ccc'")
        page.evaluate("document.querySelector('[data-do=rewind]').textContent = ''")
        assert {rule for rule, _, _ in findings(page, axe, "main")} == {"color-contrast", "button-name"}


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab("accessibility", CELL, ".bpbook-board:nth-of-type(1)") as page:
        shown = "count => document.querySelectorAll('.jp-OutputArea-output').length === count"
        page.wait_for_function(shown, arg=CELL.count("bp.widgets."))
        yield page


def in_theme(page, theme):
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
    )
    page.wait_for_selector(f"[data-jp-theme-light={'true' if theme == 'Light' else 'false'}]", state="attached")
    page.wait_for_timeout(500)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_in_jupyterlab_axe_finds_nothing_serious(page, axe, theme):
    in_theme(page, theme)
    assert findings(page, axe, ".jp-OutputArea-output") == []


def test_one_example_of_the_playground_is_as_good_in_light_and_in_dark(page, axe, artefacts):
    page.get_by_role("button", name="One example", exact=True).click()
    board = page.locator(".bpbook-board:has(.bpbook-network svg)")
    board.locator("[data-do=on]").click()
    board.locator(".edge .hit").first.click(force=True)
    board.locator("[data-is=number]").wait_for()
    for theme in ("Light", "Dark"):
        in_theme(page, theme)
        board.screenshot(path=artefacts / f"playground_example_{theme.lower()}.png")
        assert findings(page, axe, ".bpbook-board:has(.bpbook-network svg)") == []
        words = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
        assert board.locator("button:visible, .widget-label:visible, td:visible").evaluate_all(words) == []
    board.locator("[data-do=rewind]").evaluate("button => { button.textContent = ''; }")
    assert {rule for rule, _, _ in findings(page, axe, ".bpbook-board:has(.bpbook-network svg)")} == {"button-name"}
    page.get_by_role("button", name="Back to training").click()
