"""The phone simulator: phones and their carrier behind a real HTTP interface."""
