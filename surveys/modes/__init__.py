"""Answers that came by other ways than the chat: read from a table, checked as the chat checks, compared by mode."""
