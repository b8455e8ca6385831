"""Right answers of chapter 09."""

SOLUTIONS = {
    "number_of_frames": """
n, length, hop = q.number_of_frames.given()
number_of_frames = (n - length) // hop + 1
""",
    "in_decibels": """
a, b = q.in_decibels.given()
in_decibels = 10 * np.log10(10 ** (-a / 10) + 10 ** (-b / 10))
""",
    "middle_pitch": """
low, high = q.middle_pitch.given()
middle = (2595 * np.log10(1 + low / 700) + 2595 * np.log10(1 + high / 700)) / 2
middle_pitch = 700 * (10 ** (middle / 2595) - 1)
""",
    "mel_slope": 'mel_slope = "2595 / (log(10) * (700 + f))"',
    "mel_corners": """
def mel_corners(low, high, bands):
    ends = 2595 * np.log10(1 + np.array([low, high]) / 700)
    corners = np.linspace(*ends, bands + 2)
    return 700 * (10 ** (corners / 2595) - 1)
""",
    "to_decibels": """
def to_decibels(power, floor):
    smallest = power.max() * 10 ** (-floor / 10)
    return 10 * np.log10(np.maximum(power, smallest) / power.max())
""",
    "by_itself": """
def by_itself(x):
    centred = x - x.mean(axis=1, keepdims=True)
    return centred / centred.std(axis=1, keepdims=True)
""",
    "measure_noise": """
def measure_noise(recording, start, stop):
    hiss = np.mean(np.delete(recording, range(start, stop)) ** 2)
    word = np.mean(recording[start:stop] ** 2) - hiss
    return 10 * np.log10(word / hiss)
""",
    "what_wiping_shows": 'what_wiping_shows = "b"',
    "people_apart": """
def people_apart(speaker, held_out):
    test = np.isin(speaker, held_out)
    return np.flatnonzero(~test), np.flatnonzero(test)
""",
    "per_person": """
def per_person(right, speaker):
    shares = [right[speaker == person].mean() for person in np.unique(speaker)]
    return np.mean(shares), np.min(shares)
""",
    "which_split": 'which_split = "c"',
    "which_spread": 'which_spread = "c"',
}
