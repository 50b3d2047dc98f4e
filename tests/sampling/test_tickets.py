"""Of a million tickets only those are kept that can be among the lowest: that must make no difference."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import tickets
from surveys.sampling.frame import DRAWABLE, PANEL, STOPPED, DrawFrame
from surveys.sampling.tickets import Tickets, ticket

STRATA = ("城区", "乡村")


def frame_of(size: int) -> DrawFrame:
    """Return a frame in which every seventh resident shares a number, opted out or is of the panel."""
    odd = (STOPPED, PANEL, DRAWABLE)
    return DrawFrame(
        [f"p{at:05}" for at in range(size)],
        [STRATA[at % 3 == 0] for at in range(size)],
        [odd[at % 3] if at % 7 == 0 else DRAWABLE for at in range(size)],
        [1 if at % 21 == 14 else 0 for at in range(size)],
    )


@given(st.integers(0, 900), st.integers(0, 300), st.text(max_size=5))
def test_the_lowest_tickets_are_those_of_all_tickets_sorted(size: int, wanted: int, seed: str) -> None:
    frame = frame_of(size)
    drawn = Tickets(frame, seed, "water", STRATA)
    among = drawn.plain()
    asked = {stratum: min(wanted, among[stratum]) for stratum in STRATA}
    found = drawn.lowest(asked, among)
    for stratum in STRATA:
        every = sorted(
            (sha256(f"{seed}|water|{stratum}|{frame.pseudonyms[at]}".encode()).digest(), at)
            for at in range(size)
            if (frame.strata[at], frame.statuses[at], frame.numbers[at]) == (stratum, DRAWABLE, 0)
        )
        assert sorted(found[stratum])[: asked[stratum]] == every[: asked[stratum]]
        assert among[stratum] == len(every)


def test_where_too_few_were_kept_all_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = frame_of(500)
    drawn = Tickets(frame, "7", "water", STRATA)
    usual = drawn.lowest({"城区": 20}, drawn.plain())
    monkeypatch.setattr(tickets, "_limit", lambda _wanted, _among: b"\x00")
    assert sorted(drawn.lowest({"城区": 20}, drawn.plain())["城区"])[:20] == sorted(usual["城区"])[:20]


def test_a_ticket_is_the_digest_of_four_texts() -> None:
    frame = frame_of(3)
    assert ticket("7", "water", "城区", "p00001") == sha256("7|water|城区|p00001".encode()).digest()
    assert Tickets(frame, "7", "water", STRATA).of(1) == ticket("7", "water", "城区", "p00001")
