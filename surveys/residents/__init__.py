"""Residents as an office hands them in: rows of a table, checked, with numbers in one form."""
