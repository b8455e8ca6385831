"""A textbook on backpropagation that runs."""
