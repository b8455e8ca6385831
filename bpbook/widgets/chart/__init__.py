"""The experiment of chapter 16: order checks for a patient, and commit yourself to a diagnosis."""

from .chart import patients_chart

__all__ = ["patients_chart"]
