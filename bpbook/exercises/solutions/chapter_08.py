"""Right answers of chapter 08."""

SOLUTIONS = {
    "uncertainty": """
sheets, images, spread = q.uncertainty.given()
uncertainty = spread / np.sqrt(sheets)
""",
    "whole_codes": """
shuffled, strangers, k = q.whole_codes.given()
whole_codes = strangers**k
""",
    "hold_out": """
def hold_out(who, held):
    out = np.isin(who, held)
    train, test = np.flatnonzero(~out), np.flatnonzero(out)
    return train, test
""",
    "on_both_sides": """
def on_both_sides(who, train, test):
    both = set(who[train]) & set(who[test])
    count = len(both)
    return count
""",
    "which_test": 'which_test = "c"',
    "shrink": """
def shrink(canvas, k):
    rows, columns = (range(0, side, k) for side in canvas.shape)
    return np.array([[canvas[i : i + k, j : j + k].mean() for j in columns] for i in rows])
""",
    "centre_of_mass": """
def centre_of_mass(image):
    height, width = image.shape
    row = np.arange(height) @ image.sum(axis=1) / image.sum()
    column = np.arange(width) @ image.sum(axis=0) / image.sum()
    return row, column
""",
    "confusion": """
def confusion(y, answer, k):
    counts = np.zeros((k, k), int)
    for row, column in zip(y, answer):
        counts[row, column] += 1
    return counts
""",
    "saliency_by_hand": """
x_0, x_1, a, b = q.saliency_by_hand.given()
saliency_by_hand = [-x_0 * a, -x_1 * b]
""",
    "saliency": """
def saliency(x, dx, paper):
    s = (paper[:, None] - x) * dx
    return s
""",
    "wipe": """
def wipe(x, s, share):
    order = np.argsort(-s)
    enough = np.cumsum(s[order]) >= share * s[s > 0].sum()
    wiped = x.copy()
    wiped[order[: enough.argmax() + 1]] = 0
    return wiped
""",
    "random_nudge": 'random_nudge = "d * g"',
    "nudge": """
def nudge(x, dx, most):
    step = most * dx / abs(dx).max()
    nudged = np.clip(x + step, 0, 1)
    return nudged
""",
    "accepted": """
def accepted(p, y, most, p_new):
    certainty = p.max(axis=1)
    surest = np.argsort(-certainty)
    wrong = (p.argmax(axis=1) != y)[surest]
    errors = np.cumsum(wrong) / np.arange(1, len(y) + 1)
    fine = np.flatnonzero(errors <= most)
    share = np.mean(p_new.max(axis=1) >= certainty[surest[fine[-1]]]) if len(fine) else 0
    return share
""",
    "chosen_on_the_test": 'chosen_on_the_test = "b"',
    "no_digit": 'no_digit = "d"',
}
