"""An experiment of chapter 17: a query that looks at four keys."""

from .attention import attention

__all__ = ["attention"]
