"""Right answers of chapter 04."""

SOLUTIONS = {
    "delta_out": """
z_0, y_0 = q.delta_out.given()
a_0 = 1 / (1 + np.exp(-z_0))
delta_out = (a_0 - y_0) / 2 * a_0 * (1 - a_0)
""",
    "delta_hidden": """
delta_0, w_j, z_j = q.delta_hidden.given()
delta_hidden = delta_0 * w_j * (z_j > 0)
""",
    "one_dw": """
a_i, delta_j = q.one_dw.given()
one_dw = a_i[0] * delta_j[0] + a_i[1] * delta_j[1]
""",
    "first_weight": """
x_i, slope_j, w_j, delta_0 = q.first_weight.given()
first_weight = x_i * slope_j * w_j * delta_0
""",
    "paths": """
n_0, n_1, n_2, n_3 = q.paths.given()
paths = n_2 * n_3
""",
    "shapes": """
n_examples, n_0, n_1, n_2 = q.shapes.given()
shapes = [n_examples, n_1, n_1, n_2, n_2]
""",
    "why_transposed": 'why_transposed = "c"',
    "where_is_the_mean": 'where_is_the_mean = "a"',
    "what_is_kept": 'what_is_kept = "d"',
    "tanh_prime": 'tanh_prime = "1 - a**2"',
    "cancelled": 'cancelled = "a * (1 - y) - 3 * y * (1 - a)"',
    "output_delta": """
def output_delta(z, y):
    a = 1 / (1 + np.exp(-z))
    return (a - y) / len(z) * a * (1 - a)
""",
    "hidden_delta": """
def hidden_delta(delta, W, z):
    return (delta @ W.T) * (1 - np.tanh(z) ** 2)
""",
    "tied_gradient": """
def tied_gradient(x, a, delta_1, delta_2):
    return x.T @ delta_1 + delta_2.T @ a
""",
    "bias_gradient": """
def bias_gradient(delta):
    return delta.sum(axis=0)
""",
    "decayed_gradient": """
def decayed_gradient(a, delta, W, mask, lmbda):
    return (a.T @ delta) * mask + lmbda * W
""",
    "softmax_delta": """
def softmax_delta(z, y):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    delta = e / e.sum(axis=1, keepdims=True)
    delta[np.arange(len(z)), y] -= 1
    return delta / len(z)
""",
    "two_layers": """
def two_layers(x, y, W1, b1, W2, b2, lmbda):
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    a2 = 1 / (1 + np.exp(-z2))
    delta2 = (a2 - y) / len(x) * a2 * (1 - a2)
    delta1 = (delta2 @ W2.T) * (1 - np.tanh(z1) ** 2)
    dW1 = x.T @ delta1 + lmbda * W1
    db1 = delta1.sum(axis=0)
    dW2 = a1.T @ delta2 + lmbda * W2
    db2 = delta2.sum(axis=0)
    return dW1, db1, dW2, db2
""",
}
