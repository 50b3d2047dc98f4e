"""Results as people take them in: terminal, page, table, and the files of one bundle."""
