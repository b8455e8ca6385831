"""Right answers of chapter 18."""

SOLUTIONS = {
    "sent_back": """
a, w, b, delta = q.sent_back.given()
sent_back = (delta[0] * b[0] + delta[1] * b[1]) * (1 - a**2)
""",
    "what_is_left": """
length, step, angle = q.what_is_left.given()
what_is_left = length * step * np.cos(np.radians(angle))
""",
    "feedback_gradients": """
def feedback_gradients(x, y, W1, b1, W2, b2, B):
    a1 = np.tanh(x @ W1 + b1)
    p = bp.softmax(a1 @ W2 + b2)
    delta2 = (p - np.eye(W2.shape[1])[y]) / len(x)
    delta1 = (delta2 @ B.T) * (1 - a1**2)
    dW1, db1 = x.T @ delta1, delta1.sum(axis=0)
    dW2, db2 = a1.T @ delta2, delta2.sum(axis=0)
    return dW1, db1, dW2, db2
""",
    "alignment": """
def alignment(told, asked):
    u, v = (np.concatenate([array.ravel() for array in arrays[1:]]) for arrays in (told, asked))
    cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
    angle = np.degrees(np.arccos(cosine))
    return angle
""",
    "copied_once": 'copied_once = "b"',
    "hard_units": 'hard_units = "b"',
    "directions": 'directions = "c**2 * (n + 1) / (1 - c**2)"',
    "by_directions": """
def by_directions(up, down, V, h):
    slopes = (up - down) / (2 * h)
    k, n = V.shape
    estimate = n * slopes @ V / k
    return estimate
""",
    "fall_by_hand": """
v_0, g, goal = q.fall_by_hand.given()
v_1 = v_0 + g - v_0**2 / 4
v_2 = v_1 + g - v_1**2 / 4
at_2 = v_2 - goal
at_1 = at_2 * (1 - v_1 / 2)
at_0 = at_1 * (1 - v_0 / 2)
fall_by_hand = [v_2, at_0, -(v_1**2) * at_2 - v_0**2 * at_1]
""",
    "fall_back": """
def fall_back(v, kappa, g, h, steps, goal):
    speeds = [v]
    for t in range(steps):
        speeds.append(speeds[t] + h * (g - kappa * speeds[t] ** 2))
    dv, dkappa = speeds[-1] - goal, 0.0
    for t in reversed(range(steps)):
        dkappa += -h * speeds[t] ** 2 * dv
        dv = dv * (1 - 2 * h * kappa * speeds[t])
    return dv, dkappa
""",
}
