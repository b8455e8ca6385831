"""Prices: what ships, what a reader brings, and what is known of them on which day."""

import datetime
import importlib.util
from pathlib import Path

import nbformat
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import TimeSeriesSplit

from bpbook.datasets import market
from bpbook.evaluation import diebold_mariano

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "extract_prices.py"
CHAPTER = ROOT / "notebooks" / "10_forecast_a_market.ipynb"


def own(m=600, seed=0):
    """Return the four columns of a made-up series, on weekdays."""
    rng = np.random.default_rng(seed)
    date = np.arange("2010-01-01", "2020-01-01", dtype="datetime64[D]")
    date = date[np.is_busday(date)][:m]
    close = 100 * np.exp(0.01 * rng.normal(size=m).cumsum())
    wide = close * np.exp(0.01 * rng.gamma(2.0, size=(2, m)) * [[1], [-1]])
    return date, wide[0], wide[1], close


def test_the_index_is_what_the_world_remembers():
    p = market.sp500()
    assert len(p.date) == 5031 and np.all(np.diff(p.date).astype(int) > 0)
    assert p.close[p.date == np.datetime64("2009-03-09")] == [676.53]  # the lowest close of the crisis
    r = market.days(p).r
    assert str(market.days(p).date[r.argmin()]) == "2008-10-15" and str(market.days(p).date[r.argmax()]) == "2008-10-13"


def test_the_shipped_series_passes_its_own_examination():
    p = market.sp500()
    again = market.prices(*p)
    assert all(np.array_equal(one, other) for one, other in zip(p, again, strict=True))


def test_days_by_hand():
    date, high, low, close = own()
    high[1], low[1], close[0], close[1] = 110.0, 100.0, 100.0, 105.0
    high[0], low[0] = 101.0, 99.0
    d = market.days(market.prices(date, high, low, close))
    assert d.r[0] == pytest.approx(np.log(1.05)) and d.date[0] == date[1]
    assert d.v[0] == pytest.approx(np.log(np.log(1.1) ** 2 / (4 * np.log(2))))


def test_the_variance_is_that_of_a_walk():
    # many steps a day of a walk with standard deviation 0.01 a day: the mean of Parkinson's variance is 0.0001
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(scale=0.01 / np.sqrt(5000), size=(600, 5000)), axis=1)
    walk = np.exp(np.concatenate([np.zeros((600, 1)), walk], axis=1))
    d = market.days(market.prices(own()[0], walk.max(axis=1), walk.min(axis=1), walk[:, -1]))
    assert np.exp(d.v).mean() == pytest.approx(1e-4, rel=0.1)


def test_inputs_know_the_past_and_nothing_else():
    """Change the world from one day on: what is known before must stay as it was, to the last bit."""
    d = market.days(market.prices(*own()))
    x, y, date = market.volatility_inputs(d)
    for day in (30, 100, 400):
        later = np.arange(len(d.r)) >= day
        changed = d._replace(r=np.where(later, d.r + 0.1, d.r), v=np.where(later, d.v + 1, d.v))
        new_x, new_y, _ = market.volatility_inputs(changed)
        known = date <= d.date[day]  # rows whose answer is that of `day` or earlier: their x ends the day before
        np.testing.assert_array_equal(new_x[known], x[known])
        assert np.all(new_x[~known][0] != x[~known][0])
        np.testing.assert_array_equal(new_y != y, date >= d.date[day])


def of_the_chapter(name):
    """Return a function as the cell of the chapter defines it."""
    sources = [cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells if cell.cell_type == "code"]
    (source,) = (source for source in sources if f"def {name}(" in source)
    names = {"np": np, "sliding_window_view": sliding_window_view}
    exec(source, names)
    return names[name]


def windows(series, late=0):
    """Return ten days in each row; honest ones end on the day before their answer, late ones on the day itself."""
    return sliding_window_view(series, 10)[late : len(series) - 10 + late]


def volatility_inputs(r, v, late=()):
    x = market.volatility_inputs(market.Days(market.days(market.sp500()).date, r, v))[0]
    x[:-1, late] = x[1:, late]
    return x


def long_means(r, v, late=0):
    """Return means that are answered by the 20 days to come; late ones know the first of these."""
    means = [sliding_window_view(s, n).mean(axis=1)[250 - n :] for s in (r, v) for n in (22, 66, 250)]
    return np.column_stack(means)[late : len(r) - 269 + late]


CUT = 3500  # the first day of the test
HONEST = {
    "returns": (lambda r, v: windows(r), {}),
    "sizes": (lambda r, v: windows(abs(r)), {}),
    "volatility": (lambda r, v: windows(v), {}),
    "a long look back": (lambda r, v: sliding_window_view(r, 900)[:-1], {}),
    "means before 20 days": (long_means, {"horizon": 20}),
    "the seven inputs": (volatility_inputs, {}),
    "exercise 4(a)": (lambda r, v: windows((r - r[:CUT].mean()) / r[:CUT].std()), {"since": CUT}),
    "exercise 4(b)": (lambda r, v: np.convolve(r, np.ones(5) / 5, mode="valid")[:-1], {"since": CUT}),
    "exercise 4(d)": (lambda r, v: np.cumsum(r)[:-1], {"since": CUT}),
}
LEAKY = {
    "returns": (lambda r, v: windows(r, late=1), {}),
    "signs": (lambda r, v: windows(np.sign(r), late=1), {}),
    "sizes": (lambda r, v: windows(abs(r), late=1), {}),
    "squares": (lambda r, v: windows(r**2, late=1), {}),
    "volatility": (lambda r, v: windows(v, late=1), {}),
    "a long look back": (lambda r, v: sliding_window_view(r**2, 900)[1:], {}),
    "means before 20 days": (lambda r, v: long_means(r, v, late=1), {"horizon": 20}),
    **{f"column {k} of seven": (lambda r, v, k=k: volatility_inputs(r, v, late=[k]), {}) for k in range(7)},
    "scaled by all days": (lambda r, v: windows((v - v.mean()) / v.std()), {}),
    "exercise 4(c)": (lambda r, v: r[:-1] / abs(r).max(), {"since": CUT}),
}


@pytest.mark.parametrize("name", HONEST)
def test_the_chapter_lets_an_honest_builder_pass(name):
    days = market.days(market.sp500())
    make_inputs, options = HONEST[name]
    assert not of_the_chapter("looks_ahead")(make_inputs, days.r, days.v, **options)


@pytest.mark.parametrize("name", LEAKY)
def test_the_chapter_refuses_a_builder_that_knows_tomorrow(name):
    days = market.days(market.sp500())
    make_inputs, options = LEAKY[name]
    assert of_the_chapter("looks_ahead")(make_inputs, days.r, days.v, **options)


def test_inputs_by_hand():
    d = market.days(market.prices(*own()))
    x, y, date = market.volatility_inputs(d)
    t = 50  # this day's row is forecast for day 51
    row = t - 21
    np.testing.assert_allclose(
        x[row],
        [
            d.v[t],
            d.v[t - 4 : t + 1].mean(),
            d.v[t - 21 : t + 1].mean(),
            100 * d.r[t],
            100 * abs(d.r[t]),
            100 * d.r[t - 4 : t + 1].mean(),
            100 * d.r[t - 21 : t + 1].mean(),
        ],
    )
    assert y[row] == d.v[51] and date[row] == d.date[51] and len(x) == len(y) == len(date)


def test_on_a_price_that_wanders_nothing_is_found():
    """What finds something in a random walk has looked ahead: neither inputs nor splits of the chapter do."""
    rng = np.random.default_rng(5)
    walk = np.cumsum(rng.normal(scale=0.01 / np.sqrt(200), size=(2500, 200)), axis=1)
    start = np.concatenate([[0], walk[:-1, -1].cumsum()])
    low, high, close = (np.exp(start + part) for part in (walk.min(axis=1), walk.max(axis=1), walk[:, -1]))
    days = market.days(
        market.prices(own(2500)[0], np.maximum(high, np.exp(start)), np.minimum(low, np.exp(start)), close)
    )
    x, y, _ = market.volatility_inputs(days)
    next_return = 100 * days.r[-len(x) :]
    for answer, inputs in ((y, x), (next_return, x), (y, np.vstack([x[1:], x[-1:]]))):
        found = []
        for past, year in TimeSeriesSplit(n_splits=6, test_size=252).split(inputs):
            line = LinearRegression().fit(inputs[past], answer[past]).predict(inputs[year])
            found.append([(line - answer[year]) ** 2, (answer[past].mean() - answer[year]) ** 2])
        loss, rival = np.concatenate(found, axis=1)
        late = inputs is not x
        assert (diebold_mariano(loss, rival).statistic > 2) == late, "only the inputs of a day later know something"


def put(column, at, value):
    def change(columns):
        columns = [c.copy() for c in columns]
        columns[column][at] = value
        return columns

    return change


BAD = {
    "a gap": (lambda c: [np.delete(k, np.s_[100:120]) for k in c], "no gap of more than 14 days; got 2010-06-18 after"),
    "a zero": (put(3, 7, 0.0), "close must be above zero; got 0 on 2010-01-12, and 1 such days in all"),
    "a zero low": (put(2, 7, 0.0), "low must be above zero"),
    "a negative price": (put(2, 7, -1.0), "low must be above zero; got -1"),
    "a missing price": (put(1, 7, np.nan), "high must be there on each day; got nan on 2010-01-12"),
    "an endless price": (put(1, 7, np.inf), r"got inf on 2010-01-12, .*: keep = np\.isfinite\(high\), then"),
    "a repeated date": (lambda c: [np.insert(k, 8, k[7]) for k in c], "name each day once; got 2010-01-12 twice"),
    "the newest first": (lambda c: [k[::-1] for k in c], "from the oldest to the newest; got .* first"),
    "two rows exchanged": (lambda c: [k[[0, 2, 1, *range(3, 600)]] for k in c], "got 2010-01-04 after 2010-01-05"),
    "too short": (lambda c: [k[:499] for k in c], "at least 500 trading days, .* got 499"),
    "weekly": (
        lambda c: [np.arange("2010-01-01", "2022-01-01", 7, dtype="M8[D]")[:600], *c[1:]],
        "rows that are 7 days",
    ),
    "a close outside": (put(3, 7, 500.0), "close must lie between low and high; got 500 outside"),
    "a day without a range": (lambda c: [c[0], *(put(k, 7, 100.0)(c)[k] for k in (1, 2, 3))], "high must be above low"),
    "another length": (lambda c: [c[0], c[1][1:], c[2], c[3]], r"high must have shape \(m,\).*got \(599,\) beside"),
    "a table": (lambda c: [c[0], c[1], c[2], c[3][:, None]], r"close must have shape \(m,\).*got \(600, 1\)"),
    "no date": (put(0, 7, "NaT"), "date must be there in each row; got none at index 7"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_series_that_is_not_what_it_seems_is_refused_in_words(name):
    change, message = BAD[name]
    columns = change(own())
    before = [column.copy() for column in columns]
    with pytest.raises(ValueError, match=message) as caught:
        market.prices(*columns)
    assert "\n" not in str(caught.value)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(columns, before, strict=True))


@pytest.mark.parametrize(
    ("name", "keep"),
    [
        ("a zero", lambda date, high, low, close: close > 0),
        ("a missing price", lambda date, high, low, close: np.isfinite(high)),
        ("an endless price", lambda date, high, low, close: np.isfinite(high)),
        ("a repeated date", lambda date, high, low, close: np.unique(date, return_index=True)[1]),
        ("the newest first", lambda date, high, low, close: np.s_[::-1]),
        ("two rows exchanged", lambda date, high, low, close: np.argsort(date)),
        ("a day without a range", lambda date, high, low, close: high > low),
        ("a close outside", lambda date, high, low, close: (low <= close) & (close <= high)),
        ("a gap", lambda date, high, low, close: date > np.datetime64("2010-05-20")),
    ],
)
def test_the_mend_that_the_words_name_runs(name, keep):
    columns = BAD[name][0](own(m=800) if name == "a gap" else own())
    chosen = keep(*columns)
    assert len(market.prices(*(column[chosen] for column in columns)).date) >= 599 or name == "a gap"


@pytest.mark.parametrize("hours", [-5, 9])
def test_days_with_a_time_zone_are_those_of_the_exchange(hours):
    # Midnight in Tokyo is still the day before in UTC, and NumPy warns that it knows no time zones.
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    dates = [datetime.datetime.combine(day, datetime.time(), zone) for day in own()[0].tolist()]
    np.testing.assert_array_equal(market.prices(dates, *own()[1:]).date, own()[0])
    with pytest.raises(ValueError, match=r"^date must be there in each row; got none at index 3\."):
        market.prices([*dates[:3], np.datetime64("NaT"), *dates[4:]], *own()[1:])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: market.read(0),
            r"^path must be the name of a CSV file; got 0\.$",
        ),  # which open takes for the keyboard
        (lambda: market.read(None), r"^path must be the name of a CSV file; got None\.$"),
        (lambda: market.read("prices.csv", dates=3), r'^dates must be text such as "%m/%d/%Y"; got 3\.$'),
        (
            lambda: market.volatility_inputs(market.sp500()),
            r"^days must be Days; got 5031.* Pass market\.days\(prices\)",
        ),
        (lambda: market.days(own()), r"^prices must be Prices; got .* Pass market\.prices\("),
    ],
)
def test_an_argument_of_another_kind_gets_one_line(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@pytest.mark.parametrize("dates", [np.arange(600) + 0.5, np.full(600, 20181231), ["yesterday"] * 600, [object()] * 600])
def test_what_is_no_date_is_a_type_error(dates):
    with pytest.raises(TypeError, match=r"date must hold dates; got .* Write them like 2018-12-31"):
        market.prices(dates, *own()[1:])


def test_words_for_prices_are_a_type_error():
    with pytest.raises(TypeError, match="close must hold real numbers"):
        market.prices(*own()[:3], ["a"] * 600)


def plain(columns):
    """Return the rows, with the prices as plain floats, whose repr is all of their digits."""
    return zip(columns[0], *(column.tolist() for column in columns[1:]), strict=True)


def write(path, columns, form=str, header="Date,Open,High,Low,Close,Volume"):
    rows = [f"{form(d.item())},1,{h!r},{l!r},{c!r},7" for d, h, l, c in plain(columns)]
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("form", "dates"),
    [
        (str, None),
        (lambda d: f"{d} 00:00:00-05:00", None),
        (lambda d: f"{d.month}/{d.day}/{d.year}", "%m/%d/%Y"),
        (lambda d: f"{d.day}.{d.month}.{d.year}", "%d.%m.%Y"),
    ],
)
def test_a_file_is_read_as_it_is_written(tmp_path, form, dates):
    columns = own()
    p = market.read(write(tmp_path / "own.csv", columns, form), dates=dates)
    assert all(np.array_equal(one, other) for one, other in zip(p, columns, strict=True))


def test_a_file_from_the_newest_day_to_the_oldest_is_turned_round(tmp_path):
    columns = own()
    p = market.read(write(tmp_path / "own.csv", [column[::-1] for column in columns]))
    assert all(np.array_equal(one, other) for one, other in zip(p, columns, strict=True))


def test_columns_are_found_by_name_in_any_order_and_case(tmp_path):
    columns = own()
    path = tmp_path / "own.csv"
    rows = [f"{c!r},{h!r},{d},{l!r}" for d, h, l, c in plain(columns)]
    path.write_text("\ufeff" + "\n".join([" close,HIGH,Date,low", *rows, "", ",,,"]), encoding="utf-8")
    assert np.array_equal(market.read(path).close, columns[3])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Date,", "Day,", "got no date in 'Day, Open"),
        ("Date,Open,", "Date;Open;", "got no date in 'Date;Open"),
        ("2010-01-05", "1/5/2010", "line 4: date must read like 2018-12-31; got '1/5/2010'"),
        ("2010-01-05", "", "line 4: date must read like 2018-12-31; got ''"),
        (",7\n2010-01-05,1,", ",7\n2010-01-05,1,null", "line 4: high must be a number like 1234.5; got 'null"),
        (",7\n2010-01-05,1,", ",7\n2010-01-05,1,,", "line 4: high must be a number like 1234.5; got ''"),
        (",7\n2010-01-05,1,", ',7\n2010-01-05,1,"1,', "must be a number like 1234.5"),
    ],
)
def test_a_file_with_a_fault_names_the_line(tmp_path, old, new, message):
    path = write(tmp_path / "own.csv", own())
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        market.read(path)


def test_a_file_that_is_none_is_refused_in_words(tmp_path):
    with pytest.raises(ValueError, match=r"path must be a file that can be read; got .*nowhere.csv: No such file"):
        market.read(tmp_path / "nowhere.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(ValueError, match="must begin with a line that names the columns"):
        market.read(tmp_path / "empty.csv")
    (tmp_path / "sheet.xlsx").write_bytes(bytes(range(128, 256)))
    with pytest.raises(ValueError, match="must be a CSV file, which is text"):
        market.read(tmp_path / "sheet.xlsx")


def test_columns_in_place_of_prices_are_refused():
    with pytest.raises(TypeError, match=r"prices must be Prices; got .* Pass market.prices\("):
        market.days(np.ones(600))


def test_the_tool_reads_cents_and_refuses_another_file():
    specification = importlib.util.spec_from_file_location("extract_prices", TOOL)
    tool = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tool)
    p = market.sp500()
    rows = [f"{d.item():%m/%d/%Y},{h:.6f},{l:.6f},{c:.6f}" for d, h, l, c in zip(*p, strict=True)]
    date, high, _, close = tool.extract("\n".join(["Date,High,Low,Close", *rows]))
    assert np.array_equal(date, p.date) and np.array_equal(close / 100, p.close) and np.array_equal(high / 100, p.high)
    with pytest.raises(ValueError, match="must be 5,031 days"):
        tool.extract("\n".join(["Date,High,Low,Close", *rows[1:]]))
    with pytest.raises(ValueError, match="must be whole cents"):
        tool.extract("\n".join(["Date,High,Low,Close", *rows[1:], rows[0].replace("1228.100000", "1228.104")]))
