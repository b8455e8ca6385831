"""Noise at a given level, and what a picture of shares can prove."""

from typing import Any

import numpy as np

from ...bugs.fields.speech import SPEECH
from ...kinds import Choice, Function


def _room(rng: np.random.Generator) -> tuple[Any, Any, float]:
    samples = rng.normal(size=40) * float(rng.uniform(0.1, 0.5))
    noise = rng.normal(size=40) * float(rng.uniform(0.5, 3))
    return samples, noise, float(rng.choice([3.0, 5.0, 15.0, 25.0]))


def _louder(rng: np.random.Generator) -> tuple[Any, Any, float]:
    samples, noise, _ = _room(rng)
    return samples, noise, -6.0


def _power(samples: Any) -> Any:
    return np.mean(samples**2)


def _noisy(samples: Any, noise: Any, snr: float, wrong: str = "") -> Any:
    """Add noise, with one thing wrong if asked."""
    snr = -snr if wrong == "sign" else snr
    factor = 10 ** (-snr / (10 if wrong == "power" else 20))
    if wrong == "peaks":
        return samples + factor * np.abs(samples).max() / np.abs(noise).max() * noise
    if wrong == "as it came":
        return samples + factor * np.sqrt(_power(samples)) * noise
    if wrong == "no signal":
        return samples + factor / np.sqrt(_power(noise)) * noise
    if wrong == "powers":
        return samples + factor * _power(samples) / _power(noise) * noise
    strength = factor * np.sqrt(_power(samples) / _power(noise))
    return strength * noise if wrong == "noise alone" else samples + strength * noise


def _twin(wrong: str) -> Any:
    return lambda samples, noise, snr: _noisy(samples, noise, snr, wrong)


EXERCISES = [
    Function(
        name="add_noise",
        points=2,
        arguments=_room,
        special=(_louder,),
        reference=lambda samples, noise, snr: _noisy(samples, noise, snr),
        mistakes={
            _twin("sign"): SPEECH["noise at the wrong end"],
            _twin("power"): SPEECH["power for amplitude"],
            _twin("as it came"): SPEECH["noise as it came"],
            _twin("no signal"): "The noise does not follow the level of the word: a soft word drowns in it.",
            lambda samples, noise, snr: (
                samples + 10 ** (-snr / 20) * samples.std() / noise.std() * noise
            ): "The standard deviation leaves the mean out. The power is the mean of the squares themselves.",
            _twin("peaks"): "This compares the largest samples. The power is a mean over all of them.",
            _twin("powers"): "This scales samples by a ratio of powers. Amplitudes go with its root.",
            _twin("noise alone"): "The noise is at the right level, and the word is gone.",
            lambda samples, noise, snr: samples + noise: "The noise is added as it is, whatever snr says.",
        },
        hints=(
            "First bring the noise to the power of the word, then make it softer.",
            "Power is the mean of the squared samples. A factor on the samples acts on the power squared.",
            "snr decibels are a factor of ten to the power snr over 10 in power. The samples take its root.",
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
