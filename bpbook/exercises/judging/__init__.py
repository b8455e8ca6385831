"""What happens between an answer and its mark: run it, read it, compare it, and put the verdict into words."""
