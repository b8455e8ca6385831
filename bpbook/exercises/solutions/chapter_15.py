"""Right answers of chapter 15."""

SOLUTIONS = {
    "eta_at_the_edge": """
m, sharp = q.eta_at_the_edge.given()
sharpness_of_the_mean = sharp / m
eta_at_the_edge = 2 / sharpness_of_the_mean
""",
    "after_some_swings": """
d, lam, eta, steps = q.after_some_swings.given()
for _ in range(steps):
    d = d - eta * lam * d
after_some_swings = d
""",
    "sharpness_of_the_valley": 'sharpness_of_the_valley = "u**2 + (y / u)**2"',
    "second_derivatives": """
def second_derivatives(w, b, x, y):
    a = 1 / (1 + np.exp(-(w * x + b)))
    slope = a * (1 - a)
    bent = slope * (1 - 2 * a)
    each = slope**2 + (a - y) * bent
    ww, wb = (each * x**2).mean(), (each * x).mean()
    return ww, wb
""",
    "count_ways": """
def count_ways(H):
    values = np.linalg.eigvalsh(H)
    least = 1e-9 * abs(values).max()
    down, up = (values < -least).sum(), (values > least).sum()
    flat = len(values) - down - up
    return down, flat, up
""",
    "is_strict_minimum": """
def is_strict_minimum(H, g, small):
    values = np.linalg.eigvalsh(H)
    leads_up = values[0] > 1e-9 * abs(values).max()
    strict = bool(leads_up and np.linalg.norm(g) < small)
    return strict
""",
    "newton_step": """
def newton_step(H, g):
    s = np.linalg.solve(H, -g)
    slope = (g * s).sum()
    return s, slope
""",
    "level_ground": 'level_ground = "c"',
    "ways_down": """
modes, hidden, learned = q.ways_down.given()
ways_down = (modes - learned) * (hidden - learned)
""",
    "equal_twins": 'equal_twins = "b"',
    "steps_in_the_trench": """
steps, units = q.steps_in_the_trench.given()
steps_in_the_trench = sum(steps * np.e**k for k in range(1, units + 1))
""",
    "normalise": """
def normalise(d, W):
    factor = np.linalg.norm(W, axis=0) / np.linalg.norm(d, axis=0)
    scaled = d * factor
    return scaled
""",
    "random_slice": 'random_slice = "a"',
    "restarts": """
stuck, risk = q.restarts.given()
restarts, all_stuck = 0, 1.0
while all_stuck > risk * (1 + 1e-9):
    restarts, all_stuck = restarts + 1, all_stuck * stuck
""",
}
