"""Exercises of chapter 15: steps at the edge, curvature, saddles counted, plateaus, slices, and ways out."""

from . import critical, curvature, edge, roads, slices, stairs

EXERCISES = [
    *edge.EXERCISES,
    *curvature.EXERCISES,
    *critical.EXERCISES,
    *stairs.EXERCISES,
    *slices.EXERCISES,
    *roads.EXERCISES,
]
