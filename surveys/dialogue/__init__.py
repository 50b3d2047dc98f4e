"""Conversations: what is heard, what is decided, what is said back."""
