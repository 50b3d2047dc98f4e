"""A simulated month of one evaluation: a made-up town, its people, its units, and the very service they talk to."""
