"""Daily prices: twenty years of the S&P 500, a reader's own series, and what a forecaster makes of either.

>>> from bpbook.datasets import market
>>> days = market.days(market.sp500())
>>> days.r.shape == days.v.shape == days.date.shape == (5030,)
True
"""

import csv
import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import checks

__all__ = ["COLUMNS", "Days", "Prices", "days", "prices", "read", "sp500", "volatility_inputs"]

Array = NDArray[np.float64]
COLUMNS = ("date", "high", "low", "close")
"""The columns that `read` looks for, in any order and case. Others are ignored."""
MONTH = 22  # trading days
_FEWEST = 500  # days: about a year to learn from and a year to be tested on
_LONGEST_BREAK = 14  # days of the calendar: stock exchanges close for up to eleven, at the Chinese new year


class Prices(NamedTuple):
    """The prices of m trading days in their order.

    Attributes
    ----------
    date : array of shape (m,), of dtype datetime64[D]
    high, low, close : arrays of shape (m,)
        Highest and lowest price of the day, and its last.
    """

    date: NDArray[np.datetime64]
    high: Array
    low: Array
    close: Array

    def __repr__(self) -> str:
        """Say from when to when, and between which prices."""
        span = f"{self.date[0]} to {self.date[-1]}"
        return f"{len(self.date)} trading days, {span}, prices {self.low.min():g} to {self.high.max():g}"


class Days(NamedTuple):
    """What happened on m trading days, known when the day is over.

    Attributes
    ----------
    date : array of shape (m,), of dtype datetime64[D]
    r : array of shape (m,)
        Log return from the close of the day before to this day's close: 0.01 is about one per cent.
    v : array of shape (m,)
        Logarithm of the day's variance, read from its range as Parkinson proposed. e^(v/2) is a standard deviation
        of log prices, so 0.01 of it is about one per cent a day.
    """

    date: NDArray[np.datetime64]
    r: Array
    v: Array

    def __repr__(self) -> str:
        """Say from when to when, and how large the moves were."""
        span = f"{self.date[0]} to {self.date[-1]}"
        return f"{len(self.r)} days, {span}, returns {self.r.min():+.3f} to {self.r.max():+.3f}"


def sp500() -> Prices:
    """Return the S&P 500 index on 5,031 days, 4 January 1999 to 31 December 2018.

    References
    ----------
    Taken from the package arch 8.0.0 (K. Sheppard), whose documentation says that the prices come from Yahoo! Finance.
    `data/LICENCES.md` says what we know about that, and what we do not.

    >>> sp500()
    5031 trading days, 1999-01-04 to 2018-12-31, prices 666.79 to 2940.91
    """
    with np.load(Path(__file__).parent / "data" / "sp500.npz") as file:
        date = file["date"].astype("datetime64[D]")
        return Prices(date, *(file[name] / 100 for name in COLUMNS[1:]))


def prices(date: ArrayLike, high: ArrayLike, low: ArrayLike, close: ArrayLike) -> Prices:
    """Return a series of your own, once it has been looked through. Nothing is mended, filled in or left out.

    Parameters
    ----------
    date : array of shape (m,)
        Trading days from the oldest to the newest, at least 500, as datetime64 or as text like "2018-12-31".
    high, low, close : arrays of shape (m,)
        In any currency. If one of them is adjusted for splits and dividends, all must be.

    Raises
    ------
    ValueError
        The series has a repeated date, unordered dates, a gap, a missing price or one that is not above zero, a close
        outside its day's range, a day without a range, is not daily or is too short, or the lengths differ.
    TypeError
        The dates are no dates, or the prices no numbers.
    """
    when = np.asarray(date)
    if when.dtype.kind == "O":  # a day is what the calendar showed at the exchange, which may be another one in UTC
        days = [None if day != day else day.date() if getattr(day, "tzinfo", None) else day for day in when.flat]
        when = np.array(days).reshape(when.shape)
    try:
        if when.dtype.kind in "biufc":  # numbers would be taken for days since 1970
            raise TypeError
        when = when.astype("datetime64[D]")
    except (ValueError, TypeError):
        raise TypeError(
            f"date must hold dates; got {checks.shown(date)}. Write them like 2018-12-31, as text or datetime64."
        ) from None
    values = [
        checks.numeric(name, value).astype(float) for name, value in zip(COLUMNS[1:], (high, low, close), strict=True)
    ]
    for name, value in zip(COLUMNS, (when, *values), strict=True):
        if value.ndim != 1 or len(value) != len(when):
            raise ValueError(
                f"{name} must have shape (m,), one entry for each trading day; got {value.shape} beside dates of shape "
                f"{when.shape}. Pass one column of your table, such as table[:, 3]."
            )
    _check_dates(when)
    _check_prices(when, *values)
    return Prices(when, *values)


def _check_dates(date: NDArray[np.datetime64]) -> None:
    """Raise an error unless the dates rise day by day, without gaps, for long enough."""
    if np.isnat(date).any():
        raise ValueError(f"date must be there in each row; got none at index {int(np.isnat(date).argmax())}.")
    if len(date) < _FEWEST:
        raise ValueError(
            f"date must have at least {_FEWEST} trading days, a year to learn from and a year to be tested on; "
            f"got {len(date)}. Take a longer series."
        )
    step = np.diff(date).astype(int)
    if (step < 0).all():
        raise ValueError(
            f"date must run from the oldest to the newest; got {date[0]} first and {date[-1]} last. "
            "Turn each column round: close[::-1]."
        )
    if (step < 0).any():
        at = int((step < 0).argmax())
        raise ValueError(
            f"date must run from the oldest to the newest; got {date[at + 1]} after {date[at]}. "
            "Sort each column by date: close[np.argsort(date)]."
        )
    if (step == 0).any():
        at = date[int((step == 0).argmax())]
        raise ValueError(
            f"date must name each day once; got {at} twice. Look which of the two rows is right: where both agree, "
            "keep = np.unique(date, return_index=True)[1] leaves one, as in close[keep]."
        )
    if np.median(step) > 3:
        raise ValueError(
            f"date must be daily; got rows that are {np.median(step):g} days apart. Take the daily series."
        )
    if step.max() > _LONGEST_BREAK:
        at = int(step.argmax())
        raise ValueError(
            f"date must have no gap of more than {_LONGEST_BREAK} days; got {date[at + 1]} after {date[at]}. "
            f"Fill in the days between, or take one side: close[date > np.datetime64('{date[at]}')]."
        )


def _check_prices(date: NDArray[np.datetime64], high: Array, low: Array, close: Array) -> None:
    """Raise an error unless each day has a range of positive prices with its close inside."""
    for name, price in zip(COLUMNS[1:], (high, low, close), strict=True):
        for wrong, what, keep in (
            (~np.isfinite(price), "be there on each day", f"np.isfinite({name})"),
            (price <= 0, "be above zero", f"{name} > 0"),
        ):
            if wrong.any():
                at = int(wrong.argmax())
                raise ValueError(
                    f"{name} must {what}; got {price[at]:g} on {date[at]}, and {wrong.sum()} such days in all. "
                    f"Look them up, or leave them out of all four: keep = {keep}, then {name}[keep]."
                )
    outside = (close < low * (1 - 1e-6)) | (close > high * (1 + 1e-6))
    if outside.any():
        at = int(outside.argmax())
        raise ValueError(
            f"close must lie between low and high; got {close[at]:g} outside {low[at]:g} to {high[at]:g} on "
            f"{date[at]}, and {outside.sum()} such days in all. If close is adjusted for "
            "dividends, adjust all three, or leave those days out of all four: keep = (low <= close) & (close <= high)."
        )
    flat = high <= low
    if flat.any():
        at = int(flat.argmax())
        raise ValueError(
            f"high must be above low, or the day has no range; got {high[at]:g} for both on {date[at]}, "
            f"and {flat.sum()} such days in all. Leave them out of all four: keep = high > low, then close[keep]."
        )


def read(path: str | Path, dates: str | None = None) -> Prices:
    """Return the prices of a CSV file with columns date, high, low and close, as many sites export it.

    A file that runs from the newest day to the oldest is turned round.

    Parameters
    ----------
    path : str or Path
    dates : str, optional
        How the file writes a date, if not like 2018-12-31: "%m/%d/%Y" stands for 12/31/2018, "%d.%m.%Y" for
        31.12.2018.

    Raises
    ------
    ValueError
        The file cannot be read, lacks a column, has a cell that is empty or no number, or `prices` refuses the series.
    TypeError
        path is no name of a file, or dates is no text.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path must be the name of a CSV file; got {checks.shown(path)}.")
    if not isinstance(dates, str | None):
        raise TypeError(f'dates must be text such as "%m/%d/%Y"; got {checks.shown(dates)}.')
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
    except OSError as problem:
        raise ValueError(f"path must be a file that can be read; got {path}: {problem.strerror}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"path must be a CSV file, which is text; got {path}. Export the prices as CSV.") from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise ValueError(
            f"{path} must begin with a line that names the columns date, high, low, close, separated by commas; "
            f"got no {missing[0]} in {checks.shown(', '.join(rows[0]) if rows else '')}. Put such a line at the top."
        )
    place = [header.index(name) for name in COLUMNS]
    columns: tuple[list[Any], ...] = ([], [], [], [])
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [row[k].strip() if k < len(row) else "" for k in place]
        columns[0].append(_date(cells[0], dates, f"{path}, line {line}"))
        for column, name, cell in zip(columns[1:], COLUMNS[1:], cells[1:], strict=True):
            column.append(_price(cell, f"{path}, line {line}: {name}"))
    date = np.array(columns[0], dtype="datetime64[D]")
    turn = -1 if len(date) > 1 and (np.diff(date).astype(int) < 0).all() else 1
    return prices(date[::turn], *(column[::turn] for column in columns[1:]))


def _date(cell: str, form: str | None, place: str) -> datetime.date:
    try:
        return (datetime.datetime.strptime(cell, form) if form else datetime.datetime.fromisoformat(cell)).date()
    except ValueError:
        raise ValueError(
            f"{place}: date must read like {form or '2018-12-31'}; got {checks.shown(cell)}. "
            'Say how the file writes dates, such as dates="%m/%d/%Y" for 12/31/2018.'
        ) from None


def _price(cell: str, place: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(
            f"{place} must be a number like 1234.5; got {checks.shown(cell)}. "
            "Fill the cell in or take the line out of the file."
        ) from None


def days(prices: Prices) -> Days:
    """Return what each day did, from the second on: its log return, and the logarithm of its variance.

    r_t = ln(close_t / close_{t-1})        v_t = ln((ln(high_t / low_t))^2 / (4 ln 2))

    The range sees the price move only while the market is open. What happens overnight is in r and not in v.

    References
    ----------
    M. Parkinson 1980, "The extreme value method for estimating the variance of the rate of return", Journal of
    Business 53, 61-65.

    >>> typical = np.exp(days(sp500()).v.mean() / 2)
    >>> bool(0.10 < typical * np.sqrt(252) < 0.15)  # a typical day moves as if the year moved by 10 to 15 per cent
    True
    """
    if not isinstance(prices, Prices):
        raise TypeError(
            f"prices must be Prices; got {checks.shown(prices)}. Pass market.prices(date, high, low, close)."
        )
    r = np.diff(np.log(prices.close))
    v = np.log(np.log(prices.high / prices.low) ** 2 / (4 * np.log(2)))
    return Days(prices.date[1:], r, v[1:])


def volatility_inputs(days: Days) -> tuple[Array, Array, NDArray[np.datetime64]]:
    """Return what is known at the end of each day about volatility, and the volatility of the day after.

    Parameters
    ----------
    days : Days

    Returns
    -------
    x : array of shape (m, 7)
        Columns 0 to 2 are Corsi's: v of this day, and its mean over the last 5 and the last 22 days. Columns 3 to 6
        hold returns, in per cent: this day's, its size, and the means over the last 5 and 22 days.
    y : array of shape (m,)
        v of the next day, which no column of x knows.
    date : array of shape (m,)
        The day that y belongs to.

    References
    ----------
    F. Corsi 2009, "A simple approximate long-memory model of realized volatility", Journal of Financial Econometrics
    7, 174-196.

    >>> x, y, date = volatility_inputs(days(sp500()))
    >>> x.shape, str(date[0])
    ((5008, 7), '1999-02-05')
    >>> bool(np.all(x[1:, 0] == y[:-1]))  # what was to be forecast yesterday is known today
    True
    """
    if not isinstance(days, Days):
        raise TypeError(f"days must be Days; got {checks.shown(days)}. Pass market.days(prices).")
    r, v = 100 * days.r, days.v
    x = np.column_stack(
        [
            v[MONTH - 1 :],
            _mean(v, 5),
            _mean(v, MONTH),
            r[MONTH - 1 :],
            abs(r[MONTH - 1 :]),
            _mean(r, 5),
            _mean(r, MONTH),
        ]
    )
    return x[:-1], v[MONTH:], days.date[MONTH:]


def _mean(values: Array, width: int) -> Array:
    """Return the mean of each day and the width - 1 days before it, from the MONTH-th day on."""
    ends = np.lib.stride_tricks.sliding_window_view(values, width).mean(axis=1)
    return np.asarray(ends[MONTH - width :])
