"""A plan as staff write it, complete but for its sample."""

from __future__ import annotations

from typing import Any

WATER: dict[str, Any] = {
    "name": "water-2026",
    "organiser": "区测评办",
    "legal_basis": "区政办〔2026〕14号",
    "delete_on": "2027-06-30",
    "starts": "2026-11-02T10:00",
    "closes": "2026-11-20",
    "form": "five_waters_2018",
    "title": {"zh": "五水共治调查", "en": "Five waters survey"},
    "verify_by": "0838-12345",
}
