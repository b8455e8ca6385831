"""Exercises of chapter 16: numbers that betray a fault, diagnoses of programs without a name, and repairs."""

from . import numbers, repairs, ward

EXERCISES = [*numbers.EXERCISES, *ward.EXERCISES, *repairs.EXERCISES]
