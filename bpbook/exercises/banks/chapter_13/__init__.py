"""Exercises of chapter 13: factors, weights at birth, explosions, shortcuts and normalisation."""

from . import birth, cures, explosions, product

EXERCISES = [
    *product.EXERCISES,
    *birth.EXERCISES,
    *explosions.EXERCISES,
    *cures.EXERCISES,
]
