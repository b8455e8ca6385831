"""Right answers of chapter 03."""

SOLUTIONS = {
    "weighted_input": """
w, b, x = q.weighted_input.given()
weighted_input = w * x + b
""",
    "activation": """
odds = q.activation.given()
activation = odds / (1 + odds)
""",
    "largest_slope": """
weight = q.largest_slope.given()
largest_slope = weight / 4
""",
    "sigmoid_bend": 'sigmoid_bend = "a * (1 - a) * (1 - 2 * a)"',
    "neuron_delta": """
a, y = q.neuron_delta.given()
neuron_delta = (a - y) * a * (1 - a)
""",
    "by_hand": """
w, b, x, y = q.by_hand.given()
z = w * x + b
a = 1 / (1 + np.exp(-z))
C = (a - y) ** 2 / 2
delta = (a - y) * a * (1 - a)
by_hand = [z, a, C, delta, delta * x, delta]
""",
    "neuron": """
def neuron(w, b, x):
    z = w * x + b
    return 1 / (1 + np.exp(-z))
""",
    "neuron_gradient": """
def neuron_gradient(w, b, x, y):
    z = w * x + b
    a = 1 / (1 + np.exp(-z))
    delta = (a - y) * a * (1 - a)
    return delta * x, delta
""",
    "after_one_step": """
w, b, dw, db, eta = q.after_one_step.given()
after_one_step = [w - eta * dw, b - eta * db]
""",
    "jumping_loss": 'jumping_loss = "c"',
    "slow_start": 'slow_start = "b"',
    "one_term_delta": 'one_term_delta = "-y * (1 - a)"',
    "times_as_large": """
a = q.times_as_large.given()
times_as_large = 1 / (a * (1 - a))
""",
    "cross_entropy_delta": """
def cross_entropy_delta(z, y):
    a = 1 / (1 + np.exp(-z))
    return a - y
""",
    "train": """
def train(w, b, x, y, eta, steps):
    for _ in range(steps):
        a = 1 / (1 + np.exp(-(w * x + b)))
        delta = (a - y) * a * (1 - a)
        dw, db = delta * x, delta
        w, b = w - eta * dw, b - eta * db
    return w, b
""",
}
