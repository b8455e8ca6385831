"""Exercises of chapter 06: batches, optimizers, schedules, weight decay, and how to read what training shows."""

from . import adam, batches, clipping, momentum, overfitting, rmsprop, schedules, valley

EXERCISES = [
    *batches.EXERCISES,
    *valley.EXERCISES,
    *momentum.EXERCISES,
    *rmsprop.EXERCISES,
    *adam.EXERCISES,
    *clipping.EXERCISES,
    *schedules.EXERCISES,
    *overfitting.EXERCISES,
]
