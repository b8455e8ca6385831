"""Exercises of chapter 15: steps at the edge, curvature, saddles counted, plateaus, slices, and ways out."""

from . import curvature, edge, roads, slices, stairs

EXERCISES = [*edge.EXERCISES, *curvature.EXERCISES, *stairs.EXERCISES, *slices.EXERCISES, *roads.EXERCISES]
