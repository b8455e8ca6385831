"""The stepper in a real browser without a kernel: stepping, clicking and the keyboard work, changing says why not."""

import json
from itertools import combinations, pairwise

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser
OVERLAPS = """window.overlaps = () => {
  const nodes = [...document.querySelectorAll(".node")], box = (element) => element.getBoundingClientRect(), found = [];
  for (const node of nodes) for (const other of nodes) for (const text of node.querySelectorAll("text")) {
    const a = box(text), b = box(other.querySelector("circle"));
    if (node === other || !text.textContent || !a.width) continue;
    if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) found.push(text.textContent);
  }
  return found;
}"""


@pytest.fixture
def page(without_kernel):
    with without_kernel(bp.widgets.backward_stepper()) as page:
        yield page


def numbers_in_units(page):
    """Return the numbers that stand in the circles, None where there is none yet."""
    texts = page.locator(".node text:nth-of-type(1)").all_text_contents()
    return [float(text.replace("−", "-")) if text else None for text in texts]


def expected(name, digits=4):
    state = bp.widgets.backward_stepper().state["examples"][0]
    return [float(f"{value:.{digits}g}") for layer in state[name] if layer for value in layer]


def test_stepping_shows_layer_after_layer(page):
    a = expected("a")
    assert numbers_in_units(page) == [*a[:2], None, None, None, None]
    page.click("[data-do=on]")
    assert numbers_in_units(page) == [*a[:4], None, None]
    page.click("[data-do=on]")
    page.click("[data-do=on]")
    assert numbers_in_units(page) == [*a, 0.125]
    page.click("[data-do=on]")
    delta = expected("delta")
    assert numbers_in_units(page) == [*a[:2], None, None, delta[2], 0.125]
    net = bp.widgets.backward_stepper().net
    dW = net.backward(net.forward([[1.0, 2.0]]), [1.0]).dW
    gradients = [f"∂ {d:.4g}".replace("-", "−") for d in dW[2].ravel() + 0.0]
    assert page.locator(".edge text").all_text_contents() == ["", "", "", "", *gradients]
    page.click("[data-do=on]")
    assert numbers_in_units(page) == [*a[:2], *delta, 0.125]
    assert page.locator(".words").text_content().startswith("5 of 5. Backward pass: layer 1 (BP2)")
    page.click("[data-do=back]")
    assert numbers_in_units(page) == [*a[:2], None, None, delta[2], 0.125]


def test_values_and_deltas_can_be_looked_at_in_turn(page):
    for _ in range(5):
        page.click("[data-do=on]")
    a, delta = expected("a"), expected("delta")
    page.click("[data-do=values]")
    assert numbers_in_units(page) == [*a, 0.125]
    page.click("[data-do=deltas]")
    assert numbers_in_units(page) == [*a[:2], *delta, 0.125]


def test_clicking_a_weight_shows_its_chain_rule_and_path(page):
    page.locator(".edge .hit").nth(0).click(force=True)
    rule = page.locator(".rule").text_content()
    assert "1 · 1 · 1 · 0.25 · (−0.5) = −0.125" in rule
    on_path = page.locator(".edge.path").evaluate_all(
        "edges => edges.map(e => e.getAttribute('aria-label').slice(0, 12))"
    )
    assert on_path == ["weight 1 0 0", "weight 2 0 0"]


def test_tab_and_enter_choose_a_weight_and_arrows_move_on(page):
    page.locator("[data-is=eta]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".name").text_content() == "w₀₁¹ ="
    assert page.locator("[data-is=number]").input_value() == "-3"


def test_digits_are_those_asked_for(page):
    for _ in range(2):
        page.click("[data-do=on]")
    page.select_option("[data-is=example]", "1")
    page.select_option("[data-is=digits]", "2")
    assert numbers_in_units(page)[4] == 0.27
    page.select_option("[data-is=digits]", "6")
    assert numbers_in_units(page)[4] == 0.268941


def test_without_python_a_change_says_why_it_does_not_come(page):
    page.locator(".edge .hit").nth(0).click(force=True)
    page.fill("[data-is=number]", "0.7")
    page.keyboard.press("Enter")
    assert json.loads(page.evaluate("JSON.stringify(window.asked)")) == [
        {"do": "set", "place": [1, 0, 0], "text": "0.7", "onTheWay": False}
    ]
    page.wait_for_function("document.querySelector('.message').textContent.startsWith('No answer from Python')")


def test_a_step_takes_at_most_two_milliseconds_of_script(page):
    median = page.evaluate(
        """() => {
          const on = document.querySelector("[data-do=on]"), back = document.querySelector("[data-do=back]");
          const taken = [];
          for (let k = 0; k < 101; k++) {
            const begun = performance.now();
            (k % 2 ? back : on).click();
            taken.push(performance.now() - begun);
          }
          return taken.sort((a, b) => a - b)[50];
        }"""
    )
    assert median <= 2


def test_no_text_of_a_wide_network_lies_on_another_unit(without_kernel):
    diagram = bp.widgets.NetworkDiagram(bp.MLP([3, 8, 6, 3], seed=0), [[1.0, 0.0, 2.0]], [1])
    diagram.step = 7
    with without_kernel(diagram) as page:
        page.evaluate(OVERLAPS)
        assert page.evaluate("overlaps()") == []
        page.evaluate("document.querySelectorAll('.node .above').forEach((text) => { text.style.display = '' })")
        assert len(page.evaluate("overlaps()")) > 0
        page.locator(".node").nth(5).hover()
        assert page.locator(".where").text_content() == page.locator(".node").nth(5).get_attribute("aria-label")


@pytest.mark.parametrize("sizes", [[2, 2, 1], [3, 4, 3], [2, 6, 2], [4, 3, 4]], ids=str)
def test_no_weight_of_a_small_network_lies_on_another(without_kernel, sizes):
    diagram = bp.widgets.NetworkDiagram(
        bp.MLP(sizes, loss="squared_error", seed=0), [[1.0] * sizes[0]], [[0.0] * sizes[-1]]
    )
    with without_kernel(diagram) as page:
        boxes = page.locator(".edge text").evaluate_all(
            "all => all.map((text) => text.getBoundingClientRect().toJSON())"
        )
        assert len(boxes) == sum(a * b for a, b in pairwise(sizes))
        for one, other in combinations(boxes, 2):
            apart = max(abs(one["x"] - other["x"]) / one["width"], abs(one["y"] - other["y"]) / (0.8 * one["height"]))
            assert apart > 1
