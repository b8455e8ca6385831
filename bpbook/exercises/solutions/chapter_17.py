"""Right answers of chapter 17."""

SOLUTIONS = {
    "centre_gradient": """
W, u = q.centre_gradient.given()
centre_gradient = u[0][0] * W[1][1] + u[0][1] * W[1][0] + u[1][0] * W[0][1] + u[1][1] * W[0][0]
""",
    "convolve": """
def convolve(x, W, b, stride):
    k_h, k_w, c, f = W.shape
    rows = (x.shape[1] - k_h) // stride + 1
    columns = (x.shape[2] - k_w) // stride + 1
    z = np.zeros((len(x), rows, columns, f))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride : i * stride + k_h, j * stride : j * stride + k_w]
            z[:, i, j] = np.einsum("mpqc,pqcf->mf", window, W) + b
    return z
""",
    "conv_gradient": """
def conv_gradient(u, x, W, b, stride, dilation):
    k_h, k_w = W.shape[:2]
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), u.sum(axis=(0, 1, 2))
    for i in range(u.shape[1]):
        for j in range(u.shape[2]):
            rows = slice(i * stride, i * stride + dilation * k_h, dilation)
            columns = slice(j * stride, j * stride + dilation * k_w, dilation)
            dW += np.einsum("mpqc,mf->pqcf", x[:, rows, columns], u[:, i, j])
            dx[:, rows, columns] += np.einsum("mf,pqcf->mpqc", u[:, i, j], W)
    return dx, dW, db
""",
    "pool_gradient": """
def pool_gradient(u, x, size, stride):
    dx = np.zeros_like(x)
    for i in range(u.shape[0]):
        for j in range(u.shape[1]):
            window = x[i * stride : i * stride + size, j * stride : j * stride + size]
            p, q = np.unravel_index(window.argmax(), window.shape)
            dx[i * stride + p, j * stride + q] += u[i, j]
    return dx
""",
    "norm_by_hand": """
x, u = (np.array(numbers, dtype=float) for numbers in q.norm_by_hand.given())
x_hat = (x - x.mean()) / x.std()
norm_by_hand = (u - u.mean() - x_hat * (u * x_hat).mean()) / x.std()
""",
    "batch_norm_gradient": """
def batch_norm_gradient(u, x, gamma, beta, eps):
    sigma = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / sigma
    g = u * gamma
    through_mean = g.mean(axis=0)
    through_variance = x_hat * (g * x_hat).mean(axis=0)
    dx = (g - through_mean - through_variance) / sigma
    dgamma, dbeta = (u * x_hat).sum(axis=0), u.sum(axis=0)
    return dx, dgamma, dbeta
""",
    "layer_norm": """
def layer_norm(u, x, gamma, beta, eps):
    sigma = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / sigma
    z = gamma * x_hat + beta
    g = u * gamma
    through_mean = g.mean(axis=1, keepdims=True)
    through_variance = x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    dx = (g - through_mean - through_variance) / sigma
    return z, dx
""",
    "after_k_steps": 'after_k_steps = "(w * (1 - h**2))**k"',
    "through_time": """
def through_time(u, x, W_x, W_h, b, h0):
    T = x.shape[1]
    h = [h0]
    for t in range(T):
        h.append(np.tanh(x[:, t] @ W_x + h[t] @ W_h + b))  # h[t] is the state before step t
    dx, dW_x, dW_h, db = np.zeros_like(x), np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(b)
    from_later = np.zeros_like(h0)
    for t in reversed(range(T)):
        delta = (u[:, t] + from_later) * (1 - h[t + 1] ** 2)
        from_later = delta @ W_h.T
        dx[:, t] = delta @ W_x.T
        dW_x += x[:, t].T @ delta
        dW_h += h[t].T @ delta
        db += delta.sum(axis=0)
    return dx, dW_x, dW_h, db
""",
    "embed_gradient": """
def embed_gradient(u, tokens, rows):
    dE = np.zeros((rows, u.shape[2]))
    np.add.at(dE, tokens, u)
    return dE
""",
    "attend_by_hand": """
products, values, d = q.attend_by_hand.given()
e = np.exp(np.array(products) / np.sqrt(d))
A = e / e.sum()
attend_by_hand = [A[0], A[1], A @ values]
""",
    "softmax_backward": """
def softmax_backward(dA, A):
    mean = (A * dA).sum(axis=1, keepdims=True)
    ds = A * (dA - mean)
    return ds
""",
    "attention_gradient": """
def attention_gradient(u, q, k, v):
    T, d = q.shape
    s = np.where(np.tril(np.ones((T, T))) > 0, q @ k.T / np.sqrt(d), -np.inf)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    A = e / e.sum(axis=1, keepdims=True)
    dv = A.T @ u
    dA = u @ v.T
    ds = A * (dA - (A * dA).sum(axis=1, keepdims=True))
    dq, dk = ds @ k / np.sqrt(d), ds.T @ q / np.sqrt(d)
    return dq, dk, dv
""",
    "too_good": 'too_good = "c"',
}
