"""What a chaos run must show, judged by the emulators' own count beside what the service has stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tests.chaos.field import OPEN, TELEGRAM_SECRET, TELEGRAM_TOKEN, TWILIO_TOKEN, Outcome
from tests.chaos.script import MARK, Script, plain, wordings
from tests.chaos.stored import Row, Stored
from tests.emulators.telegram import Sent as TelegramSent

#: Seconds between a process's message and its death within which the outcome can have been lost with it.
LOST_WITHIN = 5.0
#: An unknown outcome holds up what comes after it for 60 s; by so many it must have let go. The service counts from
#: the attempt, which on a busy machine lies a while before the acceptance that is measured here.
HOLDS_UP, LET_GO_BY = 60.0, 70.0
BEFORE_ACCEPTANCE = 5.0
#: Seconds after which the service gives up waiting for an answer.
ANSWER_SECONDS = 15.0
#: Examples shown of each fault.
SHOWN = 8


@dataclass
class Verdict:
    """`faults` by claim, empty when it held; `repeated` lists each Telegram message sent twice and why."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    repeated: list[tuple[str, str]] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether every claim did."""
        return not any(self.faults.values())


def judge(outcome: Outcome, stored: Stored, logs: Sequence[Path]) -> Verdict:
    """Judge a run."""
    verdict = Verdict()
    verdict.faults = {
        "everybody came to the end": [*outcome.stuck, *outcome.crowd.broken],
        "no reply that was taken is missing": _unheard(outcome, stored),
        "no message is lost": _lost(outcome, stored, verdict),
        "Twilio sends nothing twice": _twice_by_twilio(outcome, stored),
        "Telegram repeats only what it must": _twice_by_telegram(outcome, stored, verdict),
        "every answer is recorded once, as given": _answers(outcome, stored),
        "everybody gets every question in order": _order(outcome),
        "an unknown outcome lets go after 60 s": _held_up(outcome),
        "nothing private is in any log": _logged(outcome, logs),
        "every process ends in order": [f"exit codes {outcome.exits}"] if any(outcome.exits) else [],
    }
    return verdict


def _unheard(outcome: Outcome, stored: Stored) -> list[str]:
    """Each message of a resident that the service has answered 2xx is in its inbox."""
    sms = outcome.crowd.twilio.posts
    given_up = [f"{said['MessageSid']} was given up, status {last}" for _, said, last in sms.given_up if "Body" in said]
    taken = sms.taken | outcome.crowd.telegram.posts.taken
    return [*given_up, *(f"{name} was answered 200 and is not there" for name in sorted(taken - stored.heard))]


def _lost(outcome: Outcome, stored: Stored, verdict: Verdict) -> list[str]:
    """Each message that counts as sent is at the emulator; what is not sent was parked by the stated policy."""
    sms = {sent.id: sent for sent in outcome.crowd.twilio.sent}
    telegram = {sent.id: sent for sent in outcome.crowd.telegram.sent}
    came = {(sent.address, plain(sent.text)) for sent in telegram.values()}
    faults = [f"{outcome.crowd.untaken} webhooks were never taken"] if outcome.crowd.untaken else []
    for row in stored.rows:
        label = f"message {row.id} by {row.channel}: {row.state}, {row.attempts} attempts, {row.error}"
        if row.state in {"accepted", "delivered"}:
            sent = (sms if row.channel == "sms" else telegram).get(row.provider_id)
            # A message whose answer was lost, and to which the resident replied, has no id: the reply proves it.
            proven = not row.provider_id and row.channel == "telegram" and (row.address, row.text) in came
            if not proven and (sent is None or (sent.address, plain(sent.text)) != (row.address, row.text)):
                faults.append(f"{label}: the provider does not have it")
        elif row.state == "cancelled" and row.error == "overtaken" and (row.address, row.text) in came:
            pass  # nobody could say whether it was sent; its resident went on, so it was not sent again
        elif row.state == "dead" and row.channel == "telegram" and not row.interview:
            verdict.parked.append(label)  # nobody can say whether it was sent, and it is no question
        else:
            faults.append(label + (" (still on its way)" if row.state in OPEN else ""))
    strange = {key: n for key, n in stored.inbox.items() if not key.startswith("done")}
    return [*faults, *(f"{n} messages of residents are {key}" for key, n in strange.items())]


def _twice_by_twilio(outcome: Outcome, stored: Stored) -> list[str]:
    twilio = outcome.crowd.twilio
    by_attempt = Counter(sent.attempt for sent in twilio.sent)
    by_words = Counter((sent.address, sent.text) for sent in twilio.sent)
    rows = [row for row in stored.rows if row.channel == "sms"]
    meant = Counter((row.address, row.text) for row in rows)
    own = {attempt for row in rows for attempt in row.attempt_ids}
    return [
        *(f"attempt {attempt}: {n} times" for attempt, n in by_attempt.items() if n > 1),
        *(f"attempt {attempt} is nobody's" for attempt in by_attempt if attempt not in own),
        *(
            f"message {row.id}: {n} times in {row.attempts} attempts"
            for row in rows
            if (n := sum(by_attempt[attempt] for attempt in row.attempt_ids)) > 1
        ),
        *(f"the same words {n} times to one resident" for words, n in by_words.items() if n > meant[words]),
    ]


def _twice_by_telegram(outcome: Outcome, stored: Stored, verdict: Verdict) -> list[str]:
    """Every message more than there are rows must have lost its answer, by the emulator or with its process."""
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in stored.rows:
        if row.channel == "telegram":
            rows[row.address, row.text].append(row)
    faults = []
    came: dict[tuple[str, str], list[TelegramSent]] = defaultdict(list)
    for sent in outcome.crowd.telegram.sent:
        came[sent.address, plain(sent.text)].append(sent)
    for words, messages in came.items():
        mine = rows.get(words, [])
        if len(messages) <= len(mine):
            continue
        settled = {row.provider_id for row in mine}
        unnamed = sum(not row.provider_id for row in mine)  # settled by the resident's reply: one copy each is theirs
        for sent in messages:
            if sent.id in settled:
                continue
            reason = _excuse(outcome, sent)
            tried = [stored.again[a] for row in mine for a in row.attempt_ids if a in stored.again]
            after = sorted((a for a in tried if a.at.timestamp() >= sent.wall - 0.01), key=lambda a: a.at)
            if reason and not after and unnamed:
                unnamed -= 1
            elif reason and after:
                verdict.repeated.append((after[0].attempt, reason))
            else:
                why = reason or "its answer left and its process lived"
                faults.append(f"chat message {sent.id}, sent again {len(after)} times: {why}")
    return faults


def _excuse(outcome: Outcome, sent: TelegramSent) -> str:
    """Return why the outcome of a message could not be known, '' if it could."""
    pid = outcome.crowd.telegram.senders.get(sent.id, 0)
    killed = [k for k in outcome.service.kills if pid in {k.pid, 0} and 0 <= k.at - sent.at + 0.05 <= LOST_WITHIN]
    if killed:
        return f"{killed[0].name} was killed {max(0.0, killed[0].at - sent.at) * 1000:.0f} ms after acceptance"
    return "" if sent.answered else "the emulator dropped the answer"


def _answers(outcome: Outcome, stored: Stored) -> list[str]:
    faults = []
    for resident in outcome.crowd.residents:
        script = resident.script
        has = stored.answers.get(script.office_id, {})
        if stored.surveys[script.office_id] != 1:
            faults.append(f"{script.office_id} has {stored.surveys[script.office_id]} interviews")
        wrong = {
            name: (has.get(name), script.survey.get(name))
            for name in sorted(has.keys() | script.survey.keys())
            if has.get(name) != script.survey.get(name)
        }
        if wrong:
            shown = ", ".join(f"{name} {was!r} instead of {meant!r}" for name, (was, meant) in wrong.items())
            faults.append(f"{script.office_id}{' (tapping)' if script.taps else ''}: {shown}; got {resident.got}")
        if stored.told.get(script.office_id, []) != [script.replies["what"].text]:
            faults.append(
                f"{script.office_id}: what they told is {len(stored.told.get(script.office_id, []))} times there"
            )
    return faults


def _order(outcome: Outcome) -> list[str]:
    faults = []
    for resident in outcome.crowd.residents:
        asked = [name for name in resident.got if name]
        if tuple(name for name, _ in groupby(asked)) != resident.script.path:
            faults.append(f"{resident.script.office_id} ({_way(resident.script)}): {asked}")
    return faults


def _held_up(outcome: Outcome) -> list[str]:
    faults = []
    for address, (how, seconds) in outcome.black.items():
        latest = LET_GO_BY + (ANSWER_SECONDS if how == "hole" else 0.0)  # its end is not known before
        if not HOLDS_UP - BEFORE_ACCEPTANCE <= seconds <= latest:
            faults.append(f"{address[-3:]} ({how}): the next message came {seconds:.1f} s after the one that vanished")
    return faults if len(outcome.black) == 2 else [*faults, "a message that vanished was not followed by another"]


def _logged(outcome: Outcome, logs: Sequence[Path]) -> list[str]:
    words = {
        "a token": [TELEGRAM_TOKEN, TELEGRAM_TOKEN.partition(":")[2], TELEGRAM_SECRET, TWILIO_TOKEN],
        "a question": [wording for wording in wordings() if len(wording) > 4],
        "a reply": [MARK],
        "a phone number": [resident.script.phone[3:] for resident in outcome.crowd.residents],
        "a chat": [resident.script.chat for resident in outcome.crowd.residents if resident.script.chat],
        "a name": ["王"],
    }
    faults = []
    for log in logs:
        text = log.read_text(encoding="utf-8", errors="replace")
        faults += [f"{log.name}: {what}" for what, among in words.items() if any(word in text for word in among)]
    return faults


def _way(script: Script) -> str:
    return "SMS" if not script.chat else "Telegram, tapping" if script.taps else "Telegram, typing"
