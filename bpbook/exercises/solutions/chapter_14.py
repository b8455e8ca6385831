"""Right answers of chapter 14."""

SOLUTIONS = {
    "forward_work": """
m, n_0, n_1, n_2 = q.forward_work.given()
products = m * n_0 * n_1 + m * n_1 * n_2
biases = m * n_1 + m * n_2
forward_work = products + biases + m * n_1
""",
    "products_back": """
m, n_0, n_1, n_2 = q.products_back.given()
weights = m * n_0 * n_1 + m * n_1 * n_2
products_back = weights + m * n_1 * n_2
""",
    "left_when_frozen": 'left_when_frozen = "(k + k - 1) / (L + L - 1)"',
    "waist_sweeps": """
inputs, waist, outputs = q.waist_sweeps.given()
first = waist  # reverse mode, one sweep for each of its outputs
second = waist  # forward mode, one sweep for each of its inputs
waist_sweeps = first + second
""",
    "floats_held": """
m, n_0, n_1, n_2 = q.floats_held.given()
parameters = n_0 * n_1 + n_1 + n_1 * n_2 + n_2
hidden = 3 * m * n_1
floats_held = hidden + 2 * m * n_2 + parameters
""",
    "portions": """
m, n_0, n_1, n_2, room = q.portions.given()
parameters = n_0 * n_1 + n_1 + n_1 * n_2 + n_2
fit = (room - 2 * parameters) // (3 * n_1 + 2 * n_2)  # its gradients and the sum so far are there as well
portions = -(-m // fit)
""",
    "best_interval": """
def best_interval(L):
    intervals = [k for k in range(1, L + 1) if L % k == 0]
    held = [L // k - 1 + 3 * k for k in intervals]
    best = intervals[held.index(min(held))]
    return best
""",
    "price_of_forgetting": 'price_of_forgetting = "(L - k) / (L + 2 * L - 1)"',
    "gradient_of_all": """
def gradient_of_all(dW, m, W, lmbda):
    total = lmbda * W
    for gradient, examples in zip(dW, m):
        total = total + gradient * examples / sum(m)
    return total
""",
    "with_w_machines": 'with_w_machines = "1 / (1 / w + t / (m * d))"',
    "even_share": """
speed, rate, size, w = q.even_share.given()
saved = 3 * (w - 1) / speed  # seconds for each parameter and each example of a share
travel = 2 * size / rate  # seconds for each parameter
even_share = travel / saved
""",
    "what_decides": 'what_decides = "c"',
}
