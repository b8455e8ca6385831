"""What an assignment is: which exercises, for how many points, and the secret that its probes are drawn from."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .keeping import keep

__all__ = ["SCHEMA", "Assignment", "Item", "read", "write"]

SCHEMA = 1


@dataclass(frozen=True)
class Item:
    """One exercise of an assignment.

    Attributes
    ----------
    chapter : str
        Two digits, as "04".
    name : str
    points : float
        What it earns when it is right.
    """

    chapter: str
    name: str
    points: float


@dataclass(frozen=True)
class Assignment:
    """What the teacher keeps, and students never see.

    Attributes
    ----------
    name : str
    chapters : tuple of str
    exercises : tuple of Item
        In the order of the notebook; no two have one name.
    due : str or None
        A date, or a date and time, in ISO 8601.
    secret : str
        32 random bytes in hexadecimal: probes are drawn from them when answers are graded.
    bpbook : str
        The version that released it.
    """

    name: str
    chapters: tuple[str, ...]
    exercises: tuple[Item, ...]
    due: str | None
    secret: str
    bpbook: str

    @property
    def points(self) -> float:
        """Of all exercises together."""
        return math.fsum(item.points for item in self.exercises)


def write(assignment: Assignment, path: Path) -> None:
    """Write an assignment as JSON of mode 0600."""
    keep(path, json.dumps({"schema": SCHEMA} | asdict(assignment), indent=1, ensure_ascii=False) + "\n")


def read(path: Path) -> Assignment:
    """Return the assignment that a file describes.

    Raises
    ------
    ValueError
        There is no such file, or it does not describe an assignment of this schema.
    """
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if kept["schema"] != SCHEMA:
            raise ValueError(f"its schema is {kept['schema']!r}, this bpbook reads {SCHEMA}")
        items = tuple(Item(str(of["chapter"]), str(of["name"]), float(of["points"])) for of in kept["exercises"])
        secret = bytes.fromhex(kept["secret"]).hex()
        due = None if kept["due"] is None else str(kept["due"])
        chapters = tuple(str(chapter) for chapter in kept["chapters"])
        return Assignment(str(kept["name"]), chapters, items, due, secret, str(kept["bpbook"]))
    except OSError as error:
        raise ValueError(
            f"the assignment must be a file that `bpbook release` wrote; {path} cannot be read ({error.strerror}). "
            "Name it with --assignment."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"the assignment must be a file that `bpbook release` wrote; {path} is not ({error!r}). "
            "Take it from the folder of the release."
        ) from None
