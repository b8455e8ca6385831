"""The mistakes of each field: made by a twin, with words for a learner, pointing to a section that stands."""

import re
from pathlib import Path

import nbformat
import pytest

from bpbook import exercises
from bpbook.exercises.bugs.catalogue import BUGS
from bpbook.exercises.bugs.fields.clinic import CLINIC
from bpbook.exercises.bugs.fields.costs import COSTS
from bpbook.exercises.bugs.fields.depth import DEPTH
from bpbook.exercises.bugs.fields.descent import DESCENT
from bpbook.exercises.bugs.fields.diagnosis import DIAGNOSIS
from bpbook.exercises.bugs.fields.driving import DRIVING
from bpbook.exercises.bugs.fields.images import IMAGES
from bpbook.exercises.bugs.fields.layers import LAYERS
from bpbook.exercises.bugs.fields.markets import MARKETS
from bpbook.exercises.bugs.fields.speech import SPEECH
from bpbook.exercises.judging.verdict import named

FIELDS = {
    8: IMAGES,
    9: SPEECH,
    10: MARKETS,
    11: DIAGNOSIS,
    12: DRIVING,
    13: DEPTH,
    14: COSTS,
    15: DESCENT,
    16: CLINIC,
    17: LAYERS,
}
EACH = [
    pytest.param(chapter, mistake, id=f"{chapter}-{name}")
    for chapter in FIELDS
    for name, mistake in FIELDS[chapter].items()
]


def declared(chapter):
    bank = (question.exercise for question in exercises.chapter(chapter).questions.values())
    return {named(mistake).name for exercise in bank for mistake in getattr(exercise, "mistakes", {}).values()}


def sections(chapter):
    path = next((Path(__file__).parent.parent / "notebooks").glob(f"{chapter:02}_*.ipynb"))
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    return re.findall(r"^##+ (.*)$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("chapter", FIELDS)
def test_every_mistake_is_made_by_a_twin_of_some_exercise(chapter):
    assert set(FIELDS[chapter]) - declared(chapter) == set()
    assert "a mistake that nobody makes" not in declared(chapter)


def test_no_name_is_taken_from_the_library_of_networks():
    for mistakes in FIELDS.values():
        assert set(mistakes) & set(BUGS) == set()


@pytest.mark.parametrize(("chapter", "mistake"), EACH)
def test_a_mistake_has_words_for_a_learner_and_a_section_that_stands(chapter, mistake):
    assert 1 <= len(re.findall(r"[.?](?: |$)", mistake.words)) <= 3 and len(mistake.words) < 240
    assert not re.search(r"@|axis=|np\.", mistake.words)
    place = re.fullmatch(r'chapter (\d\d), "(.*)"', mistake.see)
    assert place and int(place[1]) == chapter and place[2] in sections(chapter)
