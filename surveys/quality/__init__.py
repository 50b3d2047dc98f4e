"""Signs that answers were not given freely and with care: each with its evidence, and never a deletion."""
