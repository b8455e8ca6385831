"""Right answers of chapter 11."""

SOLUTIONS = {
    "share_found": """
sensitivity, specificity, called, people = q.share_found.given()
share_found = (called - (1 - specificity) * people) / (sensitivity + specificity - 1)
""",
    "rates": """
def rates(y, p, threshold):
    called = p >= threshold
    sensitivity = called[y == 1].mean()
    specificity = 1 - called[y == 0].mean()
    return sensitivity, specificity
""",
    "at_least_found": """
people, ill, accuracy = q.at_least_found.given()
mistakes = (1 - accuracy) * people  # in the worst case all of them are misses
at_least_found = (ill - mistakes) / ill
""",
    "cost_threshold": 'cost_threshold = "(1 + b) / (1 + k)"',
    "sensitivity_in_the_test": """
def sensitivity_in_the_test(z, y, choose, test, least):
    ill = z[choose][y[choose] == 1]
    for line in sorted(ill, reverse=True):
        if (ill >= line).mean() >= least:
            break
    found = z[test][y[test] == 1] >= line
    return found.mean()
""",
    "temperature_by_hand": 'temperature_by_hand = "1 / (1 + k**T)"',
    "temperature_slope": """
def temperature_slope(z, y, T):
    p = bp.losses.softmax(z / T)
    delta = p - np.eye(z.shape[1])[y]
    return -(delta * z).sum(axis=1).mean() / T**2
""",
    "which_stretch": """
z1, have1, of1, z2, have2, of2 = q.which_stretch.given()
logit1, logit2 = np.log(have1 / (of1 - have1)), np.log(have2 / (of2 - have2))
which_stretch = (logit1 - logit2) / (z1 - z2)
""",
    "fill_gaps": """
def fill_gaps(learn, test):
    median = np.nanmedian(np.where(learn < 0, np.nan, learn), axis=0)
    learn, test = np.where(learn < 0, median, learn), np.where(test < 0, median, test)
    return learn, test
""",
    "choose_columns": """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    difference = (x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / x.std(axis=0)
    largest = np.argsort(abs(difference))[-k:]
    return np.sort(largest)
""",
    "twin_learned_from": """
rows, folds = q.twin_learned_from.given()
learned = rows - rows // folds
twin_learned_from = learned / (rows - 1)
""",
    "logit_moves_by": """
w_radius, w_area, radius, area, sd_radius, sd_area, scale = q.logit_moves_by.given()
by_radius = w_radius * (scale * radius - radius) / sd_radius
by_area = w_area * (scale**2 * area - area) / sd_area
logit_moves_by = by_radius + by_area
""",
    "what_auc_sees": 'what_auc_sees = "c"',
    "gradient_of_a_twin": 'gradient_of_a_twin = "c"',
    "called_in_vain": """
people, ill, specificity = q.called_in_vain.given()
called_in_vain = (people - ill) * (1 - specificity)
""",
    "predictive_value": """
predictive_value = (
    "prevalence * (1 - sensitivity) / (prevalence * (1 - sensitivity) + (1 - prevalence) * specificity)"
)
""",
    "line_elsewhere": 'line_elsewhere = "1 / (1 + k * new / (1 - new) * (1 - old) / old)"',
}
