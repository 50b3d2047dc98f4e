"""The campaigns of the simulated month, as staff would write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.demo.calendar import ZONE, Calendar
from bot.demo.opinions import FORM
from bot.demo.town import HOTLINE, OFFICE, TOWN

SURVEY, PUBLICITY, LEADING = "five-waters-2026", "river-chiefs-2026", "please-rate-2026"
REPLICATES = 2
#: A text no office may send.
LEADING_TEXT = "收到测评短信请打满分,为家乡点赞!"


def survey(calendar: Calendar, sample: int, seed: int) -> dict[str, Any]:
    """Return the fields of the survey's plan."""
    return {
        **_common(calendar),
        "name": SURVEY,
        "kind": "survey",
        "title": {"zh": "五水共治群众评议", "en": "Five Waters survey"},
        "starts": calendar.starts_at,
        "closes": calendar.closes_at,
        "form": FORM,
        "late_days": 7,
        "audience": {"minimum_age": 18},
        "sample": {
            "size": sample,
            "seed": f"{seed}",
            "minimum_per_stratum": 2,
            "reserve": 0.2,
            "replicates": REPLICATES,
        },
    }


def publicity(calendar: Calendar, areas: Sequence[str]) -> dict[str, Any]:
    """Return the fields of the awareness campaign's plan."""
    return {
        **_common(calendar),
        "name": PUBLICITY,
        "kind": "awareness",
        "title": {"zh": "河长制宣传告知", "en": "River chiefs"},
        "starts": calendar.publicity_at,
        "closes": calendar.ends_at,
        "audience": {"areas": list(areas), "minimum_age": 18},
        "sample": {"seed": "publicity"},
        "message": {
            "zh": f"{OFFICE}告知:每条河都有河长,名单立在河边公示牌上;发现污染可拨 {HOTLINE} 反映。",
            "en": f"{OFFICE}: every river has a river chief, named on a board by the bank. Pollution? Call {HOTLINE}.",
        },
    }


def leading(calendar: Calendar) -> dict[str, Any]:
    """Return a plan that must be refused."""
    return publicity(calendar, ()) | {
        "name": LEADING,
        "audience": {},
        "title": {"zh": "宣传告知", "en": "Notice"},
        "starts": calendar.ends_at,
        "closes": calendar.ends_at + timedelta(hours=3),
        "message": {"zh": f"{OFFICE}:{LEADING_TEXT}"},
    }


def _common(calendar: Calendar) -> dict[str, Any]:
    day = calendar.ends_at.astimezone(ZONE).date()
    return {
        "organiser": OFFICE,
        "legal_basis": f"《{TOWN}政务服务群众评议办法(模拟)》",
        "delete_on": day.replace(year=day.year + 1),
        "verify_by": HOTLINE,
        "channels": ["simulator"],
    }
