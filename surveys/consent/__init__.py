"""What a resident has agreed to, and has not."""
