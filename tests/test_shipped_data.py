"""The data that ships: every file has its section in LICENCES.md, and is the file that the section speaks of."""

import hashlib
import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from bpbook import datasets

DATA = Path(datasets.__file__).parent / "data"
FILES = sorted(path for path in DATA.iterdir() if path.suffix != ".md")
SAID = ("Holds", "Source", "Licence", "Made by", "sha256")


def sections(text):
    """Return the body of each section of LICENCES.md, by the name of the file."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def faults(name, contents, section):
    """Return what a section does not say, or says wrongly, of a file."""
    found = [f"{name} does not say: {what}" for what in SAID if f"- **{what}:** " not in section]
    if hashlib.sha256(contents).hexdigest() not in section:
        found.append(f"{name} is not the file whose checksum is given")
    return found


LICENCES = sections((DATA / "LICENCES.md").read_text(encoding="utf-8"))


def test_each_file_has_a_section_and_each_section_a_file():
    assert list(LICENCES) == sorted(LICENCES)
    assert set(LICENCES) == {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_the_one_its_section_speaks_of(path):
    assert faults(path.name, path.read_bytes(), LICENCES[path.name]) == []


def test_a_changed_file_and_a_section_without_a_licence_are_refused():
    section = LICENCES["writers.npz"]
    contents = (DATA / "writers.npz").read_bytes()
    assert faults("writers.npz", contents + b"0", section) == ["writers.npz is not the file whose checksum is given"]
    without = section.replace("**Licence:**", "")
    assert faults("writers.npz", contents, without) == ["writers.npz does not say: Licence"]


def test_what_ships_stays_under_4_megabytes():
    assert sum(path.stat().st_size for path in FILES) < 4e6


def test_digits_are_those_of_scikit_learn():
    x, y = datasets.digits()
    images, labels = load_digits(return_X_y=True)
    np.testing.assert_array_equal(x, images / 16)
    np.testing.assert_array_equal(y, labels)
    assert (x.dtype, y.dtype) == (images.dtype, np.intp)


def test_digits_are_read_without_scikit_learn_which_takes_seconds_to_import():
    command = "import sys, bpbook as bp; bp.datasets.{}(); print('sklearn' in sys.modules)"
    printed = [
        subprocess.run([sys.executable, "-c", command.format(name)], capture_output=True, text=True, check=True).stdout
        for name in ("digits", "tumours")
    ]
    assert printed == ["False\n", "True\n"]


def test_writers_are_the_30_whose_classes_the_repository_counts():
    x, y = datasets.writers()
    assert x.shape == (3823, 64) and x.min() == 0 and x.max() == 1
    assert np.bincount(y).tolist() == [376, 389, 380, 389, 387, 376, 377, 387, 380, 382]


def test_no_image_of_the_30_writers_is_among_those_of_the_13():
    ours, theirs = ({row.tobytes() for row in make()[0]} for make in (datasets.writers, datasets.digits))
    assert not ours & theirs


def test_there_are_six_slices_of_each_of_11_vowels_of_each_of_15_people():
    x, y, speaker = datasets.vowels()
    assert x.shape == (990, 10) and len(datasets.VOWELS) == 11 and len(datasets.VOWEL_SPEAKERS) == 15
    np.testing.assert_array_equal(np.bincount(speaker * 11 + y), np.full(165, 6))
    np.testing.assert_array_equal(x[0], [-3.639, 0.418, -0.670, 1.779, -0.168, 1.627, -0.388, 0.529, -0.874, -0.814])


def test_the_six_slices_of_a_vowel_come_from_one_saying_of_it_and_in_its_order():
    x, y, speaker = datasets.vowels()
    word = 11 * speaker + y
    slices = np.array([x[word == w] for w in range(165)])

    apart = np.linalg.norm(slices[:, :, np.newaxis] - slices[:, np.newaxis], axis=3).mean(axis=0)
    assert np.all(np.diff([np.diag(apart, k).mean() for k in range(6)]) > 0.05)  # takes of their own would be level
    ways = {order: apart[order[:-1], order[1:]].sum() for order in itertools.permutations(range(6))}
    assert sorted(ways, key=ways.get)[:2] == [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0)]  # of 720, the shortest
    distances = np.linalg.norm(x[:, np.newaxis] - x, axis=2) + np.diag(np.full(990, np.inf))
    twin = distances.argmin(axis=1)
    assert (word[twin] == word).mean() > 0.95


def test_the_nearest_neighbour_of_the_first_8_speakers_names_260_of_462_vowels_of_the_others():
    x, y, speaker = datasets.vowels()
    ours, theirs = speaker < 8, speaker >= 8
    nearest = ((x[theirs][:, None] - x[ours]) ** 2).sum(axis=2).argmin(axis=1)
    assert (y[ours][nearest] == y[theirs]).sum() == 260


def test_the_story_is_two_chapters_of_which_the_second_begins_in_the_middle():
    text = datasets.alice()
    lines = text.splitlines()
    assert len(lines) == 50 and all(lines) and not any(line != " ".join(line.split()) for line in lines)
    chapters = text.split("`Curiouser and curiouser!'")
    assert len(chapters) == 2 and 11_000 < len(chapters[0]) < 11_500 and "CHAPTER" not in text and "*" not in text
