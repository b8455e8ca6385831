"""The mistakes of markets: each is made by a twin, has words for a learner, and points to a section that stands."""

import re
from pathlib import Path

import nbformat
import pytest

from bpbook import exercises
from bpbook.exercises.bugs.catalogue import BUGS
from bpbook.exercises.bugs.markets import MARKETS
from bpbook.exercises.judging.verdict import named

CHAPTER = next((Path(__file__).parent.parent / "notebooks").glob("10_*.ipynb"))


def declared():
    bank = (question.exercise for question in exercises.chapter(10).questions.values())
    return {named(mistake).name for exercise in bank for mistake in getattr(exercise, "mistakes", {}).values()}


def test_every_mistake_is_made_by_a_twin_of_some_exercise():
    assert set(MARKETS) - declared() == set()
    assert "a mistake that nobody makes" not in declared()


def test_no_name_is_taken_from_the_library_of_networks():
    assert set(MARKETS) & set(BUGS) == set()


@pytest.mark.parametrize("mistake", MARKETS.values(), ids=MARKETS)
def test_a_mistake_has_words_for_a_learner_and_a_section_that_stands(mistake):
    assert 1 <= len(re.findall(r"[.?](?: |$)", mistake.words)) <= 3 and len(mistake.words) < 240
    assert not re.search(r"@|axis=|np\.", mistake.words)
    cells = nbformat.read(CHAPTER, as_version=4).cells
    sections = re.findall(r"^## (.*)$", "\n".join(cell.source for cell in cells), flags=re.MULTILINE)
    chapter, section = re.fullmatch(r'chapter (\d\d), "(.*)"', mistake.see).groups()
    assert chapter == "10" and section in sections
