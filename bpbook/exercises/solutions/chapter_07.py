"""Right answers of chapter 07."""

SOLUTIONS = {
    "tangent": """
x, y, x_dot, y_dot = q.tangent.given()
tangent = y * x_dot + x * y_dot + 2 * x * x_dot
""",
    "dual_quotient": """
def dual_quotient(u, v):
    value = u[0] / v[0]
    tangent = (u[1] * v[0] - u[0] * v[1]) / v[0] ** 2
    return [value, tangent]
""",
    "shared_adjoint": """
x, y, k = q.shared_adjoint.given()
u = x * y
u_bar = 2 * u + k
shared_adjoint = u_bar * y
""",
    "back_to_x": 'back_to_x = "y * (sin(x * y) + x * y * cos(x * y))"',
    "round_of_output": """
def round_of_output(inputs, output):
    rounds = {}

    def visit(node):
        if node not in rounds:
            waits = [visit(earlier) for earlier in inputs[node]]
            rounds[node] = 1 + max(waits) if waits else 0
        return rounds[node]

    return visit(output)
""",
    "reverse_sweep": """
def reverse_sweep(n, edges, slopes):
    adjoint = np.zeros(n)
    adjoint[n - 1] = 1.0
    for k in reversed(range(len(edges))):
        node, earlier = edges[k]
        adjoint[earlier] += adjoint[node] * slopes[k]
    return adjoint
""",
    "forward_sweep": """
def forward_sweep(n, edges, slopes, speeds):
    tangent = np.zeros(n)
    tangent[:2] = speeds
    for (node, earlier), slope in zip(edges, slopes):
        tangent[node] += slope * tangent[earlier]
    return tangent
""",
    "sweeps": """
inputs, outputs = q.sweeps.given()
sweeps = [inputs, outputs]
""",
    "adjoint_of_W": """
def adjoint_of_W(a, W, z_bar):
    return z_bar.T @ a
""",
    "adjoint_of_a": """
def adjoint_of_a(a, W, z_bar):
    return z_bar @ W
""",
    "unbroadcast": """
def unbroadcast(u, shape):
    u = u.sum(axis=tuple(range(u.ndim - len(shape))))
    stretched = tuple(k for k, n in enumerate(shape) if n == 1)
    return u.sum(axis=stretched, keepdims=True)
""",
    "cost_of_sweep": """
products, sums, sines = q.cost_of_sweep.given()
cost_of_sweep = [products + sums + sines, 2 * products + 2 * sums + sines]
""",
    "times_dearer": """
n = q.times_dearer.given()
times_dearer = 2 * n / 3
""",
    "which_mode": 'which_mode = "a"',
    "kept_for_later": 'kept_for_later = "c"',
    "called_twice": 'called_twice = "b"',
}
