"""The chaos run: `python -m tests.chaos [--database sqlite|postgresql] [--residents N] [--kills N] [--seed N]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from storage.vault import Vault, read_keys
from tests.chaos import stored
from tests.chaos.field import Order, Outcome, database, run
from tests.chaos.stored import Stored
from tests.chaos.verdict import SHOWN, Verdict, judge

DATABASES = ("sqlite", "postgresql")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the variants asked for; return 1 if a claim did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--database", action="append", choices=DATABASES, help="on which database; both if not said")
    parser.add_argument("--residents", type=int, default=2000, help="half of them by Telegram, half by SMS")
    parser.add_argument("--kills", type=int, default=30, help="SIGKILLs on each database")
    parser.add_argument("--seed", type=int, default=1, help="what faults, kills and answers follow from")
    parser.add_argument("--deadline", type=float, default=600.0, help="seconds a variant may take in the field")
    parser.add_argument("--keep", type=Path, help="a folder in which everything is left for a closer look")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    held = True
    for name in chosen.database or DATABASES:
        order = Order(name, chosen.residents, chosen.kills, chosen.seed, chosen.deadline)
        with tempfile.TemporaryDirectory(prefix="pingyi-chaos-") as temporary:
            folder = chosen.keep / name if chosen.keep else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            held &= _one(order, folder)
    return 0 if held else 1


def _one(order: Order, folder: Path) -> bool:
    with database(order, folder) as url:
        outcome = asyncio.run(run(order, folder, url))
        found = stored.read(url, Vault(read_keys(folder / "data" / "keys")))
    verdict = judge(outcome, found, sorted(folder.glob("*.log")))
    print("\n".join(report(outcome, found, verdict)), flush=True)
    return verdict.held


def report(outcome: Outcome, found: Stored, verdict: Verdict) -> list[str]:
    """Return the figures and what became of each claim."""
    crowd, order = outcome.crowd, outcome.order
    kills = Counter(f"{kill.moment} {kill.channel}".strip() for kill in outcome.service.kills)
    lines = [
        f"Chaos run on {order.database}: {order.residents:,} residents, seed {order.seed}",
        _line("SIGKILLs", f"{len(outcome.service.kills)} ({_counted(kills)})"),
        _line(
            "in the field", f"{outcome.seconds['fielded']:.0f} s, of them {outcome.seconds['killed']:.0f} s of kills"
        ),
    ]
    for name, provider in (("Telegram", crowd.telegram), ("Twilio", crowd.twilio)):
        calls = Counter(call.outcome for call in provider.calls)
        unanswered = sum(not sent.answered for sent in provider.sent)
        lines += [
            _line(f"{name}: calls", f"{len(provider.calls):,} ({_counted(calls)})"),
            _line(f"{name}: messages", f"{len(provider.sent):,} accepted, {unanswered} of them without an answer"),
            _line(f"{name}: faults", _counted(Counter({str(f): n for f, n in provider.faults.happened.items() if n}))),
        ]
    replies = sum(len(resident.replied) for resident in crowd.residents)
    survey = sum(len(said) for said in found.answers.values())
    lines += [
        _line("replies, answers", f"{replies:,} replies, {survey:,} answers of the survey"),
        _line("outbox", f"{len(found.rows):,} messages ({_counted(Counter(row.state for row in found.rows))})"),
        _line("inbox", _counted(found.inbox)),
        _line("Telegram: sent twice", f"{len(verdict.repeated)}, each with its reason:"),
        *(f"    {attempt}  {reason}" for attempt, reason in verdict.repeated),
        _line("Telegram: parked", f"{len(verdict.parked)} that are no questions"),
        *(f"    {label}" for label in verdict.parked),
    ]
    for how, seconds in outcome.black.values():
        lines.append(_line(f"order let go ({how})", f"{seconds:.1f} s after the message that vanished"))
    for claim, faults in verdict.faults.items():
        lines.append(f"  {'ok    ' if not faults else 'FAILED'} {claim}")
        lines += [f"         {fault}" for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"         and {len(faults) - SHOWN} more")
    return lines


def _line(name: str, value: str) -> str:
    return f"  {name:<24} {value}"


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counter.items())) or "none"


if __name__ == "__main__":
    sys.exit(main())
