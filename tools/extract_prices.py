"""Write the shipped prices of the S&P 500 from a wheel that holds them: run by hand, never by a reader.

    python -m pip download --no-deps arch==8.0.0
    python tools/extract_prices.py arch-8.0.0-*.whl

The package is no dependency, because it brings pandas and statsmodels along for one file. What is written here is
committed byte for byte.
"""

import csv
import gzip
import hashlib
import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "bpbook" / "datasets" / "data"


def extract(table):
    """Return the dates, and high, low and close in whole cents, of a CSV file; check that it is what it was."""
    rows = list(csv.DictReader(io.StringIO(table)))
    date = np.array([datetime.strptime(row["Date"], "%m/%d/%Y").date() for row in rows], dtype="datetime64[D]")
    prices = [np.array([float(row[name]) for row in rows]) for name in ("High", "Low", "Close")]
    high, low, close = cents = [np.rint(100 * price).astype(np.int32) for price in prices]
    if max(np.abs(100 * price - whole).max() for price, whole in zip(prices, cents, strict=True)) > 0.02:
        raise ValueError("prices must be whole cents, but for the rounding of single precision.")
    if len(date) != 5031 or not np.all((low <= close) & (close <= high) & (low < high)):
        raise ValueError("there must be 5,031 days, each with its close between its low and its high.")
    return date, high, low, close


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        table = gzip.decompress(wheel.read("arch/data/sp500/sp500.csv.gz")).decode()
    date, high, low, close = extract(table)
    np.savez_compressed(DATA / "sp500.npz", date=date.astype(np.int64), high=high, low=low, close=close)
    written = (DATA / "sp500.npz").read_bytes()
    print("sp500.npz", len(written), "bytes, sha256", hashlib.sha256(written).hexdigest())
