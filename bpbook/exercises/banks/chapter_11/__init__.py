"""Exercises of chapter 11: rates, prevalence, thresholds, temperature, and who may learn from whom."""

from . import calibration, elsewhere, folds, prevalence, rates, thresholds

EXERCISES = [
    *rates.EXERCISES,
    *thresholds.EXERCISES,
    *calibration.EXERCISES,
    *folds.EXERCISES,
    *elsewhere.EXERCISES,
    *prevalence.EXERCISES,
]
