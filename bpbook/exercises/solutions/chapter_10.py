"""Right answers of chapter 10."""

SOLUTIONS = {
    "high_above_low": """
volatility = q.high_above_low.given()
difference = volatility / 100 * np.sqrt(4 * np.log(2))  # of the logarithms of high and low
high_above_low = 100 * (np.exp(difference) - 1)
""",
    "har_inputs": """
def har_inputs(v):
    week = np.lib.stride_tricks.sliding_window_view(v, 5).mean(axis=1)[17:]
    month = np.lib.stride_tricks.sliding_window_view(v, 22).mean(axis=1)
    x = np.column_stack([v[21:], week, month])
    return x
""",
    "effect_of_return": """
own, size, week, month, before, after = q.effect_of_return.given()
smooth = (own + week / 5 + month / 22) * (after - before)
effect_of_return = smooth + size * (abs(after) - abs(before))
""",
    "which_line": 'which_line = "c"',
    "tomorrow": 'tomorrow = "3*g0 - r0 - r1"',
    "standardise_past": """
def standardise_past(x, cut):
    mean, sd = x[:cut].mean(axis=0), x[:cut].std(axis=0)
    return (x - mean) / sd
""",
    "gap_rows": """
horizon, window = q.gap_rows.given()
weeks = -(-horizon // 5)  # until an answer is complete, rounded up
gap_rows = weeks - 1
""",
    "price_hugging": """
step, spread = q.price_hugging.given()
price_hugging = 1 - (step / spread) ** 2
""",
    "skill": """
def skill(y, forecast):
    ours = np.sum((y[1:] - forecast) ** 2)
    persistence = np.sum((y[1:] - y[:-1]) ** 2)
    return 1 - ours / persistence
""",
    "some_flipper": """
flippers, days = q.some_flipper.given()
some_flipper = 1 - (1 - 0.5**days) ** flippers
""",
    "dm_statistic": """
def dm_statistic(loss, rival, lags):
    d = rival - loss
    m, e = len(d), d - d.mean()
    S = e @ e / m
    for k in range(1, lags + 1):
        S += 2 * (1 - k / (lags + 1)) * (e[k:] @ e[: m - k]) / m
    return d.mean() / np.sqrt(S / m)
""",
    "picked_winner": 'picked_winner = "b"',
    "interval": """
def interval(errors, forecast, share):
    below, above = np.quantile(errors, [(1 - share) / 2, (1 + share) / 2])
    low, high = forecast + below, forecast + above
    return low, high
""",
    "walk": """
def walk(x, y, first, step):
    table, blocks = np.column_stack([np.ones(len(x)), x]), []
    for start in range(first, len(x), step):
        b = np.linalg.lstsq(table[:start], y[:start], rcond=None)[0]
        blocks.append(table[start : start + step] @ b)
    return np.concatenate(blocks)
""",
}
