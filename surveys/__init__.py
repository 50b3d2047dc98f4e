"""Every decision of an evaluation, as pure functions over frozen values."""
