"""Under which key an answer inside a repeat is kept.

`age@2` is the answer to `age` in the second instance, `age@2.1` that in the first instance of a repeat inside it: the
numbers of the instances from the outermost to the innermost. `household@#` is how many instances there are where that
is reckoned or given, `child@2#` the same for a repeat within instance 2. `household@1+` is the question whether another
one follows instance 1; `household@0+`, whether there is any.
"""

from __future__ import annotations

Indices = tuple[int, ...]

_AT, _MORE, _COUNT = "@", "+", "#"


def key(name: str, indices: Indices) -> str:
    """Return where the answer to `name` in these instances is kept."""
    if len(indices) == 1:  # by far the most: spelled out, it takes half the time
        return f"{name}{_AT}{indices[0]}"
    return f"{name}{_AT}{'.'.join(map(str, indices))}" if indices else name


def count_key(repeat: str, outer: Indices) -> str:
    """Return where the number of instances of a repeat is kept, within these instances of the repeats around it."""
    return f"{repeat}{_AT}{'.'.join(map(str, outer))}{_COUNT}"


def more_key(repeat: str, indices: Indices) -> str:
    """Return the key of the question whether another instance follows; a last index of 0 asks whether there is any."""
    return key(repeat, indices) + _MORE


def is_more(name: str) -> bool:
    """Whether a key is that of the question whether another instance follows."""
    return name.endswith(_MORE) and _AT in name


def is_count(name: str) -> bool:
    """Whether a key is that of a number of instances."""
    return name.endswith(_COUNT) and _AT in name


def parted(name: str) -> tuple[str, Indices]:
    """Return the name of the row and the numbers of the instances, () outside all repeats; ValueError for no key."""
    row, at, numbers = name.partition(_AT)
    numbers = numbers.rstrip(_MORE + _COUNT)
    return (row, tuple(map(int, numbers.split(".")))) if at and numbers else (row, ())


def row_of(name: str) -> str:
    """Return the name of the row that a key belongs to."""
    return name.partition(_AT)[0]


def other_key(name: str) -> str:
    """Return the key of the text that says which other was meant."""
    row, at, numbers = name.partition(_AT)
    return f"{row}_other{at}{numbers}"
