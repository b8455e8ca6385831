"""Right answers of chapter 16."""

SOLUTIONS = {
    "examples_in_batch": """
first, k = q.examples_in_batch.given()
tried = np.arange(1, 1000)
examples_in_batch = int(tried[abs(tried * np.log(tried * k) - first).argmin()])
""",
    "floor_of_tanh": 'floor_of_tanh = "log(1 + (k - 1) * exp(-2))"',
    "after_several_calls": """
outer, middle, inner, calls = q.after_several_calls.given()
last = first = leaf = 0
for _ in range(calls):
    last = last + outer
    first = first + middle * last
    leaf = leaf + inner * first
after_several_calls = leaf
""",
    "gradient_of_step": """
before, after, eta, lmbda = q.gradient_of_step.given()
gradient_of_step = (before - after) / eta + lmbda * before
""",
    "caught_by_another_loss": 'caught_by_another_loss = "c"',
    "same_steps": """
eta, lmbda, m = q.same_steps.given()
same_steps = [eta * m, lmbda / m]
""",
    "ward_a": 'ward_a = "db mean in db"',
    "ward_b": 'ward_b = "no output derivative in delta[2]"',
    "ward_c": 'ward_c = "bias never updated in b"',
    "ward_d": 'ward_d = "test not scaled in x_test"',
    "ward_e": 'ward_e = "no hidden activation in a[1]"',
    "mended_loss": """
def mended_loss(a, y):
    y = np.reshape(y, a.shape)
    squares = (a - y) ** 2
    return 0.5 * squares.sum() / len(a)
""",
    "decay_loss": """
def decay_loss(W, lmbda):
    total = 0
    for l in range(1, len(W)):
        total = total + lmbda / 2 * (W[l] ** 2).sum()
    return total
""",
    "mended_gradients": """
def mended_gradients(x, y, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2 + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    delta2 = e / e.sum(axis=1, keepdims=True)
    delta2[np.arange(len(y)), y] -= 1
    delta2 = delta2 / len(y)
    delta1 = (delta2 @ W2.T) * (z1 > 0)
    dW1, db1 = x.T @ delta1, delta1.sum(axis=0)
    dW2, db2 = a1.T @ delta2, delta2.sum(axis=0)
    return dW1, db1, dW2, db2
""",
}
