"""Exercises of chapter 00: how the book works."""

from ..kinds import Choice, Number

EXERCISES = [
    Number(
        name="first_answer",
        given=lambda rng: (int(rng.integers(11, 50)), int(rng.integers(51, 90))),
        expected=lambda a, b: a + b,
        ratios={-1: "The size is right, the sign is not."},
        hints=(
            "The two numbers are in `a` and `b`.",
            "The exercise asks for their sum.",
            "Write an expression with `a`, `b` and a plus sign.",
        ),
    ),
    Choice(
        name="what_is_blank",
        right="b",
        options={
            "a": "A wrong answer is told what is wrong with it. Is an empty one wrong?",
            "b": "Right. A blank costs nothing; come back to it when you like.",
            "c": "Nothing is hidden from you, but the check does say something. Run it on a blank answer and read.",
        },
        hints=(
            "Put the three dots back and run the check.",
            "Look at the sign in front of the message: ✓, ✗ or ○.",
            "The message of a blank answer speaks of the three dots, not of a mistake.",
        ),
    ),
]
