"""Right answers of chapter 02."""

SOLUTIONS = {
    "nudged_value": """
x, y, slope, h = q.nudged_value.given()
nudged_value = y + slope * h
""",
    "two_links": """
k, c, x = q.two_links.given()
u = k * x + c
two_links = 2 * u * k
""",
    "along_chain": """
def along_chain(slopes):
    product = 1.0
    for slope in slopes:
        product = product * slope
    return product
""",
    "slope_formula": 'slope_formula = "-2 * x * exp(-x**2)"',
    "both_ways": """
k, x = q.both_ways.given()
v, w = k * x, x**2
both_ways = w * k + v * 2 * x
""",
    "counted_twice": """
slope, through_v, through_w = q.counted_twice.given()
first = through_v
second = first + through_w
counted_twice = slope * first + slope * second
""",
    "why_wait": 'why_wait = "b"',
    "number_of_calls": """
ways, rungs = q.number_of_calls.given()
number_of_calls = sum(ways**k for k in range(rungs + 1))
""",
    "back_through_chain": """
def back_through_chain(slopes):
    derivatives = np.ones(len(slopes) + 1)
    for k in reversed(range(len(slopes))):
        derivatives[k] = derivatives[k + 1] * slopes[k]
    return derivatives
""",
    "send_back": """
def send_back(x):
    u = x**2
    v, w = np.sin(u), 3 * u
    to_v, to_w = w, v
    to_u = to_v * np.cos(u) + to_w * 3
    to_x = to_u * 2 * x
    return [to_x, to_u, to_v, to_w]
""",
    "jacobian": """
x_0, x_1, k = q.jacobian.given()
jacobian = [[x_1, x_0], [k, -1], [0, 2 * x_1]]
""",
    "multiply_adds_from_left": """
n_0, n_1, n_2 = q.multiply_adds_from_left.given()
multiply_adds_from_left = n_2 * n_1 + n_1 * n_0
""",
    "cheaper_order": 'cheaper_order = "b"',
}
