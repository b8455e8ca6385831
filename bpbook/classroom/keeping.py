"""Files that are nobody else's business: written whole or not at all, readable by their owner alone."""

import os
import re
import tempfile
import unicodedata
from hashlib import sha256
from pathlib import Path

__all__ = ["keep", "readable", "room", "safe"]

LONGEST = 60
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def room(folder: Path) -> Path:
    """Make a folder that only its owner enters (mode 0700), with those above it, and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def keep(path: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all, also when the power fails.

    A link that stands in its place is replaced, not followed.
    """
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")  # mkstemp makes it with mode 0600
    try:
        with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)


def safe(place: str) -> str:
    """Return a name for the marks of a submission that any file system takes and that tells nobody whose they are.

    >>> safe("Ada Lovelace.ipynb")
    'submission-e170673549d7e4e6'
    """
    return f"submission-{_hash(place)[:16]}"


def readable(name: str) -> str:
    """Return a name that any file system takes and a person can read, different for different names.

    >>> readable("Ada Lovelace")
    'ada-lovelace-76740216'
    >>> readable("../../etc/passwd").count("/")
    0
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST]
    known = bool(words) and not RESERVED.fullmatch(words)
    return f"{words}-{_hash(name)[:8]}" if known else f"student-{_hash(name)[:12]}"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
