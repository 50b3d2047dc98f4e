"""What the bench's residents reply to Five Waters 2018: mostly numbers, and labels as people type them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FORM = "five_waters_2018"
#: Residents who answer side by side: one group of the writer.
GROUP = 64
#: Six replies take a resident through the questionnaire, whichever branch they are on.
REPLIES = (
    ("1", "2", "1", "1", "1 3", "1"),
    ("一般", "有所改善", "是", "没有参与过", "支持", "比较满意"),
    ("2", "3", "2", "2", "1", "2"),
    ("较好", "1", "听说过", "1", "1、3", "满意"),
)
TURNS = len(REPLIES[0])


def reply(resident: int, turn: int) -> str:
    """Return what `resident` says to the `turn`-th question put (from 0)."""
    return REPLIES[resident % len(REPLIES)][turn]


def waves(residents: Sequence[int]) -> Iterator[list[tuple[int, str]]]:
    """Return waves of replies, one each of at most GROUP residents, until all have answered everything."""
    for start in range(0, len(residents), GROUP):
        together = residents[start : start + GROUP]
        for turn in range(TURNS):
            yield [(resident, reply(resident, turn)) for resident in together]
