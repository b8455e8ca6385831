"""The optimizer race in a real JupyterLab: moved by mouse and by keyboard, and what it shows compared with bpbook."""

import re

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab("race", "import bpbook as bp\nbp.widgets.race()", ".bpbook-plane canvas") as page:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
        page.wait_for_selector("[data-jp-theme-light=true]", state="attached")
        page.wait_for_timeout(500)
        yield page


@pytest.fixture
def race(page):
    """Return the page with the race at its start, and a race of our own beside it."""
    press(page, "Reset")
    says(page, "Narrow valley, step 0 from (−4, 1.5).")
    page.wait_for_function("document.querySelector('.bpbook-table td:nth-child(2)').textContent === '0.08'")
    mine = bp.widgets.race()
    return page, mine


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def says(page, text):
    page.wait_for_function(
        "text => document.querySelector('.bpbook-plane .words').textContent.startsWith(text)", arg=text
    )


def start(page):
    """Return the two numbers of the start, as typed."""
    return tuple(float(page.locator(".widget-text input").nth(k).input_value()) for k in (0, 1))


def assert_same(page, mine):
    """Compare the words, the picture's description and the table with those of our own race."""
    page.wait_for_function(
        "words => document.querySelector('.bpbook-plane .words').textContent === words", arg=mine.view.alt
    )
    label = page.locator(".bpbook-plane canvas").get_attribute("aria-label")
    assert label.startswith(f"Optimizer race. {mine.view.alt}")
    shown = page.locator(".bpbook-table td").all_text_contents()
    assert shown == re.findall(r"<td>(.*?)</td>", re.sub(r"</?span[^>]*>", "", mine.table.value))


def pixel(page, u, v):
    """Return red, green, blue at a place of the plane."""
    return page.evaluate(
        """([u, v]) => {
          const canvas = document.querySelector(".bpbook-plane canvas"), ratio = window.devicePixelRatio;
          const [x, y] = [46 + ((u + 5) / 10) * 370, 10 + ((3 - v) / 6) * 322];
          return [...canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3);
        }""",
        [u, v],
    )


def test_the_first_picture_is_bpbooks(race, artefacts):
    page, mine = race
    assert_same(page, mine)
    low, high = pixel(page, 0.35, 0.02), pixel(page, 4.9, 2.9)
    assert sum(low) > sum(high) + 100  # pale in the valley, grey on its walls
    page.screenshot(path=artefacts / "race.png")


def test_beside_the_sidebar_buttons_and_messages_stand_above_the_plane(race, artefacts):
    page, _ = race
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_timeout(500)
    page.locator(".bpbook-board").scroll_into_view_if_needed()
    press(page, "Step")
    for theme in ("Dark", "Light"):
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
        )
        page.wait_for_timeout(600)
        page.screenshot(path=artefacts / f"race_narrow_{theme.lower()}.png")
    places = [
        page.get_by_role("button", name="Run", exact=True),
        page.locator(".bpbook-message"),
        page.locator(".bpbook-plane canvas"),
        page.get_by_label("surface"),
    ]
    tops = [place.bounding_box()["y"] for place in places]
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    assert tops == sorted(tops) and tops[2] - tops[0] < 100
    assert page.locator(".bpbook-rules").bounding_box()["height"] >= 150  # nothing below jumps while it runs


def test_steps_by_mouse_are_bpbooks(race):
    page, mine = race
    for _ in range(3):
        press(page, "Step")
        mine.step_button.click()
    assert_same(page, mine)


def test_a_slider_moved_by_keyboard_runs_the_race_again(race):
    page, mine = race
    page.locator(".noUi-handle[aria-label=step]").focus()
    for key in ("PageUp", "PageUp", "ArrowRight"):
        page.keyboard.press(key)
    says(page, "Narrow valley, step ")
    page.wait_for_timeout(300)
    mine.controls["step"].value = int(page.locator(".widget-readout").last.text_content())
    assert mine.controls["step"].value > 1
    page.locator(".noUi-handle[aria-label=Adam]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.bpbook-table td:nth-child(2)').textContent !== '0.08'")
    mine.controls["Adam"].value = 0.082
    assert_same(page, mine)


def test_a_drag_of_sixty_moves_ends_where_the_slider_is(race):
    page, mine = race
    press(page, "Step")
    handle = page.locator(".noUi-handle[aria-label=RMSProp]").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(60):
        page.mouse.move(x + move, y)
    page.mouse.up()
    page.wait_for_timeout(300)
    mine.controls["RMSProp"].value = float(page.locator(".widget-readout").nth(2).text_content())
    assert mine.eta("RMSProp") > 0.2
    mine.step_button.click()
    assert_same(page, mine)
    shown = re.sub(r"\s+", " ", page.locator(".bpbook-rules").inner_text())
    wanted = re.sub(r"</?[bi]>", "", mine.rules.value).replace("<br>", " ")
    assert shown.strip() == wanted


def test_the_start_is_chosen_by_click_and_by_keys(race):
    page, mine = race
    canvas = page.locator(".bpbook-plane canvas")
    canvas.click(position={"x": 46 + 0.7 * 370, "y": 10 + 0.25 * 322})  # w0 = -5 + 0.7 * 10, w1 = 3 - 0.25 * 6
    says(page, "Narrow valley, step 0 from (2, 1.5")
    clicked = start(page)
    assert clicked == pytest.approx((2, 1.5), abs=0.03)  # a pixel or two
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Enter"):  # a fortieth of the plane each: 0.25 and 0.15
        page.keyboard.press(key)
    says(page, "Narrow valley, step 0 from (1.5, 1.3")
    assert start(page) == pytest.approx((clicked[0] - 0.5, clicked[1] - 0.15), abs=0.011)
    press(page, "Step")
    mine.controls["w0"].value, mine.controls["w1"].value = start(page)
    mine.step_button.click()
    assert_same(page, mine)


def test_a_run_can_be_paused_and_rewound(race):
    page, mine = race
    press(page, "Run")
    page.wait_for_function(
        "parseInt(document.querySelector('.bpbook-plane .words').textContent.match(/step (\\d+)/)[1]) >= 5"
    )
    press(page, "Pause")
    page.get_by_role("button", name="Run", exact=True).wait_for()
    page.wait_for_timeout(300)
    mine.controls["step"].value = int(re.search(r"step (\d+)", page.locator(".bpbook-plane .words").text_content())[1])
    assert_same(page, mine)
    press(page, "Rewind")
    says(page, "Narrow valley, step 0 from (−4, 1.5).")


def test_every_surface_is_drawn_and_raced_on(race):
    page, mine = race
    for surface in ("curved valley", "saddle", "two hollows"):
        page.get_by_label("surface", exact=True).select_option(surface)
        says(page, f"{surface.capitalize()}, step 0 from")
        press(page, "Step")
        mine.controls["surface"].value = surface
        mine.step_button.click()
        assert_same(page, mine)


def test_what_diverges_is_said_and_the_race_stays_alive(race, artefacts):
    page, mine = race
    press(page, "eta × 2")
    mine.double_button.click()
    page.locator(".noUi-handle[aria-label=step]").press("End")
    mine.controls["step"].value = 300
    assert_same(page, mine)
    assert page.locator(".bpbook-message").text_content() == mine.message.text
    assert mine.message.text.startswith("Diverged beyond ±1000: gradient descent with eta = 0.16.")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.wait_for_selector("[data-jp-theme-light=false]", state="attached")
    page.wait_for_timeout(500)
    dark = pixel(page, 4.9, -2.9)
    page.screenshot(path=artefacts / "race_dark.png")
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
    page.wait_for_selector("[data-jp-theme-light=true]", state="attached")
    page.wait_for_timeout(500)
    assert sum(pixel(page, 4.9, -2.9)) > sum(dark) + 100
    press(page, "Rewind")
    says(page, "Narrow valley, step 0")
