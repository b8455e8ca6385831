"""Chapters run in the page without an error, and to the numbers of the book, to the digits shown."""

import json
import os
import re

import pytest

from bpbook.site import build, chapters

from .conftest import ROOT

ASKED = os.environ.get("BPBOOK_CHAPTERS", "")
"""Every chapter is run in the page; BPBOOK_CHAPTERS=09,11 runs these two."""
TRIED = [path for path in build.notebooks(ROOT) if not ASKED or chapters.number(path) in ASKED.split(",")]
START = 600_000  # ms
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
SHOWN = """() => [...document.querySelectorAll(".cell:has(.cell_input)")].map((cell) => {
  const out = cell.querySelector(":scope > .cell_output");
  const words = [...(out?.querySelectorAll("pre") ?? [])].map((element) => element.textContent);
  const live = cell.classList.contains("bp-check") || cell.querySelector(":scope > .bp-editor, .widget-subarea");
  return { live: Boolean(live), text: words.join("\\n"), pictures: out?.querySelectorAll("img").length ?? 0 };
})"""
READY = "document.documentElement.dataset.bpbook === 'ready'"


def differ(stored, fresh):
    """Say which numbers of two texts differ by more than one unit of the last digit shown."""
    one, other = (NUMBER.findall(text.replace("−", "-")) for text in (stored, fresh))
    if len(one) != len(other):
        return [(stored, fresh)]
    return [(a, b) for a, b in zip(one, other, strict=True) if abs(float(a) - float(b)) > 1.01 * unit(a)]


def in_other_words(stored, fresh):
    """Say whether two texts differ in more than their numbers."""
    return NUMBER.sub("", stored.replace("−", "-")) != NUMBER.sub("", fresh.replace("−", "-"))


def unit(number):
    """Return what one more in the last digit shown comes to."""
    mantissa, _, exponent = number.partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize(
    ("stored", "fresh", "same"),
    [
        ("loss 0.1234", "loss 0.1235", True),
        ("loss 0.1234", "loss 0.1236", False),
        ("−2.5e-03", "-2.6e-03", True),
        ("−2.5e-03", "-2.7e-03", False),
        ("1 2", "1", False),
        ("97 of 100", "99 of 100", False),
    ],
)
def test_a_number_that_is_not_the_one_shown_is_seen(stored, fresh, same):
    assert (differ(stored, fresh) == []) is same


def test_a_cell_that_hangs_on_rounding_keeps_its_words():
    assert not in_other_words("test score 0.64; scaled −0.84", "test score 0.28; scaled 0.84")
    assert in_other_words("test score 0.64", "test loss 0.64")


@pytest.mark.parametrize("path", TRIED, ids=chapters.number)
def test_a_chapter_runs_and_shows_the_numbers_of_the_book(chromium, address, site, path):
    cells = json.loads((site / "_engine" / "chapters" / f"{chapters.number(path)}.json").read_text(encoding="utf-8"))
    code = [cell for cell in cells if cell["type"] == "code"]
    page = chromium.new_page()
    page.goto(f"{address}/notebooks/{path.stem}.html")
    page.wait_for_function(READY)
    stored = page.evaluate(SHOWN)
    page.locator(".bp-tools summary").click()
    page.get_by_role("button", name="Run all", exact=True).click()
    page.wait_for_function(READY, timeout=START)
    fresh = page.evaluate(SHOWN)
    assert page.locator(".bp-error").all_inner_texts() == []
    assert len(fresh) == len(code)
    found = {}
    for k, (before, after) in enumerate(zip(stored, fresh, strict=True)):
        tags = code[k]["tags"]
        drawn_late = after["live"] and "widgets." in code[k]["source"]
        if before["live"] or drawn_late or "timing" in tags:
            continue
        compared = in_other_words if "rounding" in tags else differ
        if wrong := compared(before["text"], after["text"]) or before["pictures"] != after["pictures"]:
            found[k] = wrong
    assert found == {}
    page.close()
