"""Right answers of chapter 09 written in other ways are right, and wrong ones that a reader could write are named."""

import numpy as np
import pytest

from bpbook import exercises

PARAPHRASES = [
    (
        "mel_corners",
        """
def mel_corners(low, high, bands):
    mel = bp.datasets.sound.mel
    step = (mel(high) - mel(low)) / (bands + 1)
    return [float(bp.datasets.sound.hertz(mel(low) + k * step)) for k in range(bands + 2)]
""",
    ),
    (
        "mel_corners",
        """
def mel_corners(low, high, bands):
    a, b = np.log1p(low / 700), np.log1p(high / 700)  # any logarithm will do, as the way back undoes it
    return 700 * np.expm1(np.linspace(a, b, bands + 2))
""",
    ),
    (
        "to_decibels",
        """
def to_decibels(power, floor):
    result = np.full(power.shape, -float(floor))
    for place, value in np.ndenumerate(power):
        if value > 0:
            result[place] = max(-floor, 10 * np.log(value / np.max(power)) / np.log(10))
    return result
""",
    ),
    ("to_decibels", "to_decibels = bp.datasets.sound.decibels"),
    (
        "to_decibels",
        """
def to_decibels(power, floor):
    with np.errstate(divide="ignore"):
        level = 10 * np.log10(power) - 10 * np.log10(power.max())
    return np.clip(level, -floor, 0)
""",
    ),
    (
        "by_itself",
        """
def by_itself(x):
    return [(row - row.mean()) / row.std() for row in x]
""",
    ),
    ("by_itself", "by_itself = lambda x: bp.datasets.standardise(x)"),
    (
        "by_itself",
        """
def by_itself(x):
    from sklearn.preprocessing import StandardScaler
    return StandardScaler().fit_transform(x.T).T
""",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    spoken = np.zeros(len(recording), bool)
    spoken[start:stop] = True
    both, hiss = (recording[part].var() + recording[part].mean() ** 2 for part in (spoken, ~spoken))
    return 10 * np.log10(both / hiss - 1)
""",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    word = recording[start:stop]
    rest = list(recording[:start]) + list(recording[stop:])
    hiss = np.linalg.norm(rest) / len(rest) ** 0.5
    return 20 * np.log10(np.sqrt(word @ word / len(word) - hiss**2) / hiss)
""",
    ),
    (
        "people_apart",
        """
def people_apart(speaker, held_out):
    train = [k for k, s in enumerate(speaker) if s not in set(held_out)]
    return train, sorted(set(range(len(speaker))) - set(train))
""",
    ),
    (
        "people_apart",
        """
def people_apart(speaker, held_out):
    test = np.zeros(len(speaker), bool)
    for person in held_out:
        test |= speaker == person
    return np.where(~test)[0], np.nonzero(test)[0]
""",
    ),
    (
        "per_person",
        """
def per_person(right, speaker):
    heard = {}
    for ok, person in zip(right, speaker):
        heard.setdefault(int(person), []).append(bool(ok))
    shares = [sum(words) / len(words) for words in heard.values()]
    return sum(shares) / len(shares), min(shares)
""",
    ),
    (
        "per_person",
        """
def per_person(right, speaker):
    _, number = np.unique(speaker, return_inverse=True)
    shares = np.bincount(number, weights=right) / np.bincount(number)
    return shares.mean(), shares.min()
""",
    ),
]

WRONG = [
    (
        "people_apart",
        """
def people_apart(speaker, held_out):
    from sklearn.model_selection import train_test_split
    return train_test_split(np.arange(len(speaker)), test_size=2, random_state=0)
""",
        "",
    ),
    (
        "people_apart",
        """
def people_apart(speaker, held_out):
    test = np.isin(speaker, held_out)
    return np.flatnonzero(test), np.flatnonzero(~test)
""",
        "The two sides are exchanged",
    ),
    (
        "mel_corners",
        """
def mel_corners(low, high, bands):
    return np.linspace(low, high, bands + 2)
""",
        "equally far apart in hertz",
    ),
    (
        "to_decibels",
        """
def to_decibels(power, floor):
    return 20 * np.log10(np.maximum(power / power.max(), 1e-9))
""",
        "",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    rest = np.append(recording[:start], recording[stop:])
    return 10 * np.log10(np.mean(recording[start:stop] ** 2) / np.mean(rest**2))
""",
        "the power of both",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    rest = np.append(recording[:start], recording[stop:])
    return 10 * np.log10(np.sqrt(np.mean(recording[start:stop] ** 2) / np.mean(rest**2) - 1))
""",
        "their square is the power",
    ),
    (
        "by_itself",
        """
def by_itself(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)
""",
        "over all recordings",
    ),
    (
        "by_itself",
        """
def by_itself(x):
    from sklearn.preprocessing import StandardScaler
    return StandardScaler().fit_transform(x)
""",
        "over all recordings",
    ),
    (
        "by_itself",
        """
def by_itself(x):
    return x - x.mean(axis=1, keepdims=True) / x.std(axis=1, keepdims=True)
""",
        "Brackets are missing",
    ),
    (
        "to_decibels",
        """
def to_decibels(power, floor):
    return 10 * np.log10(power / power.max())
""",
        "The floor is missing",
    ),
    (
        "to_decibels",
        """
def to_decibels(power, floor):
    return np.nan_to_num(10 * np.log10(power / power.max()), neginf=-floor)
""",
        "You set only silence to the floor",
    ),
    (
        "to_decibels",
        """
def to_decibels(power, floor):
    level = 10 * np.log10(power / power.max())
    return np.where(level < -floor, 0, level)
""",
        "as loud as the loudest",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    hiss = np.mean(recording[:start] ** 2)
    return 10 * np.log10(np.mean(recording[start:stop] ** 2) / hiss - 1)
""",
        "before the word only",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    hiss = np.mean(recording[stop:] ** 2)
    return 10 * np.log10(np.mean(recording[start:stop] ** 2) / hiss - 1)
""",
        "after the word only",
    ),
    (
        "measure_noise",
        """
def measure_noise(recording, start, stop):
    hiss = (np.mean(recording[:start] ** 2) + np.mean(recording[stop:] ** 2)) / 2
    return 10 * np.log10(np.mean(recording[start:stop] ** 2) / hiss - 1)
""",
        "a short stretch of hiss as much as a long one",
    ),
    (
        "people_apart",
        """
def people_apart(speaker, held_out):
    test = np.isin(speaker, held_out)
    return ~test, test
""",
        "yes or no for every row",
    ),
    (
        "people_apart",
        """
def people_apart(speaker, held_out):
    rows = np.arange(len(speaker))
    return rows[~np.isin(speaker, held_out)], np.concatenate([rows[speaker == person] for person in held_out])
""",
        "in rising order",
    ),
]


@pytest.mark.parametrize(("name", "source"), PARAPHRASES)
def test_a_right_answer_written_another_way_is_right(is_right, name, source):
    is_right(9, name, source)


@pytest.mark.parametrize(("name", "source", "words"), WRONG)
@np.errstate(all="ignore")
def test_a_wrong_answer_gets_no_mark_and_its_own_words(is_wrong, name, source, words):
    is_wrong(9, name, source, words)


@pytest.mark.parametrize(
    "written", ["2595 / (700 + f) / log(10)", "2595 / log(10) / 700 / (1 + f / 700)", "1127.0104 / (700 + f) * 1.0"]
)
def test_a_slope_written_another_way_is_right_and_a_rounded_one_nearly(written):
    verdict = exercises.chapter(9).mel_slope.exercise.judge(written, np.random.default_rng(0))
    assert (verdict.status == "right") == ("1127" not in written), verdict


@pytest.mark.parametrize("written", ["1127 / (700 + f)", "1126.99 / (700 + f)", "1127.01048 / (f + 700)"])
def test_a_rounded_slope_is_told_how_the_fraction_begins(written):
    verdict = exercises.chapter(9).mel_slope.exercise.judge(written, np.random.default_rng(0))
    assert verdict.message.startswith("Nearly.")
    assert f" goes on after {int(259500 / np.log(10)) / 100}," in verdict.message


@np.errstate(all="ignore")
def test_a_mistake_that_gives_infinities_fits_no_other_numbers():
    exercise = exercises.chapter(9).to_decibels.exercise
    for answer in (
        lambda power, floor: np.maximum(10 * np.log10(power.max() / power), floor),
        lambda power, floor: np.where(power > 0, 3.0, -np.inf),
    ):
        verdict = exercise.judge(answer, np.random.default_rng(0))
        assert (verdict.status, verdict.mistake) == ("nonfinite", ""), verdict


def test_levels_above_the_largest_are_told_that_the_bands_are_softer():
    exercise = exercises.chapter(9).in_decibels.exercise
    for seed in range(20):
        a, b = exercise.give(np.random.default_rng(seed))
        verdict = exercise.judge(10 * np.log10(10 ** (a / 10) + 10 ** (b / 10)), np.random.default_rng(seed))
        assert verdict.message.startswith("The bands are softer than the largest power"), verdict


def test_a_rounded_number_of_frames_is_right_for_nobody():
    exercise = exercises.chapter(9).number_of_frames.exercise
    for seed in range(120):
        n, length, hop = exercise.give(np.random.default_rng(seed))
        verdict = exercise.judge(round((n - length) / hop) + 1, np.random.default_rng(seed))
        assert verdict.message.startswith("One frame too many"), verdict
