"""What staff can do: one function per action, the same for console, API and command line; `table` lists them.

Whoever needs one action alone imports its own file: the table takes every room along, a second of starting time.
"""
