"""How the C library handles the memory of large arrays."""

import numpy as np

__all__ = ["keep_freed_arrays"]


def keep_freed_arrays() -> None:
    """Let the C library of Linux keep the memory of freed arrays instead of handing it back page by page.

    Each training step frees the arrays of the step before and allocates the same sizes again. Without this call a step
    of 20 layers of 128 units took twice as long. Once glibc has seen one large array go, it raises the size from which
    on it returns memory to the system (`M_MMAP_THRESHOLD` in mallopt(3)), so one array made and dropped is enough.
    Elsewhere it has no effect.
    """
    np.empty(2**24, np.uint8)
