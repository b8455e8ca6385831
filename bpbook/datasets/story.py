"""A short text to learn to write from."""

from pathlib import Path

__all__ = ["alice"]


def alice() -> str:
    """Return the first two chapters of Alice's Adventures in Wonderland, one paragraph a line.

    Returns
    -------
    str
        22,000 characters of ASCII. A single quotation opens with a backtick and closes with an apostrophe.

    References
    ----------
    L. Carroll 1865, in the public domain; the text of Project Gutenberg as it comes with the speech synthesiser
    flite. `data/LICENCES.md` says how the file was made.

    >>> text = alice()
    >>> text[:50], text.isascii()
    ('Alice was beginning to get very tired of sitting b', True)
    """
    return (Path(__file__).parent / "data" / "alice.txt").read_text(encoding="ascii")
