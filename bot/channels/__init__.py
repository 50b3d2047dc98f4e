"""Channels: the ways messages reach residents and come back."""
