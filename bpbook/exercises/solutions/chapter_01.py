"""Right answers of chapter 01."""

SOLUTIONS = {
    "parameter_count": """
n_0, n_1, n_2 = q.parameter_count.given()
parameter_count = n_0 * n_1 + n_1 + n_1 * n_2 + n_2
""",
    "which_step": 'which_step = "c"',
    "even_bets": """
classes = q.even_bets.given()
even_bets = np.log(classes)
""",
    "probabilities": """
z = q.probabilities.given()
probabilities = np.exp(z) / np.exp(z).sum()
""",
    "hidden_blame": """
w, p, right = q.hidden_blame.given()
hidden_blame = w @ (p - np.eye(3)[right])
""",
    "one_step": """
w, dw, eta = q.one_step.given()
one_step = w - eta * dw
""",
    "weight_change": """
a, p, eta = q.weight_change.given()
weight_change = -eta * a * (p - 1)
""",
    "accuracy": """
def accuracy(p, y):
    return (p.argmax(axis=1) == y).mean()
""",
    "mean_loss": """
def mean_loss(p, y):
    return -np.log(p[np.arange(len(y)), y]).mean()
""",
    "output_error": """
def output_error(p, y):
    return (p - np.eye(p.shape[1])[y]) / len(y)
""",
    "gradient_or_descent": 'gradient_or_descent = "b"',
    "file_order": 'file_order = "a"',
}
