"""Right answers of chapter 06."""

SOLUTIONS = {
    "number_of_steps": """
examples, batch_size, epochs = q.number_of_steps.given()
number_of_steps = int(np.ceil(examples / batch_size)) * epochs
""",
    "rows_of_batch": """
def rows_of_batch(order, k, batch_size):
    start = k * batch_size
    return order[start : start + batch_size]
""",
    "batch_for_scatter": """
B, now, wanted = q.batch_for_scatter.given()
batch_for_scatter = B * (now / wanted) ** 2
""",
    "loss_factor": 'loss_factor = "(1 - eta * k) ** 2"',
    "largest_eta": """
a, b = q.largest_eta.given()
curvature = (a**2 + b**2) / 2
largest_eta = 2 / curvature
""",
    "momentum_step": """
w, v, g, eta, mu = q.momentum_step.given()
v = mu * v - eta * g
momentum_step = w + v
""",
    "steps_to_speed": """
mu, share = q.steps_to_speed.given()
steps_to_speed, missing = 0, 1.0
while missing > 1 - share:
    steps_to_speed += 1
    missing *= mu
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
    "without_hats": """
t, beta1, beta2 = q.without_hats.given()
without_hats = (1 - beta1**t) / np.sqrt(1 - beta2**t)
""",
    "mean_of_zigzag": """
g, beta1 = q.mean_of_zigzag.given()
u = 0.0
for _ in range(500):
    u = beta1 * u - (1 - beta1) * g
    u = beta1 * u + (1 - beta1) * g
mean_of_zigzag = u
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
    "loss_floor": """
r = q.loss_floor.given()
p = 1 - r + r / 10  # how often the label is the true digit
loss_floor = -p * np.log(p) - (1 - p) * np.log((1 - p) / 9)
""",
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
    "seeds_needed": """
asked, below = q.seeds_needed.given()
seeds_needed = 1
while asked * 2 * 0.5**seeds_needed >= below:
    seeds_needed += 1
""",
    "ten_times_the_loss": """
ten_times_the_loss = "b"
""",
}
