"""The playground in a real JupyterLab, and as a stored notebook shows it, compared with bpbook."""

import itertools
import json
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.sign import NotebookNotary

from bpbook.datasets import FEATURES
from bpbook.widgets.controls.words import number
from bpbook.widgets.playground.training.settings import Settings
from bpbook.widgets.playground.training.trainer import Trainer

from .conftest import resize, thrown

pytestmark = pytest.mark.browser
EXECUTE = Path(__file__).resolve().parent.parent.parent / "notebooks"
PLANE = ".bpbook-plane >> nth=0"


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab(
        "playground", "import bpbook as bp\nplay = bp.widgets.playground()\nplay", ".bpbook-plane canvas"
    ) as page:
        yield page


@pytest.fixture
def play(page):
    """Return the page with every control as it was at first."""
    press(page, "Reset")
    says(page, f"Epoch 0: C = {Trainer(Settings()).losses[0]:.4g} on 150 training points")
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def choose(page, label, option):
    page.get_by_label(label, exact=True).select_option(option)


def says(page, text):
    from playwright.sync_api import TimeoutError as Late

    try:
        page.wait_for_function(
            "text => document.querySelector('.bpbook-plane .words').textContent.startsWith(text)", arg=text
        )
    except Late as late:
        seen = [page.locator(place).first.text_content() for place in (".bpbook-plane .words", ".bpbook-message")]
        python = in_kernel(page, "print(play, play.trainer.settings, play.controls['dataset'])")
        raise Late(f"The page waited in vain for {text!r}; it says {seen}; Python: {python}") from late


def message(page, text):
    page.wait_for_function("text => document.querySelector('.bpbook-message').textContent.startsWith(text)", arg=text)


def in_kernel(page, code):
    """Return what the kernel prints."""
    return page.evaluate(
        """async (code) => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const asked = kernel.requestExecute({ code });
          let heard = "";
          asked.onIOPub = ({ content }) => { heard += content.text || content.evalue || ""; };
          const tooLate = new Promise((tell) => setTimeout(() => tell("late"), 20000));
          const told = await Promise.race([asked.done, tooLate]);
          return told === "late" ? `The kernel is ${kernel.status} and does not answer. ${heard}` : heard;
        }""",
        code,
    )


def pixels(page, places):
    """Return red, green, blue at some places of the plane."""
    return page.evaluate(
        """places => {
          const canvas = document.querySelector(".bpbook-plane canvas"), ratio = window.devicePixelRatio;
          const pen = canvas.getContext("2d");
          return places.map(([u, v]) => {
            const [x, y] = [46 + ((u + 1.5) / 3) * 240, 10 + ((1.5 - v) / 3) * 248];
            return [...pen.getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3);
          });
        }""",
        places,
    )


EMPTY = [[u, v] for u in (-1.42, 0, 1.42) for v in (-1.42, 1.42)] + [[-1.42, 0], [1.42, 0]]
"""Places near the edge, where no point lies."""


def assert_same(page, trainer):
    """Compare the words, the table, the curve's words and the colours with those of a training run of our own."""
    t, valued = trainer, trainer.settings.valued
    named = f"R² = {number(t.score(), 3)}" if valued else f"{t.score():.0%} right"
    says(page, f"Epoch {t.epoch}: C = {number(t.losses[-1], 4)} on {len(t.x)} training points, {named}")
    shown = page.locator(".bpbook-table td").all_text_contents()
    sides = (("train", t.x, t.losses, False), ("test", t.x_test, t.test_losses, True))
    expected = []
    for name, x, losses, test in sides:
        score = number(t.score(test), 4) if valued else f"{t.score(test):.1%}"
        expected += [name, str(len(x)), *([number(losses[-1]), score] if len(x) else ["–", "–"])]
    assert shown == expected
    assert page.locator(".bpbook-table th").all_text_contents()[-1] == ("R²" if valued else "right")
    label = page.locator(".bpbook-plane canvas").nth(1).get_attribute("aria-label")
    assert label.startswith(f"Loss curve. C over {t.epoch} epochs, from {number(t.losses[0], 4)} to ")
    for (red, _, blue), height in zip(pixels(page, EMPTY), t.shade(np.array(EMPTY)), strict=True):
        if abs(height) > 0.2:
            assert (blue > red) == (height > 0)


def test_the_first_picture_is_bpbooks_and_train_plane_and_network_are_in_one_view(play, artefacts):
    assert_same(play, Trainer(Settings()))
    resize(play, 1000, 700)
    train = play.get_by_role("button", name="Train", exact=True)
    train.scroll_into_view_if_needed()
    play.evaluate("document.querySelector('.bpbook-board').scrollIntoView()")
    play.screenshot(path=artefacts / "playground_first.png")
    board = play.locator(".bpbook-board").bounding_box()
    plane, network = play.locator(".bpbook-plane canvas").first, play.locator(".bpbook-layers .picture")
    boxes = [place.bounding_box() for place in (train, plane, network)]
    resize(play, 1000, 900)
    assert board["x"] + board["width"] <= 1000
    assert all(box["y"] > 0 and box["y"] + box["height"] < 700 - 24 for box in boxes)  # above the status bar
    assert boxes[2]["x"] + boxes[2]["width"] <= boxes[1]["x"] and boxes[2]["width"] > 1.5 * boxes[1]["width"]
    tiles = [tile.bounding_box() for tile in play.locator(".bpbook-layers .unit rect").all()]
    assert len(tiles) == 10 and min(tile["width"] for tile in tiles) >= 40


def test_beside_the_sidebar_the_network_is_above_the_plane_in_light_and_dark(play, artefacts):
    play.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    for theme in ("Dark", "Light"):
        dressed(play, theme)
        play.screenshot(path=artefacts / f"playground_narrow_{theme.lower()}.png")
    board = play.locator(".bpbook-board").bounding_box()
    network = play.locator(".bpbook-layers svg").bounding_box()
    play.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    assert network["x"] + network["width"] <= board["x"] + board["width"]


def test_a_wire_tells_its_number_is_set_in_place_and_a_unit_is_seen_large(play):
    trainer = Trainer(Settings())
    weight = trainer.net.W[1][1, 2]
    edge = play.locator(".bpbook-layers .edge .hit").nth(6)  # w_12^1
    edge.hover(force=True)
    play.wait_for_function(
        "text => document.querySelector('.bpbook-layers .tip span').textContent === text",
        arg=f"w₁₂¹ = {number(weight, 4)}",
    )
    edge.click(force=True)
    play.fill(".bpbook-layers .tip input", "2.5")
    play.keyboard.press("Enter")
    trainer.set((1, 1, 2), 2.5)
    assert_same(play, trainer)
    play.wait_for_function(
        """() => document.querySelectorAll(".bpbook-layers .edge")[6].getAttribute("aria-label").endsWith(": 2.5")
        """
    )
    play.locator(".bpbook-layers .unit rect").nth(0).hover()  # x_0: orange on the left, blue on the right
    play.wait_for_function(
        "text => document.querySelector('.bpbook-layers .tip span').textContent === text", arg="x₀, large in the plane"
    )
    for (red, _, blue), (u, _) in zip(pixels(play, EMPTY), EMPTY, strict=True):
        assert u == 0 or (blue > red) == (u > 0)
    play.locator(".bpbook-message").hover(force=True)
    assert_same(play, trainer)


def test_the_plane_shows_the_output_again_when_what_was_pointed_at_is_drawn_anew(play):
    play.locator(".bpbook-layers .unit rect").nth(5).hover()
    play.wait_for_function(
        "text => document.querySelector('.bpbook-layers .tip span').textContent === text",
        arg="unit 3 of layer 1, large in the plane",
    )
    in_kernel(play, "play.controls['width'].value = 1")  # the pointer rests, and its unit is gone
    assert_same(play, Trainer(Settings(width=1)))


def test_four_hidden_layers_leave_room_for_wires_and_buttons_at_a_thousand_pixels(play, artefacts):
    play.get_by_role("button", name="one hidden layer more").click()
    play.get_by_role("button", name="one hidden layer more").click()
    assert_same(play, Trainer(Settings(depth=4)))
    tiles = [tile.bounding_box() for tile in play.locator(".bpbook-layers .unit rect").all()]
    lefts = sorted({tile["x"] for tile in tiles})
    play.locator(".bpbook-layers").screenshot(path=artefacts / "playground_deep.png")
    assert len(lefts) == 5 and min(tile["width"] for tile in tiles) >= 40
    assert all(right - left >= tiles[0]["width"] + 20 for left, right in itertools.pairwise(lefts))
    heads = [head.bounding_box() for head in play.locator(".bpbook-layers .head").all()]
    assert all(one["x"] + one["width"] <= other["x"] for one, other in itertools.pairwise(heads))


def test_units_layers_and_data_are_changed_on_the_picture(play):
    play.get_by_role("button", name="one unit more in layer 1").click()
    assert_same(play, Trainer(Settings(widths=(5, 4))))
    play.get_by_role("button", name="one hidden layer less").click()
    assert_same(play, Trainer(Settings(depth=1, width=5)))
    play.get_by_role("button", name="data: moons").click()
    assert_same(play, Trainer(Settings(depth=1, width=5, dataset="moons")))
    assert play.get_by_role("button", name="data: moons").get_attribute("aria-pressed") == "true"


FITS = """(box, text) => {  // whether a list that held this word alone would be no wider
  const one = box.cloneNode(false);
  one.append(new Option(text));
  one.style.cssText += "; width: auto; min-width: 0; flex: none; position: absolute";
  box.parentElement.append(one);
  const width = one.offsetWidth;
  one.remove();
  return width <= box.offsetWidth;
}"""


def dressed(page, theme):
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
    )
    page.wait_for_selector(f"[data-jp-theme-light={'true' if theme == 'Light' else 'false'}]", state="attached")


def test_names_and_numbers_are_not_cut_off(play):
    play.get_by_label("loss", exact=True).select_option("softmax_cross_entropy")
    choose(play, "data", "your own values")
    for name in ("● value 1", "■ value −1", "Clear points"):
        text = play.get_by_role("button", name=name, exact=True)
        assert text.evaluate("button => button.scrollWidth <= button.clientWidth"), name
    choose(play, "data", "your own points")
    for label in ("loss", "optimizer", "activation", "data", "by hand"):
        box = play.get_by_label(label, exact=True)
        room, text = box.evaluate(
            """box => {
              const pen = new OffscreenCanvas(1, 1).getContext("2d"), css = getComputedStyle(box);
              pen.font = `${css.fontSize} ${css.fontFamily}`;
              return [box.clientWidth - parseFloat(css.paddingLeft) - parseFloat(css.paddingRight),
                      pen.measureText(box.selectedOptions[0].text).width];
            }"""
        )
        assert text < room, label
    for theme in ("Dark", "Light"):
        dressed(play, theme)
        for label, option in (
            ("loss", "softmax_cross_entropy"),
            ("epochs a picture", "50"),
            ("coloured by", "unit 0 of layer 1"),
        ):
            assert play.get_by_label(label, exact=True).evaluate(
                FITS, option.replace(" ", "\u00a0") if label == "coloured by" else option
            ), (theme, label)
    for label in play.locator(".bpbook-board .widget-label").all():
        assert label.evaluate("label => label.scrollWidth <= label.clientWidth"), label.text_content()
    assert len(play.get_by_label("=", exact=True).input_value()) <= 12
    play.get_by_label("seed", exact=True).fill("-5")
    play.get_by_label("seed", exact=True).press("Enter")
    message(play, "seed must be from 0 to 9999; got -5. It stays 0.")
    play.wait_for_function("seed => seed.value === '0'", arg=play.get_by_label("seed", exact=True).element_handle())


def test_epochs_by_mouse_and_by_keyboard_are_bpbooks(play):
    trainer = Trainer(Settings())
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)
    for key in ("Enter", "Space"):
        play.get_by_role("button", name="Step", exact=True).press(key)
        trainer.train()
        assert_same(play, trainer)


def test_controls_moved_by_mouse_and_keyboard_make_the_network_of_bpbook(play):
    settings = {"dataset": "moons", "hidden": "relu", "loss": "cross_entropy", "optimizer": "Momentum", "eta": 0.1}
    for label, name in (("data", "dataset"), ("activation", "hidden"), ("loss", "loss"), ("optimizer", "optimizer")):
        choose(play, label, settings[name])
    choose(play, "eta", "0.1")
    choose(play, "L2 lambda", "0.001")
    choose(play, "batch size", "32")
    play.locator(".noUi-handle[aria-label=layers]").press("ArrowRight")
    play.locator('.noUi-handle[aria-label="units each"]').press("End")
    play.locator('.noUi-handle[aria-label="test share"]').press("Home")
    slider = play.locator(".noUi-target").nth(0)
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] * 0.5, "y": box["height"] / 2})
    play.get_by_label("seed", exact=True).fill("7")
    play.get_by_label("seed", exact=True).press("Enter")
    rest = {"lmbda": 0.001, "batch_size": 32, "depth": 3, "width": 8, "share": 0.0, "noise": 0.2, "seed": 7}
    trainer = Trainer(Settings(**settings, **rest))
    assert_same(play, trainer)
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)


def test_points_are_added_and_removed_by_mouse_and_keys(play):
    canvas = play.locator(PLANE).locator("canvas")
    canvas.click(position={"x": 46 + 0.9 * 240, "y": 10 + 0.1 * 248})
    says(play, "Epoch 0: C = ")
    play.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.includes('151 training points')")
    assert pixels(play, [[1.2, 1.2]])[0][2] > pixels(play, [[1.2, 1.2]])[0][0]  # class 1 is blue
    play.keyboard.press("Delete")
    play.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.includes('150 training points')")
    for key in ("0", "ArrowLeft", "Enter"):
        play.keyboard.press(key)
    play.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.includes('151 training points')")
    u, v, k = json.loads(
        in_kernel(play, "print([*play.trainer.whole[0][-1].tolist(), int(play.trainer.whole[1][-1])])")
    )
    assert (u, v) == pytest.approx((1.2 - 0.075, 1.2), abs=0.03) and k == 0
    trainer = Trainer(Settings())
    trainer.take([*zip(*trainer.whole[0].T.tolist(), trainer.whole[1].tolist(), strict=True), (u, v, k)])
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)
    press(play, "Clear points")
    message(play, "There are no points to train on.")
    press(play, "Train")
    says(play, "There are no points.")


def test_a_click_at_once_after_a_class_was_chosen_adds_a_point_of_that_class(play):
    play.evaluate("""() => {  // before the browser has heard from Python which class it is now
      const buttons = [...document.querySelectorAll(".bpbook-board button")];
      const button = buttons.find((one) => one.textContent.includes("class 0"));
      const canvas = document.querySelector(".bpbook-plane canvas"), box = canvas.getBoundingClientRect();
      button.click();
      canvas.dispatchEvent(new MouseEvent("click", { clientX: box.left + 262, clientY: box.top + 35, bubbles: true }));
    }""")
    play.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.includes('151 training points')")
    assert in_kernel(play, "print(int(play.trainer.whole[1][-1]), play.brush.value, play.view.brush)") == "0 0 0\n"
    press(play, "● class 1")


def test_a_click_below_a_field_that_was_edited_is_heard_and_training_moves_nothing(play):
    """What is refused is said above, while the mouse is on its way to what is below."""
    where = """() => {
      const board = document.querySelector(".bpbook-board"), edge = board.getBoundingClientRect().top;
      return [...board.querySelectorAll("button, input, select, canvas, svg, table")]
        .filter((part) => part.checkVisibility())
        .map((part) => [part.tagName, part.getBoundingClientRect()])
        .map(([name, { left, top }]) => [name, left, top - edge]);
    }"""
    play.get_by_role("button", name="Set", exact=True).scroll_into_view_if_needed()
    before = play.evaluate(where)
    play.get_by_label("seed", exact=True).fill("-5")
    place = play.get_by_role("button", name="Set", exact=True).bounding_box()
    play.mouse.move(place["x"] + 9, place["y"] + 9)
    play.mouse.down()  # leaves the field: what is refused is said before the button is let go
    message(play, "seed must be from 0 to 9999; got -5. It stays 0.")
    assert play.evaluate(where) == before
    play.mouse.up()
    play.wait_for_function("() => document.querySelector('.bpbook-message').textContent === ''")  # Set was heard
    press(play, "Train")
    play.wait_for_function("parseInt(document.querySelector('.bpbook-plane .words').textContent.slice(6)) > 20")
    assert play.evaluate(where) == before
    press(play, "Pause")
    play.get_by_role("button", name="Train", exact=True).wait_for()
    choose(play, "coloured by", "unit 3 of layer 2")
    play.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.endsWith('its z is 0.')")
    assert play.evaluate(where) == before


@pytest.mark.parametrize("way", ["mouse", "keys", "button"])
def test_a_point_is_followed_back_through_the_network_of_that_moment(play, way, artefacts):
    for _ in range(3):
        press(play, "Step")
    trainer = Trainer(Settings())
    trainer.train(3)
    assert_same(play, trainer)
    u, v = trainer.x[trainer.worst()]
    canvas = play.locator(PLANE).locator("canvas")
    at = {"x": 46 + (u + 1.5) / 3 * 240, "y": 10 + (1.5 - v) / 3 * 248}
    if way == "mouse":
        canvas.click(position=at)
    elif way == "button":
        play.get_by_role("button", name="One example").focus()
        play.keyboard.press("Enter")
    else:
        canvas.focus()
        right, up = (round(coordinate / 0.075) + 20 for coordinate in (u, v))  # from the corner
        for key, times in (("ArrowLeft", 40), ("ArrowDown", 40), ("ArrowRight", right), ("ArrowUp", up)):
            for _ in range(times):
                play.keyboard.press(key)
        play.keyboard.press("Enter")
    play.wait_for_selector(".bpbook-network svg")
    shown = play.locator(".bpbook-board").get_by_text("One example at epoch 3:").locator("..").text_content()
    point = re.search(r"x₀ = (\S+), x₁ = (\S+), class (\d); point (\d+) of (\d+) (trained|held)", shown)
    k, test = int(point[4]), point[6] == "held"
    if way != "keys":  # by keys another point may be nearer to a place on the raster
        assert (k, test) == (trainer.worst(), False)
    x, y = (side[k : k + 1] for side in trainer.examples(test))
    cache = trainer.net.forward(x)
    grads, L = trainer.net.backward(cache, y), len(trainer.net.sizes) - 1
    units = play.locator(".bpbook-network .node.unit")
    delta = number(grads.delta[L].item(), 4)
    assert units.last.get_attribute("aria-label") == f"delta 0 of layer {L}: {delta}"
    for _ in range(L - 1):
        play.get_by_role("button", name="Step", exact=True).click()
    play.wait_for_function(
        "text => document.querySelector('.bpbook-network .node.unit').getAttribute('aria-label') === text",
        arg=f"delta 0 of layer 1: {number(grads.delta[1][0, 0], 4)}",
    )
    play.screenshot(path=artefacts / f"playground_example_{way}.png")
    table = play.locator(".bpbook-table:visible td").all_text_contents()
    assert table[:2] == ["now", number(trainer.net.loss(cache, y))]
    back = play.get_by_role("button", name="Back to training")
    back.focus()
    play.keyboard.press("Enter")
    canvas.wait_for()
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)


def test_training_runs_beside_the_notebook_and_is_paused_at_once(play, artefacts):
    settings = Settings(dataset="gaussians")  # class 1 up on the right, class 0 down on the left
    choose(play, "data", "gaussians")
    choose(play, "epochs a picture", "5")
    press(play, "Train")
    play.wait_for_function("parseInt(document.querySelector('.bpbook-plane .words').textContent.slice(6)) > 20")
    before, after = json.loads(
        in_kernel(play, "import time\nn = play.trainer.epoch\ntime.sleep(1)\nprint([n, play.trainer.epoch])")
    )
    assert after > before  # while another cell was at work
    press(play, "Pause")
    play.get_by_role("button", name="Train", exact=True).wait_for()
    play.wait_for_timeout(400)
    epochs = int(re.match(r"Epoch (\d+)", play.locator(PLANE).locator(".words").text_content())[1])
    trainer = Trainer(settings)
    trainer.train(epochs)
    assert_same(play, trainer)
    blue, orange = pixels(play, [[1.42, 1.42], [-1.42, -1.42]])
    assert blue[2] > blue[0] + 40 and orange[0] > orange[2] + 40
    play.get_by_text("The lines of bpbook that make these numbers").click()
    reader = {}
    exec(play.locator(".bpbook-board pre").inner_text(), reader)
    assert (reader["C"], reader["C_test"]) == (trainer.losses[-1], trainer.test_losses[-1])
    play.get_by_text("The lines of bpbook that make these numbers").click()
    play.screenshot(path=artefacts / "playground.png")
    press(play, "Rewind")
    assert_same(play, Trainer(settings))


def test_a_hidden_unit_is_seen_large_by_click_and_by_choice(play):
    trainer = Trainer(Settings())
    cache = trainer.see(np.array(EMPTY))
    unit = play.get_by_role("button", name="unit 1 of layer 1", exact=True)
    for act, (l, j) in (
        (lambda: unit.click(), (1, 1)),
        (
            lambda: (
                play.get_by_role("button", name="Train").hover(),
                choose(play, "coloured by", "unit 3 of layer 2"),
            ),
            (2, 3),
        ),
    ):
        act()
        play.wait_for_function(
            "text => document.querySelector('.bpbook-plane .words').textContent.endsWith(text)",
            arg=f"Coloured: unit {j} of layer {l}; on the line its z is 0.",
        )
        a = cache.a[l][:, j]
        for (red, _, blue), value in zip(pixels(play, EMPTY), a / np.abs(a).max(), strict=True):
            if abs(value) > 0.1:
                assert (blue > red) == (value > 0)
    choose(play, "coloured by", "output")
    assert_same(play, trainer)


def test_values_colour_the_plane_and_its_points_by_one_scale(play, artefacts):
    choose(play, "data", "bumps")
    trainer = Trainer(Settings(dataset="bumps"))
    assert_same(play, trainer)
    assert play.get_by_label("loss", exact=True).evaluate("box => [...box.options].map(option => option.text)") == [
        "squared_error"
    ]
    legend = play.locator(PLANE).locator(".legend")
    assert legend.get_attribute("aria-label") == "Colours: ■ −1, 0, ● 1"
    ends = legend.locator("i").evaluate("bar => getComputedStyle(bar).backgroundImage")
    orange, pale, blue = ([int(k) for k in re.findall(r"\d+", colour)] for colour in re.findall(r"rgb\(.*?\)", ends))
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)
    low, high = trainer.x[trainer.y.argmin()].tolist(), trainer.x[trainer.y.argmax()].tolist()
    for place, colour, value in ((low, orange, trainer.y.min()), (high, blue, trainer.y.max())):
        mixed = [p + min(1, abs(value)) * (c - p) for p, c in zip(pale, colour, strict=True)]
        np.testing.assert_allclose(pixels(play, [place])[0], mixed, atol=3)
    for place, height in zip(EMPTY, trainer.shade(np.array(EMPTY)), strict=True):
        mixed = [p + min(1, abs(height)) * (c - p) for p, c in zip(pale, blue if height > 0 else orange, strict=True)]
        if abs(4 * height - round(4 * height)) > 0.2:  # away from the contour lines
            np.testing.assert_allclose(pixels(play, [place])[0], mixed, atol=6)
    play.screenshot(path=artefacts / "playground_values.png")
    press(play, "■ value −1")
    play.locator(PLANE).locator("canvas").click(position={"x": 46 + 0.9 * 240, "y": 10 + 0.1 * 248})
    play.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.includes('151 training points')")
    np.testing.assert_allclose(pixels(play, [[1.2, 1.2]])[0], orange, atol=3)
    data = play.get_by_label("data", exact=True)
    assert data.evaluate("box => box.selectedOptions[0].text").replace("\xa0", " ") == "your own values"


def test_inputs_are_ticked_by_mouse_and_by_key_and_drawn_with_their_wires(play, artefacts):
    play.get_by_role("slider", name="layers", exact=True).focus()
    play.keyboard.press("Home")
    play.get_by_label("x₀²", exact=True).click()
    for name in ("x₁²", "x₀", "x₁"):
        play.get_by_label(name, exact=True).focus()
        play.keyboard.press("Space")
    trainer = Trainer(Settings(inputs=("x0**2", "x1**2"), depth=0))
    assert_same(play, trainer)
    choose(play, "eta", "0.1")
    for _ in range(3):
        press(play, "Step")
    trainer = Trainer(Settings(inputs=("x0**2", "x1**2"), depth=0, eta=0.1))
    trainer.train(3)
    assert_same(play, trainer)
    words = play.locator(".bpbook-layers svg").get_attribute("aria-label")
    assert words.startswith("Maps of the inputs x₀², x₁²; no hidden units. The largest weight is W[1][")
    labels = [edge.get_attribute("aria-label") for edge in play.locator(".bpbook-layers .edge").all()]
    assert [label.split(": ")[1] for label in labels] == [number(weight, 4) for weight in trainer.net.W[1][:, 0]]
    play.get_by_text("The lines of bpbook that make these numbers").click()
    reader = {}
    exec(play.locator(".bpbook-board pre").inner_text(), reader)
    assert (reader["C"], reader["C_test"]) == (trainer.losses[-1], trainer.test_losses[-1])
    play.get_by_text("The lines of bpbook that make these numbers").click()
    play.screenshot(path=artefacts / "playground_inputs.png")
    play.get_by_label("x₀²", exact=True).click()
    play.get_by_label("x₁²", exact=True).click()
    message(play, "inputs must be at least one of x0, x1, x0**2, ")
    assert play.get_by_label("x₁²", exact=True).is_checked()
    press(play, "Reset")
    play.wait_for_function(
        """() => [...document.querySelectorAll(".bpbook-inputs input")].map((box) => Number(box.checked)).join("") ===
          "1100000" """
    )


def test_all_inputs_keep_their_names_apart_and_the_board_in_its_frame(play, artefacts):
    for box in ("x₀²", "x₁²", "x₀x₁", "sin πx₀", "sin πx₁"):
        play.get_by_label(box, exact=True).click()
    assert_same(play, Trainer(Settings(inputs=tuple(FEATURES))))
    board = play.locator(".bpbook-board").bounding_box()
    boxes = [box.bounding_box() for box in play.locator(".bpbook-inputs .widget-checkbox").all()]
    assert len(boxes) == len(FEATURES) and len({box["y"] for box in boxes}) == 1
    for left, right in itertools.pairwise(boxes):
        assert left["x"] + left["width"] <= right["x"]
    assert boxes[-1]["x"] + boxes[-1]["width"] < board["x"] + board["width"]
    play.screenshot(path=artefacts / "playground_all_inputs.png")


def test_every_layer_gets_the_width_that_was_typed(play, artefacts):
    field = play.get_by_label("widths", exact=True)
    field.fill("8 2 5 8")
    field.press("Enter")
    trainer = Trainer(Settings(depth=4, width=8, widths=(8, 2, 5, 8)))
    assert_same(play, trainer)
    play.screenshot(path=artefacts / "playground_widths.png")
    field.fill("4 9")
    field.press("Enter")
    message(play, "widths must be at most 4 whole numbers from 1 to 8, such as 4 2; got '4 9'. It stays 8 2 5 8.")
    play.wait_for_function("field => field.value === '8 2 5 8'", arg=field.element_handle())
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)
    play.get_by_role("slider", name="units each", exact=True).focus()
    play.keyboard.press("Home")
    play.wait_for_function("field => field.value === '1 1 1 1'", arg=field.element_handle())
    assert_same(play, Trainer(Settings(depth=4, width=1)))


def test_a_wire_has_the_colour_of_its_weights_sign_and_its_width(play):
    given = "play.controls['depth'].value = play.controls['width'].value = 1; W = play.net.W; "
    given += "W[1][...] = [[3.0], [-3.0]]; W[2][...] = 0.3; play.refresh()"
    assert in_kernel(play, given) == ""
    trainer = Trainer(Settings(depth=1, width=1))
    for place, value in (((1, 0, 0), 3.0), ((1, 1, 0), -3.0), ((2, 0, 0), 0.3)):
        trainer.set(place, value)
    assert_same(play, trainer)
    wires = play.locator(".bpbook-layers .wire")
    play.wait_for_function("() => document.querySelectorAll('.bpbook-layers .wire').length === 3")
    first, second, third = (
        (float(wire.get_attribute("stroke-width")), wire.evaluate("wire => getComputedStyle(wire).stroke"))
        for wire in wires.all()
    )
    assert first[0] == second[0] > 3 * third[0]
    assert first[1] == third[1] != second[1]


OFFSET = "document.querySelector('.bpbook-layers svg g').getAttribute('stroke-dashoffset')"


def test_the_dashes_of_the_wires_move_on_with_the_pictures_and_not_in_between(play):
    press(play, "Train")
    play.wait_for_function(f"{OFFSET} !== null")
    seen = play.evaluate(OFFSET)
    play.wait_for_function(f"seen => {OFFSET} !== seen", arg=seen)
    layers = "document.querySelector('.bpbook-layers').getAnimations({ subtree: true }).length"
    assert play.evaluate(layers) == 0
    press(play, "Pause")
    play.get_by_role("button", name="Train", exact=True).wait_for()


def test_the_dashes_stand_still_for_readers_who_want_less_motion(play):
    play.emulate_media(reduced_motion="reduce")
    before, now = play.evaluate(OFFSET), "parseInt(document.querySelector('.bpbook-plane .words').textContent.slice(6))"
    press(play, "Train")
    play.wait_for_function(f"{now} > 5")
    press(play, "Pause")
    play.get_by_role("button", name="Train", exact=True).wait_for()
    assert play.evaluate(OFFSET) == before
    play.emulate_media(reduced_motion="no-preference")


def test_wires_that_are_drawn_while_it_runs_have_names(play):
    press(play, "Train")
    play.get_by_role("button", name="one hidden layer more", exact=True).click()
    play.wait_for_function("document.querySelectorAll('.bpbook-layers .edge').length === 8 + 16 + 16 + 4")
    assert play.locator(".bpbook-layers :is(.edge, .unit, .bias):not([aria-label])").count() == 0
    press(play, "Pause")
    play.get_by_role("button", name="Train", exact=True).wait_for()


def test_a_weight_set_by_hand_goes_through_python(play):
    choose(play, "by hand", "W[2][1, 3]")
    there = f"{Trainer(Settings()).net.W[2][1, 3]:.6g}"
    field = play.get_by_label("=", exact=True).element_handle()
    play.wait_for_function("([field, there]) => field.value === there", arg=[field, there])
    play.get_by_label("=", exact=True).fill("2.5")
    play.get_by_label("=", exact=True).press("Tab")
    press(play, "Set")
    trainer = Trainer(Settings())
    trainer.set((2, 1, 3), 2.5)
    assert_same(play, trainer)


def test_an_eta_that_overflows_is_said_and_the_playground_stays_alive(play, artefacts):
    for label, option in (("activation", "relu"), ("loss", "squared_error"), ("optimizer", "GradientDescent")):
        choose(play, label, option)
    choose(play, "eta", "100")
    press(play, "Train")
    message(play, "Training overflows with eta = 100: in epoch ")
    assert play.locator(".bpbook-message").text_content().endswith("Choose a smaller eta, or rewind.")
    play.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    play.wait_for_timeout(800)
    play.screenshot(path=artefacts / "playground_overflow.png")
    play.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
    press(play, "Rewind")
    trainer = Trainer(Settings(hidden="relu", loss="squared_error", optimizer="GradientDescent"))
    says(play, f"Epoch 0: C = {number(trainer.losses[0], 4)}")
    play.wait_for_function("() => !document.querySelector('.bpbook-message').textContent.startsWith('Training over')")
    choose(play, "eta", "0.02")
    press(play, "Step")
    trainer.train()
    assert_same(play, trainer)


def test_running_the_cell_again_ends_the_training_of_before(play):
    in_kernel(play, "before = play")
    press(play, "Train")
    play.wait_for_function("parseInt(document.querySelector('.bpbook-plane .words').textContent.slice(6)) > 2")
    play.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    says(play, "Epoch 0: ")
    answer = in_kernel(play, "import threading; print(before.running.on, play.running.on, before is play)")
    assert answer.split() == ["False", "False", "False"]
    press(play, "Step")
    trainer = Trainer(Settings())
    trainer.train()
    assert_same(play, trainer)


def test_a_page_closed_in_mid_training_loses_nothing(play):
    in_kernel(play, "play.running.patience = 0.5")
    press(play, "Train")
    play.wait_for_function("parseInt(document.querySelector('.bpbook-plane .words').textContent.slice(6)) > 2")
    play.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    play.wait_for_timeout(500)
    address = play.url
    play.goto("about:blank")
    play.wait_for_timeout(1000)
    play.goto(address)
    play.wait_for_selector(".bpbook-plane canvas")
    message(play, "Paused: no browser has shown this for a while.")
    epochs = int(re.match(r"Epoch (\d+)", play.locator(PLANE).locator(".words").text_content())[1])
    trainer = Trainer(Settings())
    trainer.train(epochs)
    assert_same(play, trainer)


def test_a_stored_notebook_shows_its_last_state_before_any_cell_is_run(chromium, lab_server, artefacts):
    sys.path.insert(0, str(EXECUTE))
    try:
        from execute import execute
    finally:
        sys.path.remove(str(EXECUTE))
    cells = ["import bpbook as bp\nplay = bp.widgets.playground()\nfor _ in range(3): play.step()", "play"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    stored = execute(notebook)
    folder, address = lab_server
    NotebookNotary(data_dir=str(folder / "jupyter_data_dir")).sign(stored)  # the reader trusts it
    nbformat.write(stored, folder / "stored.ipynb")
    page, complaints = chromium.new_page(viewport={"width": 1000, "height": 900}), []
    page.on("pageerror", lambda error: complaints.extend(thrown(error)))
    page.goto(f"{address}/lab/tree/stored.ipynb")
    page.wait_for_selector(".bpbook-plane canvas", timeout=30000)
    trainer = Trainer(Settings())
    trainer.train(3)
    assert_same(page, trainer)
    page.locator(PLANE).locator("canvas").click(position={"x": 100, "y": 40})
    page.wait_for_function(
        "document.querySelector('.bpbook-plane .message').textContent.startsWith('This chapter has not')"
    )
    page.screenshot(path=artefacts / "playground_stored.png")
    page.close()
    assert complaints == []
