"""Response rates, weights, estimates, and the results made of them."""
