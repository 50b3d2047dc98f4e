"""How figures are put into digits and words, the same way in terminal, page and table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup, escape

from surveys.language import Message, message, translate
from surveys.questionnaire.form import in_language
from surveys.statistics.comparison import Standing
from surveys.statistics.disclosure import Withheld
from surveys.statistics.estimates import OVERALL, Estimate
from surveys.statistics.figures import CaseRate, CellFigures, TruthCheck
from surveys.statistics.results import Results

DASH = "—"
#: A command as a sentence quotes it.
_QUOTED = re.compile("`([^`]+)`")

CASE_STATES: Mapping[str, Message] = {
    "received": message("waiting to be assigned"),
    "assigned": message("being handled"),
    "contacted": message("unit has contacted the resident"),
    "staff_resolved": message("reported done by the unit (to be confirmed)"),
    "callback": message("callback under way"),
    "confirmed": message("confirmed solved by the resident"),
    "reopened": message("reopened"),
    "unreachable": message("not reached"),
    "declined": message("did not wish to rate"),
}

MODES: Mapping[str, Message] = {
    "self": message("answered by themselves"),
    "assisted": message("with a relative's help"),
    "phone": message("by phone with a member of staff"),
    "paper": message("on paper"),
    "doorstep": message("at the door with an interviewer"),
}

CHANNELS: Mapping[str, Message] = {
    "simulator": message("phone simulator"),
    "telegram": message("Telegram"),
    "sms": message("text message"),
    "whatsapp": message("WhatsApp"),
    "gateway": message("text message by gateway"),
    "voice": message("voice call"),
}

SKIPPED: Mapping[str, Message] = {
    "stopped": message("had opted out"),
    "no_address": message("no address to write to"),
    "drawn": message("drawn for a survey, hence left alone"),
    "capped": message("had been contacted too often lately"),
}


def percent(share: float | None) -> str:
    """Return a share as `63.6%`, a dash where there is none."""
    return DASH if share is None else f"{100 * share:.1f}%"


def points(share: float | None) -> str:
    """Return a share without its sign, `63.6`, for the ends of an interval."""
    return DASH if share is None else f"{100 * share:.1f}"


def interval(estimate: Estimate) -> str:
    """Return the 95 % interval of a share as `59.2–67.7%`, a dash where there is none."""
    return DASH if estimate.low is None else f"{points(estimate.low)}–{points(estimate.high)}%"


def decimal(value: float | None, digits: int = 2) -> str:
    """Return a number with fixed digits, a dash where there is none."""
    return DASH if value is None else f"{value:,.{digits}f}"


def decimal_interval(estimate: Estimate) -> str:
    """Return the 95 % interval of a mean, a dash where there is none."""
    return DASH if estimate.low is None else f"{decimal(estimate.low)}–{decimal(estimate.high)}"


def whole(number: int) -> str:
    """Return a count with its thousands set apart."""
    return f"{number:,}"


def named(words: Mapping[str, Message], key: str, language: str) -> str:
    """Return what a stored key is called, the key itself if it has no words."""
    return words[key].text(language) if key in words else key


def day(instant: datetime, results: Results, language: str) -> str:
    """Return the local date of an instant."""
    local = instant.astimezone(results.zone)
    return translate(
        language,
        "{year}-{mm}-{dd}",
        year=local.year,
        month=local.month,
        day=local.day,
        mm=f"{local.month:02d}",
        dd=f"{local.day:02d}",
    )


def title(results: Results, language: str) -> str:
    """Return the campaign's title, its short name if it has none."""
    return in_language(results.campaign.titles, language) or results.campaign.name


def label(labels: Mapping[str, str], name: str, language: str) -> str:
    """Return a wording in `language`, the name if there is none."""
    return in_language(labels, language) or name


def group(stratum: str, language: str) -> str:
    """Return a stratum's name, words for everybody."""
    return message("everybody").text(language) if stratum == OVERALL else stratum


def rate_sentence(rate: CaseRate, language: str) -> str:
    """Name both parts of a rate, e.g. `34 confirmed solved by the resident ÷ 43 cases whose resident answered`."""
    return translate(
        language,
        "{numerator} {numerator_words} ÷ {denominator} {denominator_words}",
        numerator=whole(rate.numerator),
        numerator_words=rate.numerator_words,
        denominator=whole(rate.denominator),
        denominator_words=rate.denominator_words,
    )


def why_absent(cell: CellFigures, language: str) -> str:
    """Say why a stratum shows no satisfied share."""
    return (cell.withheld or Withheld.SMALL).words.text(language)


def covered(truth: TruthCheck, language: str) -> str:
    """Say whether an interval contains the simulated truth."""
    if truth.covered is None:
        return translate(language, "no interval")
    return translate(language, "inside the interval") if truth.covered else translate(language, "outside the interval")


def truth_words(truth: TruthCheck | None, language: str) -> str:
    """Return the simulated truth and whether the interval contains it, a dash where it is not known."""
    return DASH if truth is None else f"{percent(truth.value)} {covered(truth, language)}"


def standing_words(standing: Standing, groups: int, language: str) -> str:
    """Say where a group stands among `groups` compared; overlapping intervals are tied, never ranked."""
    if standing.tied or groups < 2:
        return translate(language, "tied (not distinguishable)")
    parts = []
    if standing.above:
        parts.append(translate(language, "higher than {groups}", groups=listed(standing.above, language)))
    if standing.below:
        parts.append(translate(language, "lower than {groups}", groups=listed(standing.below, language)))
    return translate(language, "; ").join(parts)


def listed(names: tuple[str, ...], language: str, most: int = 3) -> str:
    """Name a few groups, count many."""
    if len(names) > most:
        return translate(language, "{count} groups", count=len(names))
    return translate(language, ", ").join(names)


def commands(text: str) -> Markup:
    """Return a sentence as HTML, escaped, with the commands it quotes between backticks marked as code."""
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just before
