"""A training run of the playground: its settings, its network, and a record of what was done to it."""
