"""What is drawn: in the browser from a small state, or as a matplotlib figure; each with its .js and .css beside it."""
