"""Exercises of chapter 07: tangents forward, adjoints back, and what they cost."""

from . import arrays, cost, forward_mode, reverse_mode, rounds, tape

EXERCISES = [
    *forward_mode.EXERCISES,
    *reverse_mode.EXERCISES,
    *arrays.EXERCISES,
    *cost.EXERCISES,
    *rounds.EXERCISES,
    *tape.EXERCISES,
]
