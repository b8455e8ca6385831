"""Chapter 12's world: roads, a camera over them, cars on them, and who steers.

>>> from bpbook import driving
>>> print(driving.drive(driving.expert, [driving.winding(radius=30, seed=k) for k in range(3)]))
3 of 3 finished, median 400 m
"""

from .camera import COLUMNS, GROUND, ROWS, contrast, moved, seen
from .car import Cars
from .driver import ARCS, LOOKAHEAD, Driver, Trip, corrected, drive, expert, hill, record, sighted, steering
from .road import HALF_WIDTH, Road, winding

__all__ = [
    "ARCS", "COLUMNS", "GROUND", "HALF_WIDTH", "LOOKAHEAD", "ROWS", "Cars", "Driver", "Road", "Trip", "contrast",
    "corrected", "drive", "expert", "hill", "moved", "record", "seen", "sighted", "steering", "winding",
]  # fmt: skip
