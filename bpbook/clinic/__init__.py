"""The clinic of chapter 16: training programs with a fault that somebody once published, and checks that find it.

A program is made of six parts (`Program`), and a fault is a part exchanged, now and then two. The parts of a healthy
program are the library's own functions. `PATIENTS` are told in the chapter, `WARD` are those of its exercises, and
`CHECKS` are run on any of them.
"""

from .checks import CHECKS, TOLERANCE, Finding, examine
from .patients import PATIENTS, THREE, Patient
from .program import Data, History, Program, mended, program, train
from .ward import COMPLAINTS, WARD

__all__ = [
    "CHECKS",
    "COMPLAINTS",
    "PATIENTS",
    "THREE",
    "TOLERANCE",
    "WARD",
    "Data",
    "Finding",
    "History",
    "Patient",
    "Program",
    "examine",
    "mended",
    "program",
    "train",
]
