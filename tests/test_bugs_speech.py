"""The mistakes of speech recognition: each is made by a twin, has words for a learner, and a section that stands."""

import re
from pathlib import Path

import nbformat
import pytest

from bpbook import exercises
from bpbook.exercises.bugs.catalogue import BUGS
from bpbook.exercises.bugs.speech import SPEECH
from bpbook.exercises.judging.verdict import named

CHAPTER = next((Path(__file__).parent.parent / "notebooks").glob("09_*.ipynb"))


def declared():
    bank = (question.exercise for question in exercises.chapter(9).questions.values())
    return {named(mistake).name for exercise in bank for mistake in getattr(exercise, "mistakes", {}).values()}


def test_every_mistake_is_made_by_a_twin_of_some_exercise():
    assert set(SPEECH) - declared() == set()
    assert "a mistake that nobody makes" not in declared()


def test_no_name_is_taken_from_the_library_of_networks():
    assert set(SPEECH) & set(BUGS) == set()


@pytest.mark.parametrize("mistake", SPEECH.values(), ids=SPEECH)
def test_a_mistake_has_words_for_a_learner_and_a_section_that_stands(mistake):
    assert 1 <= len(re.findall(r"[.?](?: |$)", mistake.words)) <= 3 and len(mistake.words) < 240
    assert not re.search(r"@|axis=|np\.", mistake.words)
    cells = nbformat.read(CHAPTER, as_version=4).cells
    sections = re.findall(r"^## (.*)$", "\n".join(cell.source for cell in cells), flags=re.MULTILINE)
    chapter, section = re.fullmatch(r'chapter (\d\d), "(.*)"', mistake.see).groups()
    assert chapter == "09" and section in sections
