"""Right answers of chapter 12."""

SOLUTIONS = {
    "metres_ahead": """
height, degrees = q.metres_ahead.given()
metres_ahead = height / np.tan(np.radians(degrees))
""",
    "hill_targets": """
def hill_targets(curvature, arcs, width):
    place = (curvature - arcs[0]) / (arcs[1] - arcs[0])
    distance = np.arange(len(arcs)) - place[:, None]
    targets = np.exp(-(distance**2) / width)
    return targets
""",
    "read_hill": """
def read_hill(outputs, arcs):
    result = []
    for row in outputs:
        top = row.argmax()
        near = slice(max(top - 4, 0), top + 5)
        result.append((row[near] * arcs[near]).sum() / row[near].sum())
    result = np.array(result)
    return result
""",
    "turned_label": 'turned_label = "-2 * sin(turn) / d"',
    "relabel": """
def relabel(x, y, shift, turn):
    y = y - shift
    ahead = np.cos(turn) * x + np.sin(turn) * y
    left = np.cos(turn) * y - np.sin(turn) * x
    arc = 2 * left / (ahead**2 + left**2)
    return arc
""",
    "equal_steps": """
frames, copies, epochs = q.equal_steps.given()
steps = epochs * np.ceil(frames / 32)
equal_steps = np.ceil(steps / np.ceil(frames * (copies + 1) / 32))
""",
    "split_views": """
def split_views(of, drive, test):
    held_out = np.isin(drive[of], test)
    learn, tested = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    return learn, tested
""",
    "mirrored": 'mirrored = "b"',
    "metres_to_the_edge": 'metres_to_the_edge = "sqrt(2 * w / e)"',
    "share_back": """
def share_back(offset, step, within):
    back = abs(offset[:, step]) <= within
    share = back.mean()
    return share
""",
    "still_possible": """
n = q.still_possible.given()
still_possible = 0.05 ** (1 / n)
""",
    "between_interventions": """
agrees, rate, speed = q.between_interventions.given()
between_interventions = speed / (rate * (1 - agrees))
""",
    "pixel_gradient": """
def pixel_gradient(x, W, b, v):
    a = 1 / (1 + np.exp(-(x @ W + b)))
    delta = v * a * (1 - a)
    back = delta @ W.T
    return back
""",
    "two_kinds": 'two_kinds = "d"',
}
