"""Exercises of chapter 10: what is known when, what to compare with, and what a comparison is worth."""

from . import forecasts, leaks, luck, volatility

EXERCISES = [*volatility.EXERCISES, *leaks.EXERCISES, *luck.EXERCISES, *forecasts.EXERCISES]
