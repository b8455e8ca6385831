"""The stepper in a real browser without a kernel: stepping, clicking and the keyboard work, changing says why not."""

import json
from itertools import combinations, pairwise

import pytest

import bpbook as bp

from .conftest import resize, still

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
    gradients = [f"∂C/∂w = {d:.4g}".replace("-", "−") for d in dW[2].ravel() + 0.0]
    assert page.locator(".edge text").all_text_contents() == ["", "", "", "", *gradients]
    page.click("[data-do=on]")
    assert numbers_in_units(page) == [*a[:2], *delta, 0.125]
    assert page.locator(".words").text_content().startswith("5 of 6. Backward pass: layer 1 (BP2)")
    page.click("[data-do=on]")
    assert numbers_in_units(page) == [*a, 0.125]
    net.update(net.backward(net.forward([[1.0, 2.0], [-1.0, 3.0]]), [1.0, 0.0]), 0.5)
    after = [f"w → {w:.4g}".replace("-", "−") for W in net.W[1:] for w in W.ravel()]
    assert page.locator(".edge text").all_text_contents() == after
    assert page.locator(".words").text_content().startswith("6 of 6. Update weights (GD)")
    for _ in range(2):
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
    assert rule == "Its gradient comes in step 5, with the backward pass."
    page.click("[data-do=deltas]")
    assert "∂C" not in page.locator(".picture").text_content() + page.locator(".rule").text_content()
    page.click("[data-do=on]")
    assert page.locator(".rule").text_content().startswith("a00 · w001 = 1 · 0.5 = 0.5, a term of z01")
    for _ in range(4):
        page.click("[data-do=on]")
    rule = page.locator(".rule").text_content()
    assert "← " not in rule
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


def test_enter_on_a_number_that_is_as_it_was_asks_python_nothing(page):
    page.locator(".edge .hit").nth(0).click(force=True)
    page.focus("[data-is=number]")
    page.keyboard.press("Enter")
    assert page.evaluate("window.asked") == []
    page.fill("[data-is=number]", "0.7")
    page.keyboard.press("Enter")
    assert len(page.evaluate("window.asked")) == 1


# What travels along the wires ---------------------------------------------------------------------------------------

STEP_AND_HOLD = """() => {
  document.querySelector("[data-do=on]").click();
  for (const animation of document.getAnimations()) animation.pause();
}"""
BEADS = """() => [...document.querySelectorAll(".flow circle")].map((bead) => {
  const [animation] = bead.getAnimations(), lasts = animation.effect.getComputedTiming().endTime;
  const places = [0, lasts].map((time) => {
    animation.currentTime = time;
    const { x, y, width } = bead.getBoundingClientRect();
    return [x + width / 2, y + width / 2];
  });
  return { places, lasts, radius: bead.r.baseVal.value, colour: getComputedStyle(bead).fill };
})"""
ENDS = """(lines) => lines.map((line) => {
  const ends = ["1", "2"].map((k) => new DOMPoint(line[`x${k}`].baseVal.value, line[`y${k}`].baseVal.value));
  return ends.map((end) => end.matrixTransform(line.getScreenCTM())).map(({ x, y }) => [x, y]);
})"""


def beads_wanted(page, example, step):
    """Return from where to where a bead has to run in this step of 2-2-1, and its size: what is carried is not 0."""
    net, x, y = bp.widgets.backward_stepper().net, [[1.0, 2.0], [-1.0, 3.0]], [1.0, 0.0]
    cache = net.forward(x[example : example + 1])
    delta = net.backward(cache, y[example : example + 1]).delta
    slope = net.params.f[1].prime(cache.z[1])
    there = [cache.a[0].T * net.W[1], cache.a[1].T * net.W[2], cache.a[2]]
    back = [delta[2], slope.T * net.W[2] * delta[2]]
    wires, outputs = page.locator(".edge .hit").evaluate_all(ENDS), page.locator(".end").evaluate_all(ENDS)
    lines = {1: wires[:4], 2: wires[4:], 3: outputs, 4: [outputs[0][::-1]], 5: [wire[::-1] for wire in wires[4:]]}[step]
    way, carried = (there, there[step - 1]) if step <= 3 else (back, back[step - 4])
    sizes = abs(carried.ravel()) / max(abs(terms).max() for terms in way)
    return [(*line, size) for line, size in zip(lines, sizes, strict=True) if size]


def assert_runs(page, example, step):
    beads, wanted = page.evaluate(BEADS), beads_wanted(page, example, step)
    assert len(beads) == len(wanted) > 0
    for bead, (start, end, size) in zip(beads, wanted, strict=True):
        for place, wanted_place in zip(bead["places"], (start, end), strict=True):
            assert place == pytest.approx(wanted_place, abs=0.1)
        assert (bead["radius"] - 4) / 6 == pytest.approx(size, abs=0.002)
        assert bead["lasts"] <= 600
    colour = "--blue" if step <= 3 else "--orange"
    wanted = page.evaluate(
        """(name) => {
          const probe = document.querySelector(".title").cloneNode();
          document.querySelector(".title").after(probe);
          probe.style.color = `var(${name})`;
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        }""",
        colour,
    )
    assert {bead["colour"] for bead in beads} == {wanted}


@pytest.mark.parametrize("example", [0, 1])
def test_values_run_to_the_right_and_deltas_to_the_left_where_there_are_any(page, example):
    page.select_option("[data-is=example]", str(example))
    assert page.locator(".flow circle").count() == 0
    for step in range(1, 6):
        page.evaluate(STEP_AND_HOLD)
        assert_runs(page, example, step)
    page.evaluate(STEP_AND_HOLD)
    assert page.locator(".flow circle").count() == 0
    assert page.evaluate("window.asked") == []


@pytest.mark.parametrize(
    "twin",
    ["bead.style.setProperty('--to', bead.style.getPropertyValue('--from'))", "bead.setAttribute('r', 7)"],
    ids=["still", "all of one size"],
)
def test_beads_that_say_something_else_are_refused(page, twin):
    page.evaluate(STEP_AND_HOLD)
    page.evaluate(f"document.querySelectorAll('.flow circle').forEach((bead) => {{ {twin} }})")
    with pytest.raises(AssertionError):
        assert_runs(page, 0, 1)


def test_what_travelled_is_gone_after_it_arrived_and_when_the_next_step_comes_first(page):
    page.click("[data-do=on]")
    page.wait_for_function("document.querySelectorAll('.flow circle').length === 0")
    assert page.locator(".flowing").count() == 0
    counts = page.evaluate(
        """() => {
          const counts = [], press = (name) => {
            document.querySelector(`[data-do=${name}]`).click();
            counts.push(document.querySelectorAll(".flow circle").length);
          };
          for (let k = 0; k < 3; k++) press("on");
          for (let k = 0; k < 3; k++) press("back");
          press("on");
          return counts;
        }"""
    )
    # a_1^1 is 0, so one value goes to the output; a step back sends nothing.
    assert counts == [1, 1, 1, 0, 0, 0, 1]


def test_nothing_travels_for_readers_who_want_less_motion(page):
    page.emulate_media(reduced_motion="reduce")
    for _ in range(6):
        page.click("[data-do=on]")
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.locator(".flow circle").count() == 0


# Factors of a formula and parts of the picture ------------------------------------------------------------------------


@pytest.fixture
def chosen(without_kernel):
    """Yield the page with w_00^1 chosen, after the backward pass, so that two formulas hold each factor."""
    diagram = bp.widgets.backward_stepper()
    diagram.selected, diagram.step, diagram.show = [1, 0, 0], 5, "deltas"
    with without_kernel(diagram) as page:
        yield page


def lit(page):
    """Return the labels of the parts of the picture that are lit, and what is lit in the rule."""
    parts = page.locator("svg [aria-label].lit").evaluate_all(
        "all => all.map((part) => part.getAttribute('aria-label').split(/[:,]/)[0])"
    )
    return parts, page.locator(".rule .lit").all_text_contents()


FACTORS = {
    "a00": ("input 0 of layer 0", ["1", "1"]),  # in the product and in the path
    "δ01": ("delta 0 of layer 1", ["−0.125"] * 2),
    "w002": ("weight 2 0 0", ["1", "1"]),
    "f1′(z01)": ("delta 0 of layer 1", ["1", "1"]),
    "f2′(z02)": ("delta 0 of layer 2", ["0.25", "0.25"]),
    "∂C/∂a02": ("loss C", ["−0.5", "−0.5"]),
    "∂C/∂w001": ("weight 1 0 0", ["−0.125", "−0.08894"]),
}


@pytest.mark.parametrize("by", ["hand", "key"])
@pytest.mark.parametrize("written", FACTORS)
def test_pointing_at_a_factor_lights_its_part_and_its_numbers(chosen, written, by):
    factors = chosen.locator(".rule [role=math]")
    texts = factors.all_text_contents()
    if by == "hand":
        factors.nth(texts.index(written)).hover()
    else:
        chosen.locator("[data-is=slider]").focus()
        chosen.keyboard.press("Tab")
        for _ in range(texts.index(written)):
            chosen.keyboard.press("ArrowRight")
    part, numbers = FACTORS[written]
    parts, in_rule = lit(chosen)
    assert parts == [part]
    assert [text for text in in_rule if text != written] == numbers
    assert set(in_rule) == {written, *numbers}
    if by == "hand":
        chosen.locator(".title").hover()
    else:
        chosen.evaluate("document.activeElement.blur()")
    assert lit(chosen) == ([], [])


def test_pointing_at_a_number_lights_its_symbol_and_its_wire(chosen):
    chosen.locator(".rule .factor:not([role])").get_by_text("0.25").first.hover()
    parts, in_rule = lit(chosen)
    assert parts == ["delta 0 of layer 2"]
    assert in_rule == ["f2′(z02)", "0.25"] * 2


@pytest.mark.parametrize("by", ["hand", "key"])
def test_pointing_at_a_part_lights_its_factors(chosen, by):
    point = {"hand": lambda part: part.hover(force=True), "key": lambda part: part.focus()}[by]
    point(chosen.locator(".edge").nth(4).locator(".hit" if by == "hand" else "xpath=."))
    assert lit(chosen) == (["weight 2 0 0"], ["w002", "1", "w002", "1"])
    assert chosen.locator(".words .lit").all_text_contents() == ["w002", "1"]
    point(chosen.locator(".node").nth(4))
    assert lit(chosen)[1] == ["δ02", "−0.125", "δ02", "f2′(z02)", "0.25", "−0.125", "f2′(z02)", "0.25"]
    if by == "hand":
        point(chosen.locator(".node").last)
        assert lit(chosen) == (["loss C"], ["∂C/∂a02", "−0.5"] * 2)
        assert chosen.locator(".end.lit").count() == 1


BEGINS = {"a": "input", "δ": "delta", "w": "weight", "f": "slope f′ at the weighted input", "∂": "gradient of the"}


def test_every_factor_has_a_label_and_a_part_in_the_picture(chosen):
    for place in (".words", ".rule"):
        factors = chosen.locator(f"{place} [role=math]")
        stops = factors.evaluate_all("all => all.map((factor) => factor.tabIndex)")
        assert stops == [0] + [-1] * (factors.count() - 1)
        labels = factors.evaluate_all("all => all.map((factor) => factor.getAttribute('aria-label'))")
        for written, label in zip(factors.all_text_contents(), labels, strict=True):
            assert label.startswith(BEGINS[written[0]])
    parts = "(of) => [...document.querySelectorAll('svg [data-of]')].some((part) => part.dataset.of.includes(of))"
    for of in set(chosen.locator(".factor").evaluate_all("all => all.map((factor) => factor.dataset.of)")):
        assert chosen.evaluate(parts, of)
    assert not chosen.evaluate(parts, "u1,2")


def test_a_factor_of_a_wide_layer_tells_its_unit_apart(without_kernel):
    diagram = bp.widgets.backward_stepper(bp.MLP([12, 10, 3], seed=0), [[1.0] * 12], [0])
    diagram.step = 1
    with without_kernel(diagram) as page:
        page.locator(".words [role=math]").get_by_text("11,0").hover()
        assert lit(page)[0] == ["weight 1 11 0"]
        page.locator(".words [aria-label='input 11 of layer 0']").hover()
        assert lit(page)[0] == ["input 11 of layer 0"]


@pytest.mark.parametrize("width", [500, 820])
def test_nothing_moves_when_a_factor_or_a_wire_is_pointed_at(chosen, width):
    resize(chosen, width, 1200)
    top = "document.querySelector('.rule').getBoundingClientRect().toJSON()"
    before = chosen.evaluate(top)
    for factor in chosen.locator(".rule [role=math]").all():
        factor.dispatch_event("pointerover")
        assert len(lit(chosen)[0]) == 1
        assert chosen.evaluate(top) == before


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


def number_boxes(page):
    """Return of every unit with a number how far its corners are from the centre, over the radius of the circle."""
    return page.locator(".node").evaluate_all(
        """nodes => nodes.filter(node => node.querySelector("text").textContent).map((node) => {
          const text = node.querySelector("text").getBoundingClientRect();
          const circle = node.querySelector("circle").getBoundingClientRect();
          return text.width / circle.width;
        })"""
    )


@pytest.mark.parametrize("weight", [3.5, -1e6, 123456789.0], ids=str)
def test_every_number_stays_inside_its_circle(without_kernel, weight):
    diagram = bp.widgets.backward_stepper()
    diagram.set([1, 0, 0], weight)
    diagram.digits = 6
    for step, show in ((3, "values"), (5, "deltas")):
        diagram.step, diagram.show = step, show
        with without_kernel(diagram) as page:
            boxes = number_boxes(page)
            assert len(boxes) == 6
            assert max(boxes) < 0.94


def test_the_line_below_the_picture_follows_what_is_pointed_at_and_else_gives_one_hint(page):
    edge, where = page.locator(".edge").nth(0), page.locator(".where")
    assert where.text_content().startswith("Blue wires have a positive weight")
    edge.locator(".hit").hover(force=True)
    assert where.text_content() == edge.get_attribute("aria-label")
    page.evaluate("document.querySelectorAll('[data-do=on]').forEach(b => { for (let k = 0; k < 5; k++) b.click() })")
    assert "gradient" in where.text_content()
    assert where.text_content() == edge.get_attribute("aria-label")
    page.locator(".title").hover()
    assert where.text_content().startswith("The beads are the terms of δ")
    edge.focus()
    assert where.text_content() == edge.get_attribute("aria-label")
    page.locator("[data-is=eta]").focus()
    assert where.text_content().startswith("The beads are the terms of δ")


def test_a_unit_that_is_off_is_marked_with_its_slope_once_its_z_is_known(page):
    unit = page.locator(".node").nth(3)
    assert "off" not in unit.get_attribute("aria-label") + unit.text_content()
    page.click("[data-do=on]")
    assert unit.locator("text").all_text_contents() == ["0", "a₁¹ off", "z = −1.25", "f′ = 0, b = 1.25"]
    assert unit.get_attribute("aria-label") == "activation 1 of layer 1, off, f′ = 0: 0"
    assert page.locator(".node.closed").count() == 1
    page.select_option("[data-is=example]", "1")
    assert page.locator(".node.closed").count() == 0


def test_a_batch_shows_one_number_an_example_and_the_gradient_of_their_mean(page):
    page.select_option("[data-is=example]", label="all 2")
    for _ in range(5):
        page.click("[data-do=on]")
    net = bp.widgets.backward_stepper().net
    cache = net.forward([[1.0, 2.0], [-1.0, 3.0]])
    grads = net.backward(cache, [1.0, 0.0])
    stacks = page.locator(".node .inside").evaluate_all(
        "all => all.map(text => [...text.children].map(t => Number(t.textContent.replace('−', '-'))))"
    )
    rows = [column.tolist() for l in (1, 2) for column in grads.delta[l].T]
    for stack, row in zip(stacks[2:5], rows, strict=True):
        assert stack == pytest.approx(row, rel=1e-3)
    labels = [f"∂C/∂w = {d:.4g}".replace("-", "−") for dW in grads.dW[1:] for d in dW.ravel()]
    assert page.locator(".edge text").all_text_contents() == labels
    assert page.locator(".node").last.locator("text").first.text_content() == f"{net.loss(cache, [1.0, 0.0]):.4g}"


def test_what_came_of_an_update_is_written_beside_its_promise(without_kernel):
    diagram = bp.widgets.backward_stepper()
    diagram.update(0.5)
    before, after = (f"{C:.4g}" for C in diagram.history)
    came, promised = (f"{d:.4g}".replace("-", "−") for d in (diagram.history[1] - diagram.history[0], diagram.promised))
    with without_kernel(diagram) as page:
        wanted = f"C (mean of 2): {before} → {after}, a change of {came}; promised by −η|∇C|²: {promised}."
        assert page.locator(".history").text_content() == wanted


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_picture_step_and_chosen_formula_are_in_view_together(without_kernel, color_scheme):
    """In a card as wide as JupyterLab leaves one at 1000 by 700, and in the height that it leaves: 579 pixels."""
    diagram = bp.widgets.backward_stepper()
    diagram.selected = [1, 0, 0]
    with without_kernel(diagram, color_scheme) as page:
        resize(page, 836, 700)
        heights = set()
        for _ in range(7):
            card = page.locator(".bpbook-experiment").bounding_box()
            heights.add(card["height"])
            page.click("[data-do=on]")
        assert len(heights) == 1
        assert heights.pop() <= 579
        page.add_style_tag(content=".bpbook-network .columns { display: block !important; }")
        assert page.locator(".bpbook-experiment").bounding_box()["height"] > 579


@pytest.mark.parametrize("width", [560, 820])
def test_nothing_moves_from_step_to_step(page, width):
    resize(page, width, 960)
    seen = set()
    for _ in range(8):
        tops = page.evaluate(
            """['.picture', '.words', 'details'].map(
              (place) => Math.round(document.querySelector(place).getBoundingClientRect().top))"""
        )
        seen.add(tuple(tops))
        page.click("[data-do=on]")
    assert len(seen) == 1


def test_captions_stay_readable_where_there_is_little_room(page):
    resize(page, 570, 960)
    sizes = page.evaluate(
        """() => {
          const svg = document.querySelector("svg");
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          const size = (text) => scale * parseFloat(getComputedStyle(text).fontSize);
          return [...document.querySelectorAll(".node .above, .node .below, .edge text")].map(size);
        }"""
    )
    assert min(sizes) >= 10
    ink = page.locator(".title").evaluate("title => getComputedStyle(title).color")
    caption = page.locator(".node .below").first.evaluate("text => getComputedStyle(text).fill")
    assert ink == caption


def test_no_rectangle_is_drawn_around_a_wire_that_is_clicked_after_a_key(without_kernel):
    diagram = bp.widgets.backward_stepper(bp.MLP([12, 10, 3], seed=0), [[1.0] * 12], [0])
    with without_kernel(diagram) as page:
        page.locator(".edge").nth(0).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        x, y = (
            page.locator(".edge")
            .nth(3)
            .evaluate(
                """edge => {
              const line = edge.querySelector(".hit"), near = 0.03, [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map(
                (name) => line[name].baseVal.value);
              const { x, y } = new DOMPoint(x1 + near * (x2 - x1), y1 + near * (y2 - y1)).matrixTransform(
                line.getScreenCTM());
              return [x, y];
            }"""
            )
        )
        page.mouse.click(x, y)
        assert page.locator(".edge.selected").count() == 1
        outlined = page.evaluate(
            """[...document.querySelectorAll("svg, svg *")].filter((e) => {
              const { outlineStyle, outlineWidth } = getComputedStyle(e);
              return outlineStyle !== "none" && outlineWidth !== "0px";
            }).map((e) => e.outerHTML.slice(0, 90))"""
        )
        assert outlined == []


def test_without_python_a_field_goes_back_to_what_holds(page):
    page.fill("[data-is=eta]", "3")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.message').textContent === 'Asking Python …'")
    page.locator(".edge .hit").nth(0).click(force=True)
    page.fill("[data-is=number]", "3")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.message').textContent.startsWith('No answer from Python')")
    assert page.locator("[data-is=eta]").input_value() == "0.5"
    assert page.locator("[data-is=number]").input_value() == "0.5"


def test_many_weights_show_their_numbers_by_the_unit_that_is_pointed_at(without_kernel):
    diagram = bp.widgets.backward_stepper(bp.MLP([3, 4, 3], seed=0), [[1.0, 0.0, 2.0]], [1])
    seen = "edges => edges.filter(e => getComputedStyle(e.querySelector('text')).visibility === 'visible').length"
    with without_kernel(diagram) as page:
        edges = page.locator(".edge")
        assert edges.evaluate_all(seen) == 0
        page.locator(".node").nth(4).hover()
        assert edges.evaluate_all(seen) == 3 + 3
        page.mouse.move(5, 5)
        page.locator(".node").nth(8).focus()
        assert edges.evaluate_all(seen) == 4
        page.keyboard.press("Enter")
        page.locator("[data-is=eta]").focus()
        assert edges.evaluate_all(seen) == 4


def apart(boxes):
    """Return how far the two nearest of these texts are from each other; up to 1 they overlap."""
    return min(
        max(abs(one["x"] - other["x"]) / one["width"], abs(one["y"] - other["y"]) / (0.8 * one["height"]))
        for one, other in combinations(boxes, 2)
    )


def boxes_of_weights(page):
    return page.locator(".edge text").evaluate_all(
        """all => all.filter((text) => getComputedStyle(text).visibility === "visible")
          .map((text) => text.getBoundingClientRect().toJSON())"""
    )


@pytest.mark.parametrize("width", [570, 820])
@pytest.mark.parametrize("sizes", [[2, 2, 1], [3, 3, 3], [2, 4, 2], [4, 2, 4]], ids=str)
def test_no_weight_of_a_small_network_lies_on_another(without_kernel, sizes, width):
    diagram = bp.widgets.NetworkDiagram(
        bp.MLP(sizes, loss="squared_error", seed=0), [[1.0] * sizes[0]], [[0.0] * sizes[-1]]
    )
    with without_kernel(diagram) as page:
        resize(page, width, 960)
        page.wait_for_function(
            """weights => weights === [...document.querySelectorAll(".edge text")].filter((text) =>
              getComputedStyle(text).visibility === "visible" && text.getBoundingClientRect().width).length""",
            arg=sum(a * b for a, b in pairwise(sizes)),
        )
        for step in range(2 * len(sizes) + 1):
            boxes = [box for box in boxes_of_weights(page) if box["width"]]
            assert len(boxes) < 2 or apart(boxes) > 1
            if step < 2 * len(sizes):
                page.click("[data-do=on]")


@pytest.mark.parametrize("sizes", [[3, 4, 3], [2, 6, 2], [12, 10, 3]], ids=str)
def test_no_weight_of_a_unit_lies_on_another(without_kernel, sizes):
    diagram = bp.widgets.NetworkDiagram(
        bp.MLP(sizes, loss="squared_error", seed=0), [[1.0] * sizes[0]], [[0.0] * sizes[-1]]
    )
    with without_kernel(diagram) as page:
        for unit in range(sum(sizes)):
            page.locator(".node").nth(unit).hover()
            assert apart(boxes_of_weights(page)) > 1
        page.add_style_tag(content=".bpbook-network .edge.quiet text { visibility: visible !important }")
        assert apart(boxes_of_weights(page)) < 1


def test_no_wire_is_drawn_over_a_number(without_kernel):
    diagram = bp.widgets.backward_stepper(bp.MLP([12, 10, 3], seed=0), [[1.0] * 12], [0])
    with without_kernel(diagram) as page:
        page.locator(".node").nth(3).hover()
        above = page.locator(".edge.told text").evaluate_all(
            """texts => texts.map((text) => [...document.querySelectorAll(".wire")].every(
              (wire) => wire.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING))"""
        )
        assert above == [True] * 10


def test_play_takes_a_step_a_second_up_to_the_last_and_can_be_stopped(page):
    page.clock.install()
    play, words = page.locator("[data-do=play]"), page.locator(".words")
    assert play.get_attribute("aria-label") == "Play"
    play.click()
    assert play.get_attribute("aria-label") == "Pause"
    page.clock.run_for(2100)
    assert words.text_content().startswith("2 of 6.")
    play.click()
    page.clock.run_for(3000)
    assert words.text_content().startswith("2 of 6.")
    play.click()
    page.clock.run_for(1100)
    page.click("[data-do=back]")
    page.clock.run_for(3000)
    assert words.text_content().startswith("2 of 6.")
    play.click()
    page.clock.run_for(9000)
    assert words.text_content().startswith("6 of 6.")
    assert play.get_attribute("aria-label") == "Play"
    assert page.evaluate("window.asked.length") == 0


def test_the_controls_stand_in_one_line_where_there_is_room(page):
    tops = page.locator("[role=toolbar] :is(button, select, input)").evaluate_all(
        "all => all.map((one) => { const box = one.getBoundingClientRect(); return (box.top + box.bottom) / 2; })"
    )
    assert max(tops) - min(tops) < 6


def test_a_page_is_still_only_when_the_last_thing_in_it_has_moved(chromium):
    page = chromium.new_page(viewport={"width": 800, "height": 600})
    page.set_content("<p style='width: 100px'>late</p>")
    page.evaluate("""new ResizeObserver(async () => {
      const all = document.querySelector("p");
      for (const width of [1, 2, 3, 4, 5, 6]) {  // drawn once in three pictures
        all.style.width = `${100 + width}px`;
        for (let picture = 0; picture < 3; picture++) await new Promise(requestAnimationFrame);
      }
    }).observe(document.body)""")
    resize(page, 500, 400)
    assert page.evaluate("[innerWidth, document.querySelector('p').style.width]") == [500, "106px"]
    page.evaluate(
        "document.querySelector('p').animate({ width: ['1px', '9px'] }, { duration: 900, iterations: Infinity })"
    )
    with pytest.raises(Exception, match="still moving"):
        still(page)
    page.close()
