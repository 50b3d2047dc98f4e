"""A case as a row and back, its texts sealed."""

from __future__ import annotations

from typing import Any

from storage.vault import Vault
from surveys.cases.case import Case, CaseState, Outcome


def case_row(vault: Vault, case: Case) -> dict[str, Any]:
    """Return the row of a case, its texts sealed."""
    return {
        "id": case.id,
        "number": case.number,
        "resident_id": case.resident,
        "address_id": case.address,
        "campaign_id": case.campaign,
        "unit_id": case.unit,
        "handler": case.handler,
        "state": case.state.value,
        "outcome": case.outcome.value if case.outcome else "",
        "named": case.named,
        "text": vault.seal("cases.text", case.id, case.text),
        "resolution": vault.seal("cases.resolution", case.id, case.resolution),
        "reason": vault.seal("cases.reason", case.id, case.reason),
        "resolved_by": case.resolved_by,
        "round": case.round,
        "reopened": case.reopened,
        "escalation": case.escalation,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
    }


def open_case_row(vault: Vault, row: Any) -> Case:
    """Return the case of a row of `cases`, its texts opened."""
    return Case(
        id=row.id,
        number=row.number,
        resident=row.resident_id,
        address=row.address_id,
        state=CaseState(row.state),
        text=vault.open("cases.text", row.id, row.text),
        opened_at=row.opened_at,
        named=row.named,
        campaign=row.campaign_id,
        unit=row.unit_id,
        handler=row.handler,
        due_at=row.due_at,
        round=row.round,
        reopened=row.reopened,
        escalation=row.escalation,
        resolved_at=row.resolved_at,
        resolution=vault.open("cases.resolution", row.id, row.resolution),
        resolved_by=row.resolved_by,
        outcome=Outcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
        reason=vault.open("cases.reason", row.id, row.reason),
    )
