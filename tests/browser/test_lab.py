"""Experiments in a real JupyterLab: moved by mouse and keyboard, and what they show compared with bpbook's."""

from types import SimpleNamespace

import pytest

import bpbook as bp

from .conftest import complaint, thrown

pytestmark = pytest.mark.browser
X, Y = [[1.0, 2.0], [-1.0, 3.0]], [1.0, 0.0]
OTHERS = """
import bpbook as bp
from IPython.display import display
x, y = bp.datasets.digits()
journey = bp.widgets.image_journey(bp.MLP([64, 64, 10], seed=0), x[:4], y[:4])
display(bp.widgets.tangent(), bp.widgets.neuron(), bp.widgets.chain(), bp.widgets.expression_graph(), journey)
"""
NAMES = ["tangent", "neuron", "chain", "expression", "journey"]


@pytest.fixture(scope="module")
def page(in_lab, artefacts):
    with in_lab("stepper", "import bpbook as bp\nbp.widgets.backward_stepper()", ".bpbook-network .edge") as page:
        yield page
        page.screenshot(path=artefacts / "stepper.png")


@pytest.fixture(scope="module")
def others(in_lab, artefacts):
    with in_lab("others", OTHERS, ".bpbook-journey svg") as page:
        yield page
        for theme in ("Light", "Dark"):
            page.evaluate(
                "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
            )
            page.wait_for_timeout(600)
            for name, output in zip(NAMES, page.locator(".jp-OutputArea-output").all(), strict=True):
                output.scroll_into_view_if_needed()
                output.screenshot(path=artefacts / f"{name}_{theme.lower()}.png")


@pytest.fixture
def stepper(page):
    """Yield the page with the experiment rewound, and its own network beside it."""
    page.click("[data-do=rewind]")
    says(page, "Rewound to the first weights.")
    return page, bp.widgets.backward_stepper().net


def says(page, text):
    page.wait_for_function("text => document.querySelector('.message').textContent.startsWith(text)", arg=text)


def shown(page, unit):
    """Return the number in the circle of this unit, counted from the first input."""
    return float(page.locator(".node text:nth-of-type(1)").nth(unit).text_content().replace("−", "-"))


def test_a_weight_set_by_keyboard_goes_through_python(stepper):
    page, net = stepper
    page.locator(".edge").nth(0).focus()
    page.keyboard.press("Enter")
    page.fill("[data-is=number]", "0.7")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.edge text').textContent === 'w = 0.7'")
    net.W[1][0, 0] = 0.7
    page.click("[data-do=on]")
    assert shown(page, 2) == float(f"{net.forward(X).a[1][0, 0]:.4g}")
    page.fill("[data-is=number]", "abc")
    page.keyboard.press("Enter")
    says(page, "w₀₀¹ must be a number such as 0.5; got 'abc'.")
    assert page.input_value("[data-is=number]") == "0.7"
    assert page.locator(".edge text").first.text_content() == "w = 0.7"


def test_values_travel_and_a_factor_and_its_wire_light_each_other(stepper):
    page, net = stepper
    step = """() => {
      document.querySelector("[data-do=on]").click();
      return document.querySelectorAll(".flow circle").length;
    }"""
    a = net.forward(X[:1]).a
    carried = [a[0].T * net.W[1], a[1].T * net.W[2], a[2]]
    assert [page.evaluate(step) for _ in range(3)] == [int((terms != 0).sum()) for terms in carried]
    page.click("[data-do=back]")
    page.locator(".words [aria-label='weight from unit 1 of layer 1 to unit 0 of layer 2']").hover()
    lit = page.locator(".words .lit, .edge.lit")
    assert lit.all_text_contents() == ["w = −0.3", "w102", "−0.3"]
    page.locator(".edge .hit").nth(4).hover(force=True)
    assert lit.all_text_contents() == ["w = 1", "w002", "1"]
    page.locator(".title").first.hover()
    assert lit.count() == 0


def test_an_update_by_mouse_is_bpbooks(stepper):
    page, net = stepper
    for _ in range(6):
        page.click("[data-do=on]")
    assert page.locator("[data-do=on]").text_content() == "Update weights"
    page.click("[data-do=on]")
    says(page, "Updated with eta = 0.5")
    net.update(net.backward(net.forward(X), Y), 0.5)
    losses = [bp.widgets.backward_stepper().state["C"], net.loss(net.forward(X), Y)]
    history = " → ".join(f"{float(f'{C:.4g}'):g}" for C in losses)
    assert page.locator(".history").text_content().startswith(f"C (mean of 2): {history}, a change of −")
    labels = page.locator(".edge text").all_text_contents()
    weights = [float(f"{w:.4g}") for W in net.W[1:] for w in W.ravel()]
    assert [float(label.removeprefix("w = ").replace("−", "-")) for label in labels] == weights


def test_an_eta_that_overflows_leaves_the_experiment_alive(stepper):
    page, _ = stepper
    for _ in range(6):
        page.click("[data-do=on]")
    page.fill("[data-is=eta]", "1e300")
    page.click("[data-do=on]")
    says(page, "The step with eta = 1e+300 is too large")
    page.fill("[data-is=eta]", "1e999")
    page.click("[data-do=rewind]")
    says(page, "Rewound to the first weights.")
    assert float(page.input_value("[data-is=eta]")) > 0
    for _ in range(6):
        page.click("[data-do=on]")
    page.fill("[data-is=eta]", "0.5")
    page.click("[data-do=on]")
    says(page, "Updated with eta = 0.5")


def test_a_drag_of_sixty_moves_ends_where_the_slider_is(stepper):
    page, net = stepper
    page.locator(".edge .hit").nth(0).click(force=True)
    page.evaluate(
        """async () => {
          const slider = document.querySelector("[data-is=slider]");
          slider.focus();
          for (let move = 0; move <= 60; move++) {
            slider.value = 0.5 + 0.05 * move;
            slider.dispatchEvent(new Event("input"));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    page.wait_for_function("document.querySelector('.edge text').textContent === 'w = 3.5'")
    page.click("[data-do=on]")
    net.W[1][0, 0] = 3.5
    assert shown(page, 2) == float(f"{net.forward(X).a[1][0, 0]:.4g}")


# Sliders beside a matplotlib picture --------------------------------------------------------------------------------


def described(output, mine):
    """Wait until the picture's description, on the image and below it, is that of our own experiment."""
    output.get_by_role("img", name=mine.view.alt, exact=True).wait_for()
    assert output.locator("figcaption").text_content() == mine.view.alt


def test_the_tangent_follows_its_slider_and_rewinds(others):
    output, mine = others.locator(".jp-OutputArea-output").nth(0), bp.widgets.tangent()
    described(output, mine)
    output.get_by_role("slider", name="x").focus()
    for _ in range(4):
        others.keyboard.press("ArrowLeft")
    mine.x.value = 1.0 - 4 * mine.x.step
    described(output, mine)
    output.get_by_role("button", name="Rewind").click()
    mine.rewind()
    described(output, mine)


def test_the_neuron_takes_numbers_by_key_and_by_typing(others):
    output, mine = others.locator(".jp-OutputArea-output").nth(1), bp.widgets.neuron()
    described(output, mine)
    output.get_by_role("slider", name="w", exact=True).focus()
    others.keyboard.press("ArrowRight")
    mine.controls["w"].value = 1.1
    described(output, mine)
    field = output.get_by_label("b =", exact=True)
    field.fill("two")
    field.press("Enter")
    output.get_by_text("b must be a number from -8 to 8; got 'two'. It is left as it was.").wait_for()
    assert field.input_value() == "-2"
    field.fill("1.25")
    field.press("Enter")
    mine.controls["b"].value = 1.25
    described(output, mine)
    output.get_by_role("button", name="Step").click()
    mine.step()
    described(output, mine)
    output.get_by_role("button", name="Rewind").click()
    mine.rewind()
    described(output, mine)


def test_sixty_moves_of_the_neurons_slider_end_where_it_stands(others):
    output, mine = others.locator(".jp-OutputArea-output").nth(1), bp.widgets.neuron()
    output.get_by_role("slider", name="w", exact=True).evaluate(
        """async (handle) => {
          for (let move = 0; move < 60; move++) {
            handle.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    mine.controls["w"].value = 7.0
    described(output, mine)
    output.get_by_role("button", name="Rewind").click()
    mine.rewind()
    described(output, mine)


# Graphs and images drawn in the browser -----------------------------------------------------------------------------


def shows(output, mine):
    """Wait until the numbers in the nodes are those of our own experiment."""
    values = [node["value"] for node in mine.state["frames"][mine.frame]["nodes"]]
    wanted = "|".join("" if value is None else f"{value:.6g}".replace("-", "−") for value in values)
    output.page.wait_for_function(
        """([box, wanted]) =>
          [...box.querySelectorAll(".node circle + text")].map(t => t.textContent).join("|") === wanted""",
        arg=[output.element_handle(), wanted],
    )


def test_the_chain_goes_through_python_by_key_and_by_typing(others):
    output, mine = others.locator(".bpbook-graph").nth(0), bp.widgets.chain()
    output.locator("[data-is=x-slider]").focus()
    for _ in range(5):
        others.keyboard.press("ArrowLeft")
    mine.set("x", 1.5)
    shows(output, mine)
    output.locator(".node").nth(0).focus()
    others.keyboard.press("Enter")
    mine.choose("x")
    shows(output, mine)
    output.locator("[data-is=nudge]").fill("0.5")
    others.keyboard.press("Enter")
    mine.set("nudge", 0.5)
    shows(output, mine)
    output.locator("[data-is=nudge]").fill("much")
    others.keyboard.press("Enter")
    output.get_by_text("the nudge must be a number from -10 to 10; got 'much'. It is left as it was.").wait_for()
    shows(output, mine)
    output.locator("[data-do=rewind]").click()
    mine.rewind()
    shows(output, mine)


def test_sixty_moves_of_the_chains_slider_end_where_it_stands(others):
    output, mine = others.locator(".bpbook-graph").nth(0), bp.widgets.chain()
    output.locator("[data-is=x-slider]").evaluate(
        """async (slider) => {
          slider.focus();
          for (let move = 0; move < 60; move++) {
            slider.value = -3 + 0.1 * move;
            slider.dispatchEvent(new Event("input"));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    mine.set("x", 2.9)
    shows(output, mine)
    output.locator("[data-do=rewind]").click()
    mine.rewind()
    shows(output, mine)


def test_the_keys_of_the_notebook_are_off_inside_an_experiment(others):
    for focused in ("[data-is=x-slider]", ".node", "[data-do=rewind]"):
        others.locator(f".bpbook-graph {focused}").first.focus()
        for key in "xdda":  # cut the cell, delete it, add one above
            others.keyboard.press(key)
    others.wait_for_timeout(300)
    assert others.locator(".jp-Cell").count() == 1
    assert others.locator(".bpbook-graph").count() == 2


def test_an_expression_is_typed_stepped_and_refused(others):
    output, mine = others.locator(".bpbook-graph").nth(1), bp.widgets.expression_graph()
    field = output.locator("[data-is=expression]")
    field.fill("log(x) * y")
    others.keyboard.press("Enter")
    mine.set("expression", "log(x) * y")
    shows(output, mine)
    for _ in range(5):
        output.locator("[data-do=on]").click()
    mine.frame = 5
    shows(output, mine)
    assert output.locator(".node text.first").all_text_contents() == ["x̄ = 2.5", "ȳ = 0.693147", "v̄₁ = 5", "f̄ = 1"]
    slider = output.locator("[data-is=x-slider]")
    slider.focus()
    others.keyboard.press("Home")  # log(-10)
    output.get_by_text("log(x) = log(−10) is nan here: it needs an argument above 0. It is left as it was.").wait_for()
    assert (slider.input_value(), output.locator("[data-is=x]").input_value()) == ("2", "2")
    shows(output, mine)


def test_the_network_of_the_journey_learns_through_python(others):
    x, y = bp.datasets.digits()
    mine = bp.widgets.image_journey(bp.MLP([64, 64, 10], seed=0), x[:4], y[:4])
    output = others.locator(".bpbook-journey")
    output.locator(".thumbs button").nth(2).click()
    for _ in range(6):
        output.locator("[data-do=on]").click()
    mine.image = 2
    mine.update(0.01)
    output.get_by_text(mine.message).wait_for()
    bars = [f"{value:.2f}".replace("-", "−").replace("0.", ".") for value in mine.state["images"][2]["p"]]
    assert output.locator(".panel").nth(2).locator(".value").all_text_contents() == bars
    output.locator("[data-do=rewind]").click()
    output.get_by_text("Rewound to the first weights.").wait_for()


def test_an_experiment_that_was_run_and_saved_is_there_when_the_chapter_is_opened_again(
    in_lab, lab_server, open_stored
):
    folder, _ = lab_server
    cell = "import bpbook as bp\nbp.widgets.chain()"
    with in_lab("reopened", cell, ".bpbook-graph svg") as page:
        page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
        page.evaluate("window.jupyterapp.commands.execute('kernelmenu:shutdown')")
    page = open_stored("reopened", ".bpbook-graph svg", workspace="reopened_again")
    assert "model not found" not in page.locator(".jp-Notebook").inner_text()
    size = (folder / "reopened.ipynb").stat().st_size
    assert size < 200_000, f"a saved chapter with one experiment takes {size} bytes"


def test_only_what_jupyter_does_to_itself_is_not_complained_of():
    def message(place, status, kind="error", text="Failed to load resource: the server responded with a status of"):
        return SimpleNamespace(type=kind, text=f"{text} {status} ()", location={"url": f"http://here{place}"})

    for place, status in (("/api/x", 404), ("/static/a/font.woff2", 403)):
        assert complaint(message(place, status), "http://here") == []
        assert complaint(message(place, status), "http://there") != []
    for place, status in (
        ("/api/x", 500),
        ("/static/a.js", 404),
        ("/files/api/w.js", 404),
        ("/static/font.woff2", 502),
    ):
        assert complaint(message(place, status), "http://here") != []
    assert complaint(message("/api/x", 404, text="Uncaught TypeError"), "http://here") != []
    assert complaint(message("/files/w.js", 404, kind="info"), "http://here") == []

    child = "NotFoundError: Failed to execute 'removeChild' on 'Node': not a child of this node.\n"
    core = "    at http://here/static/lab/jlab_core.js:1\n"
    ours = "    at blob:http://here/1:2\n"
    for stack in (child + core, "TypeError: x\n    at http://here/static/notebook/notebook_core.1.js:1"):
        assert thrown(SimpleNamespace(stack=stack)) == []
    at_notebook = "    at http://here/static/notebook/"
    trips = (ours + at_notebook + "notebook_core.1.js:1", "TypeError: x\n" + at_notebook + "other.js:1")
    for stack in (child + ours, child + ours + core, "TypeError: x\n" + core, child, *trips):
        assert thrown(SimpleNamespace(stack=stack)) == [stack]
