"""Right answers of chapter 13."""

SOLUTIONS = {
    "chain_factor": """
w, a = q.chain_factor.given()
w, a = np.array(w), np.array(a)
chain_factor = np.prod(w * a * (1 - a))
""",
    "highest_factor": 'highest_factor = "(1 + w / 4)**k"',
    "tanh_window": 'tanh_window = "log((1 + sqrt(1 - 1 / w)) / (1 - sqrt(1 - 1 / w)))"',
    "delta_sizes": """
def delta_sizes(W, z, delta):
    sizes = [np.linalg.norm(delta)]
    for l in range(len(W) - 2, 0, -1):
        a = 1 / (1 + np.exp(-z[l]))
        delta = (delta @ W[l + 1].T) * a * (1 - a)
        sizes.insert(0, np.linalg.norm(delta))
    return sizes
""",
    "middle_of_the_window": 'middle_of_the_window = "c"',
    "size_after": """
n, sd, layers = q.size_after.given()
size_after = (np.sqrt(n) * sd) ** layers
""",
    "stretches": """
large, small, k = q.stretches.given()
stretches = (large / small) ** k
""",
    "luck_of_the_batch": """
eta, units, a, n = q.luck_of_the_batch.given()
luck_of_the_batch = eta * (units * a**2 + 1) * (n / 10 - 1 / 10)
""",
    "he_start": """
def he_start(draws):
    n_in = draws.shape[0]
    sd = np.sqrt(2 / n_in)
    W = sd * draws
    return W
""",
    "leaky_variance": 'leaky_variance = "2 / ((1 + s**2) * n)"',
    "gradient_of_a_gain": """
c, L = q.gradient_of_a_gain.given()
gradient_of_a_gain = c ** (L - 1)
""",
    "layer_of_overflow": """
g = q.layer_of_overflow.given()
layer_of_overflow, size = 0, 1.0
while size <= 3.4028e38:
    size, layer_of_overflow = size * g, layer_of_overflow + 1
""",
    "clip_together": """
def clip_together(dW, db, c):
    largest = max(abs(dW).max(), abs(db).max())
    length = largest * np.sqrt(((dW / largest) ** 2).sum() + ((db / largest) ** 2).sum())
    if length > c:
        dW, db = dW * (c / length), db * (c / length)
    return dW, db
""",
    "doubling": 'doubling = "sqrt(4**(1 / L) - 1)"',
    "normalise_later": """
def normalise_later(z, seen, eps):
    mean, variance = seen.mean(axis=0), seen.var(axis=0)
    normed = (z - mean) / np.sqrt(variance + eps)
    return normed
""",
    "skip_back": """
def skip_back(u, h, W, b):
    slope = 1 - np.tanh(h @ W + b) ** 2
    through = (u * slope) @ W.T
    dh = u + through
    return dh
""",
    "batch_of_one": 'batch_of_one = "b"',
}
