"""Tables, transactions and migrations: the one place where a decision becomes rows."""
