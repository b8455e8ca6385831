"""Frames, decibels and mel: the scales on which a sound becomes a picture."""

import math

import numpy as np

from ...bugs.fields.speech import SPEECH
from ...kinds import Expression, Mistake, Number


def _recording(rng: np.random.Generator) -> tuple[int, int, int]:
    length, hop = int(rng.choice([200, 256, 320, 400])), int(rng.choice([80, 100, 160]))
    return int(rng.integers(3000, 9000)), length, hop


def _two_bands(rng: np.random.Generator) -> tuple[int, int]:
    first = int(rng.integers(4, 20))
    return first, first + int(rng.integers(1, 5))


def _power(band: float) -> float:
    return float(10 ** (-band / 10))


def _ends(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(2, 8)) * 100, int(rng.integers(20, 38)) * 100


def _mel(f: float) -> float:
    return 2595 * math.log10(1 + f / 700)


def _hertz(m: float) -> float:
    return float(700 * (10 ** (m / 2595) - 1))


TOO_MANY = Mistake("one frame too many", "One frame too many: it does not fit any more.")
ROUNDED = Mistake("rounded", "Nearly. 2595 / ln 10 goes on after 1126.99, so leave it as a fraction.")
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
            lambda n, length, hop: round((n - length) / hop) + 1: TOO_MANY,
            lambda n, length, hop: -(-n // hop): "These are all the places where a frame could start. Not every one "
            "of them leaves room for a whole frame.",
            lambda n, length, hop: (n - length) // hop + 2: TOO_MANY,
        },
        hints=(
            "The first frame starts at sample 0. Where does the last one start that still fits?",
            "It starts at most `length` samples before the end, and at a multiple of `hop`.",
            "Count the steps of `hop` samples that fit into what is left of n, and do not forget the first frame.",
        ),
    ),
    Number(
        name="in_decibels",
        given=_two_bands,
        expected=lambda a, b: 10 * math.log10(_power(a) + _power(b)),
        mistakes={
            lambda a, b: -(a + b): "Adding decibels multiplies the powers. Here the powers themselves are added.",
            lambda a, b: -(a + b) / 2: "The middle is softer than the louder of the two. A sum is louder than both.",
            lambda a, b: 20 * math.log10(10 ** (-a / 20) + 10 ** (-b / 20)): "This adds amplitudes. The band holds the "
            "sum of the powers, and for those it takes 10.",
            lambda a, b: 10 * math.log(_power(a) + _power(b)): SPEECH["natural logarithm"],
            lambda a, b: math.log10(_power(a) + _power(b)): "That is in bels. A decibel is a tenth of one.",
            lambda a, b: 20 * math.log10(_power(a) + _power(b)): SPEECH["amplitude for power"],
            lambda a, b: (
                10 * math.log10(1 / _power(a) + 1 / _power(b))
            ): "The bands are softer than the largest power, so their decibels are -a and -b.",
            lambda a, b: -10 * math.log10(_power(a) + _power(b)): "It is softer than the largest, so the number is "
            "negative.",
            lambda a, b: _power(a) + _power(b): SPEECH["no logarithm"],
            lambda a, b: 10 * math.log10((_power(a) + _power(b)) / 2): "That is the mean of the two powers. The band "
            "holds their sum.",
            lambda a, b: -min(a, b): "That is the louder band alone. The softer one adds something.",
        },
        hints=(
            "Decibels cannot be added up, powers can. What share of the largest power is each band?",
            "A band that lies 10 decibels below the largest holds a tenth of its power.",
            "Turn `a` and `b` into powers, 10 to the power -a/10 and so on, add these, and go back to decibels.",
        ),
    ),
    Number(
        name="middle_pitch",
        given=_ends,
        expected=lambda low, high: _hertz((_mel(low) + _mel(high)) / 2),
        mistakes={
            lambda low, high: (low + high) / 2: "That is halfway in hertz. To the ear the lower half of it is longer.",
            lambda low, high: (_mel(low) + _mel(high)) / 2: "That is the pitch in mel. Which frequency has it?",
            lambda low, high: math.sqrt(low * high): "That is halfway in octaves. The mel scale adds 1 to f / 700 "
            "before it takes the logarithm.",
            lambda low, high: math.sqrt((700 + low) * (700 + high)): "Nearly: the 700 is still in it.",
            lambda low, high: _hertz((_mel(high) - _mel(low)) / 2): "That is half of the way, counted from 0. It "
            "starts at the pitch of `low`.",
            lambda low, high: _hertz(_mel(low) + _mel(high)): "That is the pitch of both together. Halve it first.",
        },
        hints=(
            "Go to mel, take the middle there, and come back.",
            "To come back, solve m = 2595 log10(1 + f / 700) for f.",
            "f is 700 times (10 to the power m / 2595, minus 1), where m is the mean of the two pitches.",
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
            "1127 / (700 + f)": ROUNDED,
            "1126.99 / (700 + f)": ROUNDED,
            "1126.994 / (700 + f)": ROUNDED,
            "1126.9942 / (700 + f)": ROUNDED,
            "1127.01 / (700 + f)": ROUNDED,
            "1127.0104 / (700 + f)": ROUNDED,
            "1127.01048 / (700 + f)": ROUNDED,
            "2595 / (log(10) * f)": "The one inside the logarithm is lost: it stays, added to f / 700.",
            "2595 * log(1 + f / 700) / log(10)": "That is the pitch itself. You are asked how fast it rises.",
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
