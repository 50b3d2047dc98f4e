"""How interviews and answers become opaque blobs and back; chosen per campaign (all are named so far)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from storage.vault import Vault
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.turn import Answer

#: JSON as it is kept in sealed columns: without blanks, Chinese as it is.
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read = json.JSONDecoder().decode
# A look into a dictionary, where calling the enumeration would cost ten times as much.
_PURPOSES = {purpose.value: purpose for purpose in Purpose}
_STAGES = {stage.value: stage for stage in Stage}
_MODES = {mode.value: mode for mode in Mode}
#: What is left out of an interview's state where it is empty.
_SPARSE = (
    "tries", "reminders", "begun", "cleared", "given", "skipped", "unread", "asked", "nudged", "attached", "covered",
    "sought", "was",
)  # fmt: skip


class InterviewRow(NamedTuple):
    """The columns of `interviews` that make an interview."""

    id: str
    purpose: str
    resident_id: int
    campaign_id: str
    case_id: str
    stage: str
    turn: int
    mode: str
    state: bytes


class NamedCodec:
    """Seals state and answers under the data key, so that the office can open them until the deletion date."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal_interview(self, interview: Interview) -> bytes:
        """Return the state of `interview` that has no column of its own; what is empty is left out."""
        state: dict[str, Any] = {
            "form": interview.form,
            "language": interview.language,
            "position": interview.position,
            "values": interview.values,
            "trail": interview.trail,
        }
        if interview.heard_at:
            state["heard_at"] = interview.heard_at.timestamp()
        if interview.late_after:
            state["late_after"] = interview.late_after.timestamp()
        if interview.hinted_at:
            state["hinted_at"] = interview.hinted_at.timestamp()
        for name in _SPARSE:
            value = getattr(interview, name)
            if value:
                state[name] = value
        return self._vault.seal("interviews.state", interview.id, compact(state))

    def open_interview(self, row: InterviewRow) -> Interview:
        """Return the interview of a row of `interviews`."""
        state: dict[str, Any] = _read(self._vault.open("interviews.state", row.id, row.state))
        get = state.get
        return Interview(
            id=row.id,
            purpose=_PURPOSES[row.purpose],
            resident=row.resident_id,
            campaign=row.campaign_id,
            case=row.case_id,
            stage=_STAGES[row.stage],
            turn=row.turn,
            mode=_MODES[row.mode],
            form=state["form"],
            language=state["language"],
            position=state["position"],
            tries=get("tries", 0),
            reminders=get("reminders", 0),
            begun=get("begun", False),
            cleared=get("cleared", False),
            heard_at=_instant(get("heard_at")),
            late_after=_instant(get("late_after")),
            values=state["values"],
            given=get("given", {}),
            trail=tuple(state["trail"]),
            skipped=tuple(get("skipped", ())),
            unread=get("unread", ""),
            asked=get("asked", 0),
            nudged=get("nudged", 0),
            hinted_at=_instant(get("hinted_at")),
            attached=tuple((of, question) for of, question in get("attached", ())),
            covered=get("covered", False),
            sought=get("sought", ""),
            was=get("was", {}),
        )

    def seal_answer(self, answer: Answer) -> bytes:
        """Return value, the words as they came, and the comment."""
        body = {"value": answer.value, "raw": answer.raw, "comment": answer.comment}
        return self._vault.seal("answers.body", f"{answer.interview}|{answer.question}", compact(body))

    def open_answer(self, interview: str, question: str, body: bytes) -> dict[str, str]:
        """Return value, raw and comment of one row of `answers`."""
        opened: dict[str, str] = json.loads(self._vault.open("answers.body", f"{interview}|{question}", body))
        return opened


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
