"""Exercises of chapter 14: multiply-adds, memory and checkpoints, and several machines."""

from . import machines, memory, work

EXERCISES = [
    *work.EXERCISES,
    *memory.EXERCISES,
    *machines.EXERCISES,
]
