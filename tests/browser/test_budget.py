"""The budget in a real browser without a kernel: it shows what Python counts, by keys and by mouse."""

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser


@pytest.fixture
def page(without_kernel):
    with without_kernel(bp.widgets.budget()) as page:
        yield page


def expected(**settings):
    experiment = bp.widgets.budget()
    for name, value in settings.items():
        setattr(experiment, name, value)
    return experiment


def press(page, slider, key, times):
    page.focus(f"[data-is={slider}]")
    for _ in range(times):
        page.keyboard.press(key)


def assert_shows(page, experiment):
    costs = experiment.costs
    verdict = page.text_content(".verdict")
    assert verdict.startswith("It fits" if costs["fits"] else "It does not fit")
    assert float(verdict.split(" MB of")[0].split()[-1]) == pytest.approx(costs["memory"] / 1e6, rel=0.006)
    number, unit = verdict.split("A step takes ")[1].split(",")[0].split()
    seconds = float(number) / (1000 if unit == "ms" else 1)
    assert seconds == pytest.approx(costs["compute"] + costs["travel"], rel=0.006)
    assert float(verdict.split(" times as fast")[0].split()[-1]) == pytest.approx(costs["speed_up"], rel=0.006)
    assert float(verdict.split(" machine-seconds")[0].split()[-1]) == pytest.approx(costs["price"], rel=0.006)
    assert page.text_content("pre") == experiment.lines()


def test_the_browser_shows_what_python_counts(page):
    assert_shows(page, expected())
    press(page, "every", "ArrowLeft", 8)
    assert_shows(page, expected(every=4))
    press(page, "machines", "ArrowRight", 1)
    assert_shows(page, expected(every=4, machines=2))
    press(page, "link", "ArrowRight", 2)
    assert_shows(page, expected(every=4, machines=2, link=1e10))
    press(page, "batch", "ArrowLeft", 3)
    assert_shows(page, expected(every=4, machines=2, link=1e10, batch=512))
    page.click("[data-do=rewind]")
    assert_shows(page, expected())


def test_layers_say_what_they_hold(page):
    press(page, "every", "ArrowLeft", 8)
    assert page.locator("rect.layer.whole").count() == 4 and page.locator("rect.layer.checkpoint").count() == 15
    page.focus("svg")
    page.keyboard.press("ArrowRight")
    assert page.text_content(".where") == "Layer 1: forgotten. It will be computed again from the input."
    page.keyboard.press("ArrowLeft")
    assert page.text_content(".where").startswith("Layer 64: z, a and delta are held")
    box = page.locator("rect.layer").nth(7).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.text_content(".where").startswith("Layer 8: its a is kept as a checkpoint.")


def test_the_picture_marks_what_does_not_fit(page):
    assert page.locator("rect.memory.over").count() == 1
    press(page, "machines", "ArrowRight", 4)
    assert page.locator("rect.memory.over").count() == 0
