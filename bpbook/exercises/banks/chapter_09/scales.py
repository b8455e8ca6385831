"""Frames, decibels and mel: the scales on which a sound becomes a picture."""

import math

import numpy as np

from ...bugs.fields.speech import SPEECH
from ...kinds import Expression, Number


def _recording(rng: np.random.Generator) -> tuple[int, int, int]:
    length, hop = int(rng.choice([200, 256, 320, 400])), int(rng.choice([80, 100, 160]))
    return int(rng.integers(3000, 9000)), length, hop


def _share(rng: np.random.Generator) -> tuple[float]:
    return (float(rng.choice([0.002, 0.004, 0.005, 0.02, 0.03, 0.04, 0.05, 0.2])),)


def _pitch(rng: np.random.Generator) -> tuple[int]:
    return (int(rng.integers(15, 38)) * 100,)


EXERCISES = [
    Number(
        name="number_of_frames",
        given=_recording,
        expected=lambda n, length, hop: (n - length) // hop + 1,
        tolerance=1e-6,
        mistakes={
            lambda n, length, hop: n // hop: "The last of these frames run over the end of the recording.",
            lambda n, length, hop: (n - length) // hop: "The first frame starts at sample 0, before any step is taken.",
            lambda n, length, hop: n // length: "These frames do not overlap. A new one starts every `hop` samples.",
            lambda n, length, hop: (n - length) / hop + 1: "There is no part of a frame: the last must fit whole.",
            lambda n, length, hop: -(-n // hop): "These are all the places where a frame could start. Not every one "
            "of them leaves room for a whole frame.",
            lambda n, length, hop: (n - length) // hop + 2: "One frame too many: it does not fit any more.",
        },
        hints=(
            "The first frame starts at sample 0. Where does the last one start that still fits?",
            "It starts at most `length` samples before the end, and at a multiple of `hop`.",
            "Count the steps of `hop` samples that fit into what is left of n, and do not forget the first frame.",
        ),
    ),
    Number(
        name="in_decibels",
        given=_share,
        expected=lambda share: 10 * math.log10(share),
        mistakes={
            lambda share: 20 * math.log10(share): SPEECH["amplitude for power"],
            lambda share: 10 * math.log(share): SPEECH["natural logarithm"],
            lambda share: math.log10(share): "That is in bels. A decibel is a tenth of one.",
            lambda share: -10 * math.log10(share): "It is softer than the loudest, so the number is negative.",
            lambda share: 10 * share: SPEECH["no logarithm"],
            lambda share: math.log(share): "This is the natural logarithm, and the factor is missing besides.",
        },
        hints=(
            "How many tenfold steps is it below the largest power? That is a logarithm.",
            "The loudest is 0 decibels, and a tenth of its power is 10 decibels less.",
            "Take the logarithm to base ten of `share`, and ten times that.",
        ),
    ),
    Number(
        name="pitch_in_mel",
        given=_pitch,
        expected=lambda f: 2595 * math.log10(1 + f / 700),
        mistakes={
            lambda f: 2595 * math.log(1 + f / 700): "The formula takes the logarithm to base ten.",
            lambda f: 2595 * math.log10(f / 700): "The one inside the logarithm is missing. It makes 0 hertz 0 mel.",
            lambda f: 700 * (10 ** (f / 2595) - 1): "That is the way back, from mel to hertz.",
            lambda f: math.log10(1 + f / 700): "The factor before the logarithm is missing.",
            lambda f: 2595 * (1 + f / 700): "The logarithm is missing.",
            lambda f: float(f): "That is the frequency. At 1,000 hertz the two agree, and here they do not.",
            lambda f: 1127 * math.log10(1 + f / 700): "The factor 1127 belongs to the natural logarithm.",
        },
        hints=(
            "Put f into the formula for mel.",
            "First f / 700 and the one, then the logarithm to base ten.",
            "Multiply the logarithm by 2595. At 1,000 hertz it must come out as 1,000.",
        ),
    ),
    Expression(
        name="mel_slope",
        expected="2595 / (log(10) * (700 + f))",
        variables={"f": (100.0, 3800.0)},
        ratios={
            -1.0: "Pitch rises with frequency, so the slope is positive.",
            math.log(10): "The derivative of a logarithm to base ten has one more factor, as that logarithm is the "
            "natural one divided by ln 10.",
            700.0: "The inner derivative is missing: how does f / 700 change with f?",
            1 / 700: "The inner derivative is in it twice. Simplify the fraction once more.",
        },
        mistakes={
            "2595 / (log(10) * f)": "The one inside the logarithm is lost: it stays, added to f / 700.",
            "2595 * log(1 + f / 700) / log(10)": "That is the pitch itself. Asked is how fast it rises.",
            "2595 / (log(10) * (700 + f)**2)": "The derivative of a logarithm is one over what stands in it, and not "
            "squared.",
            "2595 / (log(10) * (1 + f))": "The 700 is lost on the way. What is one plus f / 700 over 700?",
        },
        hints=(
            "A chain of two links: the logarithm, and what stands in it.",
            "The logarithm to base ten is the natural one divided by `log(10)`. The derivative of the natural one is "
            "one over what stands in it.",
            "What stands in it changes by 1/700 when f changes by one. Multiply, and bring 700 into the bracket.",
        ),
    ),
]
