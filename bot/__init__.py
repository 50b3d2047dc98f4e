"""What a person starts: webhooks, channels, command line; and the one composition root."""
