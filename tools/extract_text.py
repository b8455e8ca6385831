"""Write the shipped story from the file that comes with a speech synthesiser: run by hand, never by a reader.

    apt-get install flite    (Debian 12: 2.2-5)
    python tools/extract_text.py /usr/share/doc/flite/examples/alice

The file holds the first two chapters. Written is one paragraph a line, without headings and rows of stars.
"""

import hashlib
import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "bpbook" / "datasets" / "data"
HEADINGS = ("ALICE'S ADVENTURES", "CHAPTER I", "The Pool of Tears")


def story(text):
    """Return the paragraphs, one a line, and check that the story begins and ends where it should."""
    paragraphs = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text.replace("*", ""))]
    kept = [p for p in paragraphs if p and not p.startswith(HEADINGS)]
    if not kept[0].startswith("Alice was beginning") or not kept[-1].endswith("swam to the shore."):
        raise ValueError(f"the first two chapters must be there; got {kept[0][:30]!r} to {kept[-1][-30:]!r}.")
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    text = story(Path(sys.argv[1]).read_text(encoding="ascii"))
    (DATA / "alice.txt").write_text(text, encoding="ascii", newline="\n")
    print("alice.txt", len(text), "bytes, sha256", hashlib.sha256(text.encode()).hexdigest())
