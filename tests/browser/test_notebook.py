"""Experiments in Jupyter Notebook 7: moved by keys, at three widths, without a word that is cut."""

import pytest

import bpbook as bp
from bpbook.widgets.controls.words import number
from bpbook.widgets.playground.training.settings import Settings
from bpbook.widgets.playground.training.trainer import Trainer

from .conftest import resize

pytest.importorskip("notebook", reason="Jupyter Notebook 7 is not installed: pip install notebook")
pytestmark = pytest.mark.browser
NAMES = ("tangent", "backward_stepper", "chain", "race", "playground", "attention")
CELLS = [f"import bpbook as bp\nbp.widgets.{name}()" for name in NAMES]
SIZES = {"1000 pixels": (1000, 900), "1600 pixels": (1600, 900), "1000 pixels at 200 per cent": (500, 450)}
# What is wider than the cell, unless it is a line of code, a formula or a graph, which may scroll; and a control whose
# words do not fit into it.
WRONG = """output => {
  const { left, right } = output.getBoundingClientRect(), found = [];
  const pen = new OffscreenCanvas(1, 1).getContext("2d"), may = "pre, .words, .chosen, .numbers, .scroll, .aloud";
  for (const part of output.querySelectorAll("*")) {
    const named = `${part.tagName} ${part.textContent.trim().slice(0, 40)}`, css = getComputedStyle(part);
    const box = part.getBoundingClientRect();
    if (!box.width || part.closest(".aloud") || !part.checkVisibility({ visibilityProperty: true })) continue;
    if ((box.right > right + 1 || box.left < left - 1) && !part.parentElement.closest(may)) found.push(`wide ${named}`);
    if (part.matches("button, .widget-label") && part.scrollWidth > part.clientWidth + 1) found.push(`cut ${named}`);
    if (!part.matches("select")) continue;
    pen.font = `${css.fontSize} ${css.fontFamily}`;
    const room = part.clientWidth - parseFloat(css.paddingLeft) - parseFloat(css.paddingRight);
    const { text } = part.selectedOptions[0];
    if (pen.measureText(text).width > room + 1) found.push(`cut ${text}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab("seven", CELLS, ".bpbook-attention svg", seven=True) as page:
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60000)
        yield page


def outputs(page):
    shown = page.locator(".jp-OutputArea-output").all()
    assert len(shown) == len(NAMES)
    return dict(zip(NAMES, shown, strict=True))


def test_each_kind_of_experiment_is_moved_by_keys(page):
    shown = outputs(page)
    tangent = bp.widgets.tangent()
    shown["tangent"].get_by_role("slider", name="x").focus()
    page.keyboard.press("ArrowLeft")
    tangent.x.value = 1.0 - tangent.x.step
    shown["tangent"].get_by_role("img", name=tangent.view.alt, exact=True).wait_for()

    stepper = bp.widgets.backward_stepper()
    shown["backward_stepper"].locator("[data-do=on]").focus()
    page.keyboard.press("Enter")
    value = number(stepper.net.forward([[1.0, 2.0]]).a[1][0, 0], 4)
    shown["backward_stepper"].locator(".node").nth(2).get_by_text(value, exact=True).wait_for()

    shown["chain"].locator("[data-is=x-slider]").focus()
    page.keyboard.press("ArrowLeft")
    shown["chain"].locator(".node").nth(0).get_by_text("1.9", exact=True).wait_for()

    race = bp.widgets.race()
    shown["race"].get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    race.step()
    shown["race"].get_by_text(race.view.alt, exact=True).wait_for()

    trainer = Trainer(Settings())
    trainer.train()
    shown["playground"].get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    shown["playground"].get_by_text(f"Epoch 1: C = {trainer.losses[1]:.4g} on 150 training points").wait_for()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_its_cell_and_no_word_is_cut(page, size, artefacts):
    width, height = SIZES[size]
    resize(page, width, height)
    for name, output in outputs(page).items():
        output.screenshot(path=artefacts / f"notebook_{name}_{width}.png")
    assert {name: wrong for name, output in outputs(page).items() if (wrong := output.evaluate(WRONG))} == {}


def test_what_is_too_wide_or_cut_would_be_seen(page):
    tangent, chain = outputs(page)["tangent"], outputs(page)["chain"]
    tangent.locator("img").evaluate("image => { image.style.cssText = 'max-width: none; width: 3000px;'; }")
    assert [found[:8] for found in tangent.evaluate(WRONG)] == ["wide IMG"]
    chain.locator("button").first.evaluate("button => { button.style.cssText = 'width: 20px; overflow: hidden;'; }")
    assert [found[:10] for found in chain.evaluate(WRONG)] == ["cut BUTTON"]
