"""Exercises of chapter 17, in the order of the notebook: images, normalisation, sequences, attention."""

from . import attention, images, norms, sequences

EXERCISES = [*images.EXERCISES, *norms.EXERCISES, *sequences.EXERCISES, *attention.EXERCISES]
