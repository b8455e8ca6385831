"""Exercises of chapter 09: from a sound to a picture, noise, and who may learn from whom."""

from . import noise, pictures, scales, splits

EXERCISES = [
    *scales.EXERCISES,
    *pictures.EXERCISES,
    *noise.EXERCISES,
    *splits.EXERCISES,
]
