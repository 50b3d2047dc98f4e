"""The units that are evaluated, and those that are exempt."""
