"""A reader's name and marks, in one small file that a person can read."""

import json
import os
import zlib
from pathlib import Path
from typing import Any

__all__ = ["read", "record", "seed_of_reader", "write"]


def _path() -> Path:
    return Path(os.environ.get("BPBOOK_HOME") or ".") / "progress.json"


def read() -> dict[str, Any]:
    """Return {"name": ..., "marks": {chapter: {exercise: points}}}; empty when nothing was kept yet.

    Raises
    ------
    ValueError
        The file is damaged; it is left as it is.
    """
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"name": "", "marks": {}}
    except ValueError as error:
        raise ValueError(
            f"{_path().name} must hold your marks as JSON, but is damaged ({error}). Move it aside."
        ) from None
    return {"name": str(kept.get("name", "")), "marks": dict(kept.get("marks", {}))}


def write(kept: dict[str, Any]) -> None:
    """Write the file whole or not at all."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    part = _path().with_suffix(".part")
    part.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, _path())


def record(chapter: int, name: str, points: float) -> None:
    """Keep the best mark of an exercise."""
    kept = read()
    marks = kept["marks"].setdefault(f"{chapter:02}", {})
    if points > marks.get(name, -1.0):
        marks[name] = points
        write(kept)


def seed_of_reader(chapter: int, name: str) -> list[int]:
    """Return the seed of a reader's numbers for one exercise: the same for one name, 0 for none."""
    reader = read()["name"].strip().lower()
    return [zlib.crc32(reader.encode()) if reader else 0, chapter, zlib.crc32(name.encode())]
