"""Exercises of chapter 17, in the order of the notebook: convolution, pooling, normalisation, sequences, attention."""

from . import attention, convolution, norms, pooling, sequences

EXERCISES = [
    *convolution.EXERCISES,
    *pooling.EXERCISES,
    *norms.EXERCISES,
    *sequences.EXERCISES,
    *attention.EXERCISES,
]
