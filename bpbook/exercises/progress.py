"""A reader's name and marks, in one small file that a person can read."""

import json
import os
import zlib
from pathlib import Path
from typing import Any

__all__ = ["read", "record", "seed_of_name", "seed_of_reader", "write"]


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
        marks = {chapter: {name: float(mark) for name, mark in of.items()} for chapter, of in kept["marks"].items()}
        return {"name": str(kept["name"]), "marks": marks}
    except FileNotFoundError:
        return {"name": "", "marks": {}}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(
            f"{_path().name} must hold your marks as JSON, but is damaged ({error}). Move it aside."
        ) from None


def write(kept: dict[str, Any]) -> None:
    """Write the file whole or not at all, also when the power fails."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    part = _path().with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, _path())
    finally:
        part.unlink(missing_ok=True)


def record(chapter: int, name: str, points: float) -> None:
    """Keep the best mark of an exercise."""
    kept = read()
    marks = kept["marks"].setdefault(f"{chapter:02}", {})
    if points > marks.get(name, -1.0):
        marks[name] = points
        write(kept)


def seed_of_name(reader: str) -> int:
    """Return the seed that a name gives: 0 for no name; capitals and spaces around it do not matter."""
    reader = reader.strip().lower()
    return zlib.crc32(reader.encode(errors="replace")) if reader else 0


def seed_of_reader(chapter: int, name: str, seed: int | None = None) -> list[int]:
    """Return the seed of the numbers of one exercise: that of the reader's name, 0 for none, or the one given."""
    if seed is None:
        try:
            reader = read()["name"]
        except (ValueError, OSError):
            reader = ""
        seed = seed_of_name(reader)
    return [seed, chapter, zlib.crc32(name.encode())]
