"""When a reserve replicate goes out by rule, and the invitations of whoever is released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from surveys.campaign.plan import CampaignKind, Plan
from surveys.campaign.schedule import spread
from surveys.dialogue.turn import Wake

#: The kind of wake that looks whether completes lag.
RELEASE = "release"


def lagging(targets: Mapping[str, int], completes: Mapping[str, int]) -> tuple[str, ...]:
    """Return the strata with fewer completes than their target, by name.

    >>> lagging({"a": 10, "b": 5}, {"a": 9, "b": 5})
    ('a',)
    """
    return tuple(name for name in sorted(targets) if completes.get(name, 0) < targets[name])


def release_wake(plan: Plan, starts_at: datetime) -> Wake | None:
    """Return the wake that looks first, `release_after` from the start; None without targets or reserves."""
    design = plan.sample
    due_at = starts_at + design.release_after
    if plan.kind is not CampaignKind.SURVEY or not design.target_completes or due_at >= plan.closes_at:
        return None
    return Wake(RELEASE, due_at, plan.name, f"{RELEASE}|{plan.name}", campaign=plan.name)


def invitations(plan: Plan, residents: Sequence[int], starts_at: datetime) -> Iterator[Wake]:
    """Yield the wakes that invite `residents`, in this order, spread from `starts_at` on."""
    for resident, due_at in zip(residents, spread_over(plan, len(residents), starts_at), strict=True):
        yield Wake(
            kind="invite",
            due_at=due_at,
            subject=str(resident),
            key=f"invite|{plan.name}|{resident}",
            resident=resident,
            campaign=plan.name,
        )


def spread_over(plan: Plan, count: int, starts_at: datetime) -> tuple[datetime, ...]:
    """Return `count` instants from `starts_at` on by the plan's hours of day."""
    return spread(count, starts_at, plan.invite_over, opens=plan.day_opens, closes=plan.day_closes, zone=plan.zone)
