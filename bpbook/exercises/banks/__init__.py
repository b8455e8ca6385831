"""The exercises of each chapter: `chapter_NN.EXERCISES`, in the order of its notebook."""

import pkgutil

__all__ = ["NUMBERS"]

NUMBERS = sorted(int(bank.name[-2:]) for bank in pkgutil.iter_modules(__path__))
"""The chapters that have exercises."""
