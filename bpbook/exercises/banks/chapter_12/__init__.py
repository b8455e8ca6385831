"""Exercises of chapter 12: labels of views, hills, equal steps, and what a drive can show."""

from . import hills, pixels, roads, views

EXERCISES = [*roads.FIRST, *hills.EXERCISES, *views.EXERCISES, *roads.EXERCISES, *pixels.EXERCISES]
