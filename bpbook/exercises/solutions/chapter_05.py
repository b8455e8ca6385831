"""Right answers of chapter 05."""

SOLUTIONS = {
    "initial_loss": """
n = q.initial_loss.given()
initial_loss = n * np.log(2)
""",
    "error_by_hand": """
g, n = q.error_by_hand.given()
error_by_hand = np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))
""",
    "forward_passes": """
n_0, n_1, n_2 = q.forward_passes.given()
forward_passes = 2 * (n_0 * n_1 + n_1 + n_1 * n_2 + n_2)
""",
    "left_over": 'left_over = "h**2"',
    "forward": """
def forward(W, b, f, x):
    z, a = [None], [x]
    for l in range(1, len(W)):
        z.append(a[l - 1] @ W[l] + b[l])
        a.append(f[l](z[l]))
    return z, a
""",
    "gradients": """
def gradients(W, b, f, x, y, lmbda):
    L = len(W) - 1
    z, a = [None], [x]
    for l in range(1, L + 1):
        z.append(a[l - 1] @ W[l] + b[l])
        a.append(f[l](z[l]))
    delta, dW, db = [None] * (L + 1), [None] * (L + 1), [None] * (L + 1)
    for l in range(L, 0, -1):
        if l == L:
            delta[l] = (a[l] - y) / len(x) * f[l].prime(z[l])
        else:
            delta[l] = (delta[l + 1] @ W[l + 1].T) * f[l].prime(z[l])
        db[l] = delta[l].sum(axis=0)
        dW[l] = a[l - 1].T @ delta[l] + lmbda * W[l]
    return dW, db
""",
    "masked_delta": """
def masked_delta(delta, W, z, mask, scale):
    return (delta @ W.T) * mask * scale * (1 - np.tanh(z) ** 2)
""",
    "descend": """
def descend(x, y, W1, b1, W2, b2, eta):
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    a2 = a1 @ W2 + b2
    delta2 = (a2 - y) / len(x)
    delta1 = (delta2 @ W2.T) * (1 - a1**2)
    dW1, db1 = x.T @ delta1, delta1.sum(axis=0)
    dW2, db2 = a1.T @ delta2, delta2.sum(axis=0)
    return W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2
""",
    "numerical_gradient": """
def numerical_gradient(f, w, h):
    n, point = np.zeros(w.shape), w.copy()
    for k in np.ndindex(w.shape):
        point[k] = w[k] + h
        above = f(point)
        point[k] = w[k] - h
        below = f(point)
        point[k] = w[k]
        n[k] = (above - below) / (2 * h)
    return n
""",
    "complex_step": """
def complex_step(f, w, h):
    n = np.zeros(w.shape)
    for k in np.ndindex(w.shape):
        point = w.astype(complex)
        point[k] += 1j * h
        n[k] = f(point).imag / h
    return n
""",
    "relative_error": """
def relative_error(g, n):
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size else 0.0
""",
    "read_report": 'read_report = "b"',
    "cannot_overfit": 'cannot_overfit = "c"',
    "loss_goes_down": 'loss_goes_down = "d"',
}
