"""How loud the noise of a recording is, and what a picture of shares can prove."""

from typing import Any

import numpy as np

from ...bugs.fields.speech import SPEECH
from ...kinds import Choice, Function


def _recorded(rng: np.random.Generator, word: float = 1.0, hiss: float = 0.1, before: int = 12) -> tuple[Any, int, int]:
    """Draw a recording whose word and hiss have these powers, the hiss also under the word."""
    length, after = int(rng.integers(20, 30)), int(rng.integers(8, 16))
    parts = np.split(rng.normal(size=before + length + after), [before, before + length])
    spoken = parts[1] * np.sqrt((word + hiss) / _power(parts[1]))
    alone = np.concatenate([parts[0], parts[2]])
    alone = alone * np.sqrt(hiss / _power(alone))
    return np.concatenate([alone[:before], spoken, alone[before:]]), before, before + length


def _drawn(rng: np.random.Generator) -> tuple[Any, int, int]:
    return _recorded(rng, float(rng.uniform(0.5, 2)), float(rng.choice([0.02, 0.1, 0.3])), int(rng.integers(6, 14)))


def _at_once(rng: np.random.Generator) -> tuple[Any, int, int]:
    """Draw a word that begins with the recording."""
    return _recorded(rng, before=0)


def _to_the_end(rng: np.random.Generator) -> tuple[Any, int, int]:
    """Draw a word that ends with the recording."""
    recording, start, stop = _drawn(rng)
    return recording[:stop], start, stop


def _loud(rng: np.random.Generator) -> tuple[Any, int, int]:
    """Draw a hiss that is louder than the word."""
    return _recorded(rng, word=0.5, hiss=1.5)


def _power(samples: Any) -> Any:
    return np.sum(samples**2) / np.float64(len(samples))  # the mean, which is nan of nothing


def _measured(recording: Any, start: int, stop: int, wrong: str = "") -> Any:
    """Return how far the hiss is below the word, with one thing wrong if asked."""
    powers: dict[str, Any] = {"sums": lambda samples: np.sum(samples**2), "spread": np.var}
    power = powers.get(wrong, _power)
    stop = stop + (wrong == "one more")
    inside, outside = recording[start:stop], np.concatenate([recording[:start], recording[stop:]])
    outside = {"after alone": recording[stop:], "before alone": recording[:start]}.get(wrong, outside)
    if wrong == "all of it":
        inside = recording
    hiss = power(outside)
    if wrong == "both alike":
        hiss = (power(recording[:start]) + power(recording[stop:])) / 2
    word = power(inside) - (0 if wrong == "left in" else hiss)
    if wrong == "amplitudes":
        return 20 * np.log10((np.sqrt(power(inside)) - np.sqrt(hiss)) / np.sqrt(hiss))
    ratio = hiss / word if wrong == "sign" else word / hiss
    if wrong in ("natural", "ratio"):
        return 10 * np.log(ratio) if wrong == "natural" else ratio
    return {"times 1": 1, "times 5": 5, "times 20": 20}.get(wrong, 10) * np.log10(ratio)


def _twin(wrong: str) -> Any:
    return lambda recording, start, stop: _measured(recording, start, stop, wrong)


EXERCISES = [
    Function(
        name="measure_noise",
        points=2,
        arguments=_drawn,
        special=(_at_once, _to_the_end, _loud),
        reference=lambda recording, start, stop: _measured(recording, start, stop),
        mistakes={
            _twin("left in"): SPEECH["noise left in the word"],
            _twin("sign"): SPEECH["noise at the wrong end"],
            _twin("times 5"): SPEECH["power for amplitude"],
            _twin("times 20"): SPEECH["amplitude for power"],
            _twin("natural"): SPEECH["natural logarithm"],
            _twin("sums"): "These are sums of squares. The word and the rest differ in length, so take means.",
            _twin("spread"): "The variance leaves the mean out. The power is the mean of the squares themselves.",
            _twin("after alone"): "The hiss was measured after the word only. It is also alone before the word.",
            _twin("before alone"): "The hiss was measured before the word only. It is also alone after the word.",
            _twin("both alike"): "The mean of two powers counts a short stretch of hiss as much as a long one. Take "
            "one mean over all samples of hiss.",
            _twin("amplitudes"): "You subtracted roots of powers. It is the powers that add up.",
            _twin("ratio"): "That is the ratio of the powers. In decibels it is ten times its logarithm to base ten.",
            _twin("times 1"): "That is in bels. A decibel is a tenth of one.",
            _twin("one more"): "The sample at stop is counted with the word, and it is the first one after it.",
            _twin("all of it"): "The power of the whole recording is no power of the word, which is only part of it.",
        },
        hints=(
            "Measure the power of the hiss where nobody speaks, and the power of what you hear while somebody does.",
            "Under the word the hiss goes on. Take its power away, and what is left is the power of the word.",
            "The answer is ten times the logarithm, to base ten, of the word's power over that of the hiss.",
        ),
    ),
    Choice(
        name="what_wiping_shows",
        right="b",
        options={
            "a": "They hardly matter, whichever seven they come from. This tests the order of the map, not its owner.",
            "b": "Right. In the chapter's network the map of another seven spoils nearly as many answers as its own, "
            "so such a map shows what matters in sevens.",
            "c": "This makes the comparison with chance surer. Whether it has to be this seven is not asked.",
            "d": "This asks whether two networks listen alike. Both could listen alike to every seven.",
        },
        hints=(
            "The claim is that the map belongs to one recording. Which map would do as well if that were false?",
            "Exchange what the claim says cannot be exchanged, and leave everything else as it is.",
            "Use the map of a recording on another recording of the same digit and voice.",
        ),
    ),
]
