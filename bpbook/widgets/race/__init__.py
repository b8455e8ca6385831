"""The optimizer race: several optimizers on one surface, step by step."""

from .race import race
from .surfaces import SURFACES

__all__ = ["SURFACES", "race"]
