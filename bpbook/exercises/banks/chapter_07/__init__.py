"""Exercises of chapter 07: tangents forward, adjoints back, and what they cost."""

from . import arrays, cost, forward_mode, order, reverse_mode, tape

EXERCISES = [
    *forward_mode.EXERCISES,
    *reverse_mode.EXERCISES,
    *arrays.EXERCISES,
    *cost.EXERCISES,
    *order.EXERCISES,
    *tape.EXERCISES,
]
