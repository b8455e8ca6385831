"""Right answers of chapter 06."""

SOLUTIONS = {
    "number_of_steps": """
m, batch_size, epochs = q.number_of_steps.given()
number_of_steps = int(np.ceil(m / batch_size)) * epochs
""",
    "rows_of_batch": """
def rows_of_batch(order, k, batch_size):
    start = k * batch_size
    return order[start : start + batch_size]
""",
    "mean_of_batches": 'mean_of_batches = "c"',
    "loss_factor": 'loss_factor = "(1 - eta * k) ** 2"',
    "largest_eta": """
shallow, steep = q.largest_eta.given()
largest_eta = 2 / steep
""",
    "momentum_step": """
w, v, g, eta, mu = q.momentum_step.given()
v = mu * v - eta * g
momentum_step = w + v
""",
    "speed_up": """
mu = q.speed_up.given()
speed_up = 1 / (1 - mu)
""",
    "roll_down": """
def roll_down(w, curvature, eta, mu, steps):
    v = 0.0
    for _ in range(steps):
        v = mu * v - eta * curvature * w
        w = w + v
    return w
""",
    "rmsprop_step": """
w, g, s, rho, eta = q.rmsprop_step.given()
s = rho * s + (1 - rho) * g**2
rmsprop_step = w - eta * g / np.sqrt(s)
""",
    "adam_first_step": """
g, eta = q.adam_first_step.given()
adam_first_step = eta
""",
    "mean_from_zero": """
g, beta1, t = q.mean_from_zero.given()
u = 0.0
for _ in range(t):
    u = beta1 * u + (1 - beta1) * g
mean_from_zero = u
""",
    "adam": """
def adam(w, u, s, g, t, eta, beta1, beta2, epsilon):
    u = beta1 * u + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    u_hat = u / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    w = w - eta * u_hat / (np.sqrt(s_hat) + epsilon)
    return w, u, s
""",
    "clip": """
def clip(g, c):
    norm = np.linalg.norm(g)
    if norm <= c:
        return g
    return g * (c / norm)
""",
    "learning_rates": """
def learning_rates(eta, factor, every, steps):
    t = np.arange(steps)
    return eta * factor ** (t // every)
""",
    "shrunk_weight": """
w, eta, lmbda, steps = q.shrunk_weight.given()
shrunk_weight = w * (1 - eta * lmbda) ** steps
""",
    "read_curves": 'read_curves = "d"',
    "best_epoch": """
def best_epoch(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best
""",
    "error_bars": 'error_bars = "b"',
}
