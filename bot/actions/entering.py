"""What witnesses type in for a draw, and what becomes of it where a frame is frozen anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from unicodedata import normalize

from storage.draws import StoredDraw
from surveys.language import Message, message
from surveys.problem import Problem, Refused, Severity
from surveys.sampling.certificate import Frozen, GivenUp, Randomness
from surveys.sampling.randomness import Source, canonical, read_source, refuse_few


def read_sources(names: Sequence[str], digits: Sequence[str]) -> tuple[Source, ...]:
    """Return the public events with their numbers.

    Refused unless each has its own, none is told twice, and together they could have given enough results.
    """
    if not names or len(names) != len(digits):
        what = message("{sources} sources and {digits} times digits were given.", sources=len(names),
                       digits=len(digits))  # fmt: skip
        raise _refused("bad_randomness", what, message("Write --digits after each --source."))
    sources = tuple(read_source(name, typed) for name, typed in zip(names, digits, strict=True))
    known: set[str] = set()
    for source in sources:
        if _alike(source.name) in known:
            what = message("The source {name} is named twice.", name=source.name)
            raise _refused("source_twice", what, message("Name each event once, e.g. with its date or number."))
        known.add(_alike(source.name))
    refuse_few(sources)
    return sources


def refuse_known(sources: Sequence[Source], given_up: Sequence[GivenUp]) -> None:
    """Refused if an event was entered for an earlier frame: its numbers were known before this one was frozen."""
    earlier = {_alike(source.name) for one in given_up for source in one.randomness.sources}
    keys = {canonical(one.randomness.sources) for one in given_up}
    for source in sources:
        if _alike(source.name) in earlier or canonical(sources) in keys:
            what = message("The numbers of {name} were known before this frame was frozen.", name=source.name)
            raise _refused("numbers_known", what, message("Wait for another event, and enter what that gives."))


def read_witnesses(names: Sequence[str]) -> tuple[str, ...]:
    """Return the witnesses' names; Refused if there is none, or one of them twice."""
    witnesses = tuple(" ".join(name.split()) for name in names if name.strip())
    if not witnesses:
        what = message("Nobody is named who saw the numbers.")
        raise _refused("no_witness", what, message("Name them: --witness 张三 --witness 李四"))
    known: set[str] = set()
    for name in witnesses:
        if _alike(name) in known:
            what = message("The witness {name} is named twice.", name=name)
            fix = message("Name each once; of two people of one name tell them apart, e.g. by their office.")
            raise _refused("witness_twice", what, fix)
        known.add(_alike(name))
    return witnesses


def few_witnesses(witnesses: Sequence[str]) -> tuple[Problem, ...]:
    """Return the warning that one witness alone is easily doubted."""
    if len(witnesses) != 1:
        return ()
    what = message("Only one witness saw the numbers; the certificate says so.")
    fix = message("Next time let a second person watch, from another office.")
    return (Problem("one_witness", what, fix, field="witness", severity=Severity.WARNING),)


def would_discard(name: str, randomness: Randomness) -> Problem:
    """Return the finding that freezing anew throws away what witnesses saw."""
    return Problem(
        "randomness_discarded",
        message(
            "Freezing anew throws away the numbers {numbers} that {witnesses} saw; the certificate will show both.",
            numbers=canonical(randomness.sources),
            witnesses=tuple(randomness.witnesses),
        ),
        message("If that is meant: pingyi draw freeze {name} --yes", name=name),
    )


def succeeding(frozen: Frozen, before: StoredDraw | None) -> Frozen:
    """Return the frame with what was given up for it: earlier frames whose randomness was known."""
    if before is None:
        return frozen
    given_up = before.frozen.given_up
    if before.randomness is not None:
        given_up += (GivenUp(before.frozen.digest, before.frozen.at, before.randomness),)
    discarded = before.frozen.discarded + (before.randomness is not None)
    return replace(frozen, discarded=discarded, given_up=given_up)


def _alike(name: str) -> str:
    """Return a name without what does not tell two apart: width, case, blanks."""
    return "".join(normalize("NFKC", name).casefold().split())


def _refused(code: str, what: Message, fix: Message) -> Refused:
    return Refused([Problem(code, what, fix)])
