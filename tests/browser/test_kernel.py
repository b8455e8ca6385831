"""The kernel in a real browser without Python: by mouse and by keys it shows the sums that Python has."""

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser


def assert_shows(page, **settings):
    experiment = bp.widgets.kernel()
    for name, value in settings.items():
        setattr(experiment, name, value)
    kind, row, column = experiment.chosen
    value = experiment.numbers[{"z": "z", "x": "dx", "W": "dW"}[kind]][row][column]
    words = page.text_content(".words")
    assert words.endswith(f" = {value}".replace("-", "−"))
    assert words.count("·") == len(experiment.terms())
    assert page.text_content("pre") == experiment.lines()


def test_mouse_and_keys_choose_the_sum_that_is_shown(without_kernel):
    with without_kernel(bp.widgets.kernel()) as page:
        assert_shows(page)
        page.focus("svg")
        for _ in range(3):  # the third time there is no pixel left
            page.keyboard.press("ArrowUp")
        assert_shows(page, chosen=["x", 0, 2])
        assert page.locator(".cell.one").count() == page.locator(".cell.other").count() == 3
        page.click("[data-cell='dW 1 2']")
        assert_shows(page, chosen=["W", 1, 2])
        page.select_option("[data-is=padding]", "1")
        page.select_option("[data-is=stride]", "2")
        assert_shows(page, padding=1, stride=2, chosen=["W", 1, 2])
        page.click("[data-grid=z]")
        page.keyboard.press("Tab")
        page.click("[data-cell='u 2 2']")
        page.select_option("[data-is=padding]", "0")
        assert_shows(page, padding=0, stride=2, chosen=["z", 1, 1])
        page.click("[data-do=rewind]")
        assert_shows(page)
