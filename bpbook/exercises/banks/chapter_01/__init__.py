"""Exercises of chapter 01: the four steps, and what backpropagation is."""

from . import four_steps, images

EXERCISES = [*four_steps.EXERCISES, *images.EXERCISES]
