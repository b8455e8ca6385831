"""The chain and the expression graph in a real browser without a kernel: what is shown is what bpbook says."""

import json

import pytest

import bpbook as bp

from .conftest import resize

pytestmark = pytest.mark.browser
BARS = ["x̄", "ȳ", "v̄₁", "v̄₂", "v̄₃", "v̄₄", "f̄"]


def shown(page, selector):
    """Return the numbers that stand there, None where there is none yet."""
    texts = page.locator(selector).all_text_contents()
    return [float(text.replace("−", "-").removeprefix("× ")) if text else None for text in texts]


def rounded(values):
    return [float(f"{value:.6g}") for value in values]


@pytest.fixture
def chain(without_kernel):
    experiment = bp.widgets.chain()
    with without_kernel(experiment) as page:
        yield page, experiment


def test_a_click_nudges_a_node_and_all_after_it_move(chain):
    page, experiment = chain
    assert shown(page, ".node circle + text") == [2, 4, 12, 5, 60]
    assert shown(page, ".link text") == [4, 3, 1, 5, 12]
    page.locator(".node").nth(1).click()
    u = 4 + 0.01
    assert shown(page, ".node circle + text") == rounded([2, u, 3 * u, u + 1, 3 * u * (u + 1)])
    assert page.locator(".link.on").count() == 4
    assert page.locator("td").last.text_content() == "27"
    assert "u_new = x_new**2 + h" in page.locator("pre").text_content()
    page.locator(".node").nth(1).click()
    assert shown(page, ".node circle + text") == rounded(experiment.values.values())


def test_the_keyboard_nudges_a_node(chain):
    page, _ = chain
    page.locator("[data-is=digits]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator(".words b").text_content() == "v is nudged by 0.01"
    assert page.locator(".node.now").get_attribute("aria-label") == "v = 3u: 12.01. +0.01. ratio 1"


def test_no_rectangle_is_drawn_around_a_node_that_is_clicked(chain):
    page, _ = chain
    node = page.locator(".node").nth(1)
    node.click()
    assert node.evaluate("node => [document.activeElement === node, getComputedStyle(node).outlineStyle]") == [
        True,
        "none",
    ]


def test_a_slider_asks_python_and_without_it_says_why_nothing_comes(chain):
    page, _ = chain
    page.locator("[data-is=nudge-slider]").focus()
    page.keyboard.press("ArrowRight")
    asked = json.loads(page.evaluate("JSON.stringify(window.asked)"))
    assert asked == [{"do": "set", "place": "nudge", "text": "0.02"}]
    page.wait_for_function("document.querySelector('.message').textContent.startsWith('No answer from Python')")


@pytest.fixture
def expression(without_kernel):
    experiment = bp.widgets.expression_graph()
    with without_kernel(experiment, "dark") as page:
        yield page, experiment


def test_stepping_shows_value_after_value_and_then_adjoint_after_adjoint(expression):
    page, experiment = expression
    values = rounded(node.value.item() for node in experiment.nodes)
    assert shown(page, ".node circle + text") == [*values[:2], *[None] * 5]
    for _ in range(5):
        page.click("[data-do=on]")
    page.select_option("[data-is=digits]", "3")
    assert shown(page, ".node circle + text") == [float(f"{value:.3g}") for value in values]
    page.select_option("[data-is=digits]", "6")
    for _ in range(6):
        page.click("[data-do=on]")
    assert page.locator("[data-do=on]").is_disabled()
    last = page.locator(".node text.first").all_text_contents()
    adjoints = ["5.5", "1.71634", "1", "1", "−1", "1", "1"]
    assert last == [f"{bar} = {value}" for bar, value in zip(BARS, adjoints, strict=True)]
    assert page.locator(".words").text_content().startswith("11 of 11. Back: v₁ sends its adjoint on (RM)")
    page.click("[data-do=back]")
    assert page.locator(".node text.first").first.text_content() == "x̄ = 5 + …"


def test_choosing_a_node_goes_to_its_steps_in_turn(expression):
    page, _ = expression
    node = page.locator(".node").nth(3)
    for begins in ("2 of 11. Forward: v₂", "10 of 11. Back: v₂ sends", "2 of 11."):
        node.focus()
        page.keyboard.press("Enter")
        assert page.locator(".words").text_content().startswith(begins)


def test_an_expression_is_typed_and_asked_for_once(expression):
    page, _ = expression
    page.fill("[data-is=expression]", "x * y")
    page.keyboard.press("Enter")
    asked = json.loads(page.evaluate("JSON.stringify(window.asked)"))
    assert asked == [{"do": "set", "place": "expression", "text": "x * y"}]


def lit(page):
    return page.locator(".lit").evaluate_all(
        "all => all.map((part) => part.closest('svg') ? part.getAttribute('aria-label') : part.textContent)"
    )


def test_a_factor_of_the_local_rule_and_its_link_light_each_other(expression):
    page, _ = expression
    for _ in range(10):
        page.click("[data-do=on]")
    product, sum_ = "x̄ += v̄₂ · y = 1 · 5 = 5", "ȳ += v̄₂ · x = −0.283662 + 1 · 2 = 1.71634"
    assert page.locator(".words").text_content().endswith(f"{product}\n{sum_}")
    link = "from x to v₂: local derivative 5"
    page.locator(".words [role=math]").get_by_text("y", exact=True).hover()
    assert lit(page) == [link, "y", "5"]
    page.locator(".title").hover()
    assert lit(page) == []
    page.locator(f"[aria-label='{link}'] text").hover()
    assert lit(page) == [link, "y", "5"]
    page.locator(".node").nth(1).hover()
    assert lit(page)[1:] == ["ȳ", "−0.283662", "1.71634"]
    page.locator("[data-is=digits]").focus()
    page.keyboard.press("Tab")
    for _ in page.locator(".node").all():
        page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert lit(page) == [link, "y", "5"]


def test_a_factor_of_a_way_and_its_link_light_each_other(chain):
    page, _ = chain
    page.locator(".node").nth(0).click()
    page.locator(".words [role=math]").nth(1).hover()
    assert lit(page) == ["from u to v: local derivative 3", "3"]
    page.locator("[aria-label='from x to u: local derivative 4'] text").hover()
    assert lit(page) == ["from x to u: local derivative 4", "4", "4"]  # on both ways
    page.locator(".title").hover()
    x, y = page.locator("[aria-label='from x to u: local derivative 4'] path").evaluate_all(
        """([path]) => {
          const { x, y } = path.getPointAtLength(0.15 * path.getTotalLength()).matrixTransform(path.getScreenCTM());
          return [x, y];
        }"""
    )
    page.mouse.move(x, y + 4)  # near is enough
    assert lit(page) == ["from x to u: local derivative 4", "4", "4"]


def test_what_is_pointed_at_stays_lit_from_step_to_step(expression):
    page, _ = expression
    page.locator(".node").nth(3).hover()
    for _ in range(10):
        page.evaluate("document.querySelector('[data-do=on]').click()")
    assert lit(page) == ["v₂ = x · y: 10. v̄₂ = 1", "v̄₂", "1", "v̄₂", "1"]


# One image there and back ---------------------------------------------------------------------------------------------


@pytest.fixture
def journey(without_kernel):
    x, y = bp.datasets.digits()
    experiment = bp.widgets.image_journey(bp.MLP([64, 64, 10], seed=0), x[:4], y[:4])
    with without_kernel(experiment) as page:
        yield page, experiment


def test_an_image_goes_forward_and_its_error_comes_back(journey):
    page, experiment = journey
    page.locator(".thumbs button").nth(3).click()
    shown = experiment.state["images"][3]
    assert page.locator(".panel.waiting").count() == 5
    for _ in range(3):
        page.click("[data-do=on]")
    assert page.locator(".panel.waiting").count() == 2
    bars = [f"{value:.2f}".replace("-", "−").replace("0.", ".") for value in shown["p"]]
    assert page.locator(".panel").nth(2).locator(".value").all_text_contents() == bars
    for _ in range(2):
        page.click("[data-do=on]")
    assert page.locator(".panel.waiting").count() == 0
    assert page.locator("[data-do=on]").text_content() == "Update weights"
    opacity = (
        page.locator(".panel")
        .nth(5)
        .locator("rect:not(.ground, .mark)")
        .evaluate_all(
            "cells => cells.map(c => Number(c.style.fillOpacity) * (c.style.fill.includes('orange') ? 1 : -1))"
        )
    )
    most = max(map(abs, shown["dx"]))
    assert opacity == pytest.approx([value / most for value in shown["dx"]], abs=1e-4)


def test_a_picture_reads_out_its_numbers_by_mouse_and_by_keyboard(journey):
    page, experiment = journey
    shown = experiment.state["images"][0]
    page.locator(".panel").nth(0).locator("rect:not(.ground, .mark)").nth(3).hover()
    assert page.locator(".where").text_content() == f"pixel 3: {shown['x'][3]:g}"
    page.locator(".panel").nth(3).focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".where").text_content() == "digit 0: not yet"
    for _ in range(3):
        page.click("[data-do=on]")
    p = float(f"{shown['p'][0]:.4g}")
    assert page.locator(".where").text_content() == f"digit 0: {p:g} − 1 = {float(f'{p - 1:.4g}'):g}".replace("-", "−")


def test_captions_of_the_journey_stay_readable_where_there_is_little_room(journey):
    page, _ = journey
    resize(page, 570, 960)
    sizes = page.evaluate(
        """() => {
          const svg = document.querySelector(".picture svg");
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          const size = (text) => scale * parseFloat(getComputedStyle(text).fontSize);
          return [...document.querySelectorAll(".panel .above, .panel .digit")].map(size);
        }"""
    )
    assert min(sizes) >= 10


def test_nothing_below_the_journey_moves_from_step_to_step(journey):
    page, _ = journey
    seen = set()
    for _ in range(6):
        seen.add(page.locator("details").evaluate("details => details.getBoundingClientRect().top"))
        page.click("[data-do=on]")
    assert len(seen) == 1


@pytest.mark.parametrize(("name", "field", "held"), [("chain", "x", "2"), ("journey", "eta", "0.01")])
def test_without_python_a_field_goes_back_to_what_holds(request, name, field, held):
    page, _ = request.getfixturevalue(name)
    for _ in range(5 if name == "journey" else 0):
        page.click("[data-do=on]")
    page.fill(f"[data-is={field}]", "3")
    page.keyboard.press("Enter")
    if name == "journey":
        page.click("[data-do=on]")
    page.wait_for_function("document.querySelector('.message').textContent.startsWith('No answer from Python')")
    assert page.locator(f"[data-is={field}]").input_value() == held


def test_a_long_expression_is_read_whole_and_does_not_scroll(without_kernel, artefacts):
    long = bp.widgets.expression_graph()
    long.set("expression", "sigmoid(tanh(x * y) + exp(-x)) * log(y) / (1 + x ** 2)")
    long.frame = len(long.state["frames"]) - 1
    fits = "part => part.scrollWidth <= part.clientWidth"
    with without_kernel(long) as page:
        page.locator(".bpbook-graph").screenshot(path=artefacts / "long_expression.png")
        assert page.locator(".scroll").evaluate(fits)
        assert page.locator("[data-is=expression]").evaluate(fits)
        page.locator(".scroll svg").evaluate("svg => { svg.style.minWidth = '966px'; }")
        assert not page.locator(".scroll").evaluate(fits)
