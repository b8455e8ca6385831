"""Classic papers, done again over many seeds: one module for each, and what it found beside what the paper says.

A paper from 1986 trained a network once or a few times and printed a number. `stack` trains hundreds of such networks
at once, so that the number can be seen among all those that it might have been. Each module states its paper's
results as `CLAIMS`, and appendix B prints all of them. A new module that has `CLAIMS` is found without being listed.
"""

import importlib
import json
import pkgutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .claims import Claim

__all__ = ["MEASURED", "Claim", "gather", "measured"]

MEASURED = Path(__file__).with_name("measured.json")
"""What every claim measured, one number a seed: written by notebooks/reproductions.py, and by nothing else."""


def gather() -> dict[str, Claim]:
    """Return every claim of every module of this folder, by "module.name", modules in the order of the alphabet.

    Raises
    ------
    ValueError
        Two claims of one module bear the same name.

    >>> all(isinstance(claim, Claim) for claim in gather().values())
    True
    """
    found: dict[str, Claim] = {}
    for place in sorted(pkgutil.iter_modules(__path__), key=lambda place: place.name):
        module = importlib.import_module(f"{__name__}.{place.name}")
        for claim in getattr(module, "CLAIMS", ()):
            name = f"{place.name}.{claim.name}"
            if name in found:
                raise ValueError(f"claims must have names of their own; got {name} twice. Rename one of the two.")
            found[name] = claim
    return found


def measured() -> dict[str, NDArray[np.float64]]:
    """Return what was measured for each claim, by its name in `gather`: one number a seed, from seed 0 on.

    >>> measured()["symmetry.sweeps"].shape
    (500,)
    """
    stored = json.loads(MEASURED.read_text(encoding="utf-8"))
    return {name: np.array(numbers, dtype=np.float64) for name, numbers in stored.items()}
