"""Right answers of chapter 00."""

SOLUTIONS = {
    "first_answer": "a, b = q.first_answer.given()\nfirst_answer = 3 * a + 4 * b",
    "before_training": 'before_training = "b"',
    "squares": "numbers = q.squares.given()\nsquares = numbers**2",
    "mean_of": "def mean_of(numbers):\n    return np.mean(numbers)",
    "slope_of_square": 'slope_of_square = "6 * x"',
    "gradient_of_squares": "def gradient_of_squares(w):\n    return 2 * w",
}
