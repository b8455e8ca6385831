"""What `bpbook site` does."""

import sys
from pathlib import Path

from . import build
from .serving import serve

__all__ = ["site"]


def site(book: Path, target: Path, serving: bool) -> int:
    """Build the book's pages into a folder, and show them if asked; return 1 when a link leads nowhere."""
    if missing := build.missing():
        raise SystemExit(
            f"bpbook: site needs {', '.join(missing)}. Install the extra: python -m pip install 'bpbook[site]', or in "
            "a clone python -m pip install -c constraints.txt -e '.[site]'."
        )
    print(f"Building the pages into {target}; this takes a minute or two.", flush=True)
    try:
        said = build.build(book, target)
    except ValueError as reason:
        raise SystemExit(f"bpbook: {reason}") from None
    for line in said:
        print(line, file=sys.stderr)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target} holds the book, {size / 1e6:.0f} MB. Put the folder on any web server.")
    if serving:
        serve(target)
    return 1 if said else 0
