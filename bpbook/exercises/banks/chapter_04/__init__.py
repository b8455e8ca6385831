"""Exercises of chapter 04: the four equations of the backward pass, one at a time and together."""

from . import by_hand, equations, reading, two_layers

EXERCISES = [*by_hand.EXERCISES, *reading.EXERCISES, *equations.EXERCISES, *two_layers.EXERCISES]
