"""Pictures and what is done to them: digits and who wrote them, MNIST, your own drawing, warps."""
