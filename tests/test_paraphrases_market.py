"""Right answers of chapter 10 written in other ways are right, and wrong ones that a reader could write are named."""

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats  # noqa: F401 - what answers import is there before their time is taken
import sklearn.linear_model
import sklearn.metrics  # noqa: F401

from bpbook import exercises


def _changes(before, after):
    """Return by how much a return itself, its size, and the two means that it is in change."""
    return [after - before, abs(after) - abs(before), (after - before) / 5, (after - before) / 22]


def _from_zero(own, size, week, month, r):
    return own * r + size * abs(r) + week * r / 5 + month * r / 22


PARAPHRASES = [
    (
        "har_inputs",
        """
def har_inputs(v):
    rows = []
    for t in range(21, len(v)):
        rows.append([v[t], sum(v[t - 4 : t + 1]) / 5, sum(v[t - 21 : t + 1]) / 22])
    return rows
""",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    total = np.concatenate([[0.0], np.cumsum(v)])
    day = np.arange(21, len(v))
    return np.stack([(total[day + 1] - total[day + 1 - n]) / n for n in (1, 5, 22)], axis=-1)
""",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    means = [np.convolve(v, np.full(n, 1 / n), mode="valid") for n in (1, 5, 22)]
    return np.array([mean[len(mean) - len(v) + 21 :] for mean in means]).T
""",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    months = np.lib.stride_tricks.sliding_window_view(v, 22)  # the day and its week are the ends of its month
    return np.c_[months[:, -1], months[:, -5:].mean(1), months.mean(1)]
""",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    weights = np.zeros((22, 3))
    weights[-1, 0], weights[-5:, 1], weights[:, 2] = 1, 1 / 5, 1 / 22
    return [tuple(v[t : t + 22] @ weights) for t in range(len(v) - 21)]
""",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    columns = []
    for column in x.T:
        known = column[:cut]
        mean = sum(known) / cut
        spread = (sum((known - mean) ** 2) / cut) ** 0.5
        columns.append((column - mean) / spread)
    return np.transpose(columns)
""",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    return np.apply_along_axis(lambda column: (column - column[:cut].mean()) / column[:cut].std(), 0, x)
""",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    x = x.copy()
    x -= x[:cut].mean(axis=0)
    x /= np.sqrt(np.mean(x[:cut] ** 2, axis=0))
    return x
""",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    from sklearn.preprocessing import StandardScaler
    scaler = StandardScaler().fit(x[:cut])
    return np.vstack([scaler.transform(x[:cut]), scaler.transform(x[cut:])]).tolist()
""",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    ours = sum((true - said) ** 2 for true, said in zip(y[1:], forecast))
    theirs = sum((today - yesterday) ** 2 for yesterday, today in zip(y, y[1:]))
    return 1 - ours / theirs
""",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    from sklearn.metrics import mean_squared_error as mse
    return (mse(y[1:], y[:-1]) - mse(y[1:], forecast)) / mse(y[1:], y[:-1])
""",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    return 1 - (np.linalg.norm(forecast - y[1:]) / np.linalg.norm(np.diff(y))) ** 2
""",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    e, step = np.float32(y[1:] - forecast), np.float32(np.diff(y))
    return [1 - e @ e / (step @ step)]
""",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    d = np.asarray(rival) - loss
    m, around = len(d), d - np.mean(d)
    gamma = [sum(around[t] * around[t - k] for t in range(k, m)) / m for k in range(lags + 1)]
    long_run = gamma[0] + 2 * sum((1 - k / (lags + 1)) * gamma[k] for k in range(1, lags + 1))
    return d.mean() / (long_run / m) ** 0.5
""",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    d = rival - loss
    e, m = d - d.mean(), d.size
    products = np.correlate(e, e, mode="full")  # 2 m - 1 sums of products, the squares in the middle
    k = np.arange(-(m - 1), m)
    return m * d.mean() / np.sqrt(products @ np.clip(1 - abs(k) / (lags + 1), 0, None))
""",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    d = rival - loss
    m = len(d)
    apart = abs(np.subtract.outer(np.arange(m), np.arange(m)))
    weights = np.where(apart > lags, 0.0, 1 - apart / (lags + 1))
    e = d - d.mean()
    return d.sum() / np.sqrt(e @ weights @ e)
""",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    e = (rival - loss) - (rival - loss).mean()
    padded = np.concatenate([np.zeros(lags), e, np.zeros(lags)])
    sums = np.convolve(padded, np.ones(lags + 1), mode="valid")  # Bartlett's weights, as squared sums of neighbours
    return (rival - loss).mean() / np.sqrt((sums**2).sum() / (lags + 1)) * len(e)
""",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    tail = 100 * (1 - share) / 2
    low, high = np.percentile(errors, tail), np.percentile(errors, 100 - tail)
    return {"low": forecast + low, "high": forecast + high}
""",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    ordered = sorted(errors)
    out = round(len(ordered) * (1 - share) / 2)  # as many on each side
    return [f + ordered[out] for f in forecast], [f + ordered[-1 - out] for f in forecast]
""",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    return np.add.outer(np.quantile(errors, [0.5 - share / 2, 0.5 + share / 2]), forecast)
""",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    ends = np.quantile(errors[:, None] + forecast, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return tuple(ends)
""",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    tail = (1 - share) / 2
    return [forecast + np.quantile(errors, p, method="inverted_cdf") for p in (tail, 1 - tail)]
""",
    ),
    *(
        (
            "interval",
            f"""
def interval(errors, forecast, share):
    tail = (1 - share) / 2
    return [forecast + np.quantile(errors, p, method="{method}") for p in (tail, 1 - tail)]
""",
        )
        for method in ("weibull", "hazen", "lower", "higher", "nearest", "median_unbiased", "closest_observation")
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    from statistics import quantiles
    ends = quantiles(errors, n=40)  # its own way: a share of one more than there are
    out = round(20 * (1 - share))
    return forecast + ends[out - 1], forecast + ends[-out]
""",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    from sklearn.linear_model import LinearRegression
    said, start = [], first
    while start < len(y):
        line = LinearRegression().fit(x[:start], y[:start])
        said.extend(line.predict(x[start : start + step]))
        start += step
    return said
""",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    X = np.hstack([x, np.ones((len(x), 1))])
    said = np.empty(len(x) - first)
    for t in range(first, len(x)):
        past = first + (t - first) // step * step  # the beginning of this row's block
        A = X[:past]
        said[t - first] = X[t] @ np.linalg.solve(A.T @ A, A.T @ y[:past])
    return said
""",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    blocks = []
    for block in np.split(np.arange(first, len(x)), range(step, len(x) - first, step)):
        xs, ys = x[: block[0]], y[: block[0]]
        slope = np.linalg.pinv(xs - xs.mean(axis=0)) @ (ys - ys.mean())
        blocks.append(ys.mean() + (x[block] - xs.mean(axis=0)) @ slope)
    return np.hstack(blocks)
""",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import TimeSeriesSplit
    return np.array([
        LinearRegression().fit(x[:a], y[:a]).predict(x[[t]])[0]
        for t in range(first, len(x)) for a in [t - (t - first) % step]
    ])
""",
    ),
    ("which_line", 'which_line = " (C) "'),
    ("picked_winner", "picked_winner = 'B'"),
    ("tomorrow", 'tomorrow = "3 * (g0 - (r0 + r1) / 3)"'),
    ("tomorrow", 'tomorrow = "g0 + g0 + g0 - (r1 + r0)"'),
    ("tomorrow", 'tomorrow = "(9 * g0**2 - (r0 + r1)**2) / (3 * g0 + r0 + r1)"'),
]
NUMBERS = [
    ("high_above_low", lambda volatility: (2 ** (volatility / 50 / np.sqrt(np.log(2))) - 1) * 100),
    ("high_above_low", lambda volatility: round(100 * math.expm1(2 * volatility / 100 * math.log(2) ** 0.5), 3)),
    ("high_above_low", lambda volatility: float(f"{100 * math.expm1(volatility / 100 * 1.6651):.3g}")),
    ("gap_rows", lambda horizon, window: math.ceil(horizon / 5) - 1),
    ("gap_rows", lambda horizon, window: (horizon - 1) // 5),
    ("gap_rows", lambda horizon, window: float(sum(1 for week in range(1, horizon) if 5 * week < horizon))),
    ("price_hugging", lambda step, spread: (spread - step) * (spread + step) / spread**2),
    ("price_hugging", lambda step, spread: Fraction(int(spread**2 - step**2), int(spread**2))),
    ("some_flipper", lambda flippers, days: -np.expm1(flippers * np.log1p(-(2.0**-days)))),
    ("some_flipper", lambda flippers, days: 1 - ((2**days - 1) / 2**days) ** flippers),
    ("effect_of_return", lambda *given: np.dot(given[:4], _changes(*given[4:]))),
    (
        "effect_of_return",
        lambda own, size, week, month, a, b: (
            _from_zero(own, size, week, month, b) - _from_zero(own, size, week, month, a)
        ),
    ),
]
WRONG = [
    (
        "har_inputs",
        """
def har_inputs(v):
    return [[v[t], v[t - 5 : t].mean(), v[t - 22 : t].mean()] for t in range(22, len(v))]
""",
        "it must have shape",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    return [[v[t], v[t - 4 : t + 1].mean(), v[t - 21 : t + 1].mean()] for t in range(22, len(v))]
""",
        "The first row is missing",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    x = np.full((len(v), 3), np.nan)
    for column, n in enumerate((1, 5, 22)):
        for t in range(n // 2, len(v) - (n - 1) // 2):
            x[t, column] = v[t - n // 2 : t - n // 2 + n].mean()
    return x[21:]
""",
        "The windows are centred",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    x = np.full((len(v), 3), np.nan)
    for column, n in enumerate((1, 5, 22)):
        x[n - 1 :, column] = np.convolve(v, np.ones(n) / n, mode="valid")
    return x
""",
        "so they get no row",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    return np.array([[v[t], v[t - 5 : t].mean(), v[t - 22 : t].mean()] for t in range(21, len(v))])
""",
        "The windows end the day before",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    return np.array([[v[t], v[t - 5 : t + 1].mean(), v[t - 22 : t + 1].mean()] for t in range(21, len(v))])
""",
        "which makes 6 and 23",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    return np.array([[v[t], v[t - 5 : t + 1].mean(), v[max(t - 22, 0) : t + 1].mean()] for t in range(21, len(v))])
""",
        "which makes 6 and 23",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    return [[v[t], v[max(t - 4, 0) : t + 1].mean(), v[max(t - 21, 0) : t + 1].mean()] for t in range(len(v))]
""",
        "so they get no row",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    ones = lambda n: np.convolve(v, np.ones(n), mode="valid")[22 - n :]
    return np.column_stack([ones(1), ones(5), ones(22)])
""",
        "sums over the windows",
    ),
    (
        "har_inputs",
        """
def har_inputs(v):
    week = np.lib.stride_tricks.sliding_window_view(v, 5).mean(axis=1)
    month = np.lib.stride_tricks.sliding_window_view(v, 22).mean(axis=1)
    return np.column_stack([v[: len(month)], week[: len(month)], month])
""",
        "a row mixes three days",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    from sklearn.preprocessing import StandardScaler
    return StandardScaler().fit_transform(x)
""",
        "had a say in the mean and the spread",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    from sklearn.preprocessing import StandardScaler
    return np.vstack([StandardScaler().fit_transform(part) for part in np.split(x, [cut])])
""",
        "a mean and spread of their own",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    past = x[:cut]
    return x - past.mean(axis=0) / past.std(axis=0)
""",
        "Brackets are missing",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    low, high = x[:cut].min(axis=0), x[:cut].max(axis=0)
    return (x - low) / (high - low)
""",
        "between 0 and 1",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    return [(row - x[: max(t, 2)].mean(axis=0)) / x[: max(t, 2)].std(axis=0) for t, row in enumerate(x)]
""",
        "fits no mistake",
    ),
    (
        "standardise_past",
        """
def standardise_past(x, cut):
    return (x - x.mean(axis=0)) / x[:cut].std(axis=0)
""",
        "had a say in one of the two",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    return max(0, 1 - np.sum((y[1:] - forecast) ** 2) / np.sum(np.diff(y) ** 2))
""",
        "Then its skill is negative",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    from sklearn.metrics import r2_score
    return r2_score(y[1:], forecast)
""",
        "This compares with the mean",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    return np.mean((y[1:] - forecast) ** 2) / np.mean((y[1:] - y[:-1]) ** 2)
""",
        "share of the error that is left",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    return 100 * (1 - np.sum((y[1:] - forecast) ** 2) / np.sum(np.diff(y) ** 2))
""",
        "in per cent",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    return 1 - np.std(y[1:] - forecast) ** 2 / np.std(np.diff(y)) ** 2
""",
        "forgives a forecast",
    ),
    (
        "skill",
        """
def skill(y, forecast):
    return np.sum(np.diff(y) ** 2) - np.sum((y[1:] - forecast) ** 2)
""",
        "share of persistence's error",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    from scipy.stats import ttest_rel
    return ttest_rel(rival, loss).statistic
""",
        "The covariances are missing",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    d = rival - loss
    m, e = len(d), d - d.mean()
    S = e @ e / m
    for k in range(1, lags):
        S += 2 * (1 - k / (lags + 1)) * (e[k:] @ e[:-k]) / m
    return d.mean() / np.sqrt(S / m)
""",
        "The last covariance is left out",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    d = loss - rival
    m, e = len(d), d - d.mean()
    S = e @ e / m + 2 * sum((1 - k / (lags + 1)) * (e[k:] @ e[: m - k]) / m for k in range(1, lags + 1))
    return d.mean() / np.sqrt(S / m)
""",
        "The sign is reversed",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    d = rival - loss
    m, e = len(d), d - d.mean()
    S = e @ e / m + 2 * sum((1 - k / (lags + 1)) * (e[k:] @ e[: m - k]) / m for k in range(1, lags + 1))
    return d.mean() / (S / m)
""",
        "variance of the mean",
    ),
    (
        "dm_statistic",
        """
def dm_statistic(loss, rival, lags):
    return bp.evaluation.diebold_mariano(loss, rival, lags).statistic
""",
        "Write it without that",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    from statistics import NormalDist
    z = NormalDist().inv_cdf(0.5 + share / 2)
    return forecast - z * np.std(errors, ddof=1), forecast + z * np.std(errors, ddof=1)
""",
        "for normally distributed",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    return forecast - np.quantile(abs(errors), share), forecast + np.quantile(abs(errors), share)
""",
        "not symmetric",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    reach = np.quantile(errors, (1 + share) / 2)
    return forecast - reach, forecast + reach
""",
        "not symmetric",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    ends = np.quantile(errors, [1 - share, share])
    return forecast + ends[0], forecast + ends[1]
""",
        "Half of it belongs in each tail",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    return np.quantile(errors, (1 - share) / 2), np.quantile(errors, (1 + share) / 2)
""",
        "Put it around the forecast",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    low, high = np.percentile(errors, [(1 - share) / 2, (1 + share) / 2])
    return forecast + low, forecast + high
""",
        "takes per cent",
    ),
    (
        "interval",
        """
def interval(errors, forecast, share):
    return forecast + share * errors.min(), forecast + share * errors.max()
""",
        "fits no mistake",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    X = np.column_stack([np.ones(len(x)), x])
    return X[first:] @ np.linalg.lstsq(X[:first], y[:first], rcond=None)[0]
""",
        "fitted once",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    from sklearn.linear_model import LinearRegression
    return LinearRegression().fit(x, y).predict(x)[first:]
""",
        "among those that the line was fitted to",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    X, said = np.column_stack([np.ones(len(x)), x]), []
    for k in range(first, len(x), step):
        b = np.linalg.lstsq(X[k - step : k], y[k - step : k], rcond=None)[0]
        said.extend(X[k : k + step] @ b)
    return said
""",
        "Only the last block is learned from",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    X, said = np.column_stack([np.ones(len(x)), x]), []
    for k in range(first, len(x) - step + 1, step):
        said.append(X[k : k + step] @ np.linalg.lstsq(X[:k], y[:k], rcond=None)[0])
    return np.concatenate(said)
""",
        "The last block is missing",
    ),
    (
        "walk",
        """
def walk(x, y, first, step):
    X = np.column_stack([np.ones(len(x)), x])
    return np.array([X[k] @ np.linalg.lstsq(X[:k], y[:k], rcond=None)[0] for k in range(first, len(x))])
""",
        "anew for every row",
    ),
    ("tomorrow", 'tomorrow = "(g0 - r0 - r1) * 3"', "The returns are whole ones"),
    ("tomorrow", 'tomorrow = "g0 * 3 - (r0 - r1)"', "Watch the sign of r1"),
    ("tomorrow", 'tomorrow = "3*g0 - 3*g1 + r1"', "`g1` is unknown"),
    ("which_line", 'which_line = "b"', "ends with its fifth day"),
    ("picked_winner", 'picked_winner = "c"', "twenty results"),
]


@pytest.mark.parametrize(("name", "source"), PARAPHRASES)
def test_a_right_answer_written_another_way_is_right(is_right, name, source):
    is_right(10, name, source)


def test_a_road_left_out_is_no_matter_of_digits():
    exercise = exercises.chapter(10).effect_of_return.exercise
    for seed in range(40):
        own, size, week, _, *returns = exercise.give(np.random.default_rng(seed))
        answer = np.dot([own, size, week], _changes(*returns)[:3])
        verdict = exercise.judge(answer, np.random.default_rng(seed))
        assert verdict.message.startswith("Today's return is in both means"), verdict


@pytest.mark.parametrize(("name", "compute"), NUMBERS)
def test_a_right_number_computed_another_way_is_right(name, compute):
    exercise = exercises.chapter(10).questions[name].exercise
    for seed in range(5):
        given = exercise.give(np.random.default_rng(seed))
        assert exercise.judge(compute(*given), np.random.default_rng(seed)).status == "right", given


@pytest.mark.parametrize(("name", "source", "words"), WRONG)
def test_a_wrong_answer_gets_no_mark_and_its_own_words(is_wrong, name, source, words):
    is_wrong(10, name, source, words)
