"""Exercises of chapter 18, in the order of the notebook: random feedback, guesses, a fall sent back in time."""

from . import falling, feedback, guesses

EXERCISES = [*feedback.EXERCISES, *guesses.EXERCISES, *falling.EXERCISES]
