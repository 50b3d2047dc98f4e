"""How scores are put into digits and words, the same way in terminal, page and table."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reports.phrases import DASH, whole
from surveys.language import ENGLISH, translate
from surveys.scoring.flagged import Doubted, WithoutFlagged
from surveys.scoring.ranking import RankSet
from surveys.scoring.ratings import RatedUnit
from surveys.scoring.report import ScoreReport
from surveys.scoring.rollup import AreaScore, Level
from surveys.scoring.selfscore import Gap
from surveys.scoring.trend import Change
from surveys.scoring.unitscore import Score, UnitScore
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.estimates import Estimate


def points(value: float | None) -> str:
    """Return a score with two digits, a dash where there is none."""
    return DASH if value is None else f"{value + 0.0:.2f}"


def signed(value: float | None) -> str:
    """Return a difference with its sign, a dash where there is none."""
    return DASH if value is None else f"{value + 0.0:+.2f}".replace("-", "\N{MINUS SIGN}")


def span(estimate: Estimate) -> str:
    """Return the 95 % interval of a score, a dash where there is none."""
    return DASH if estimate.low is None else f"{points(estimate.low)}–{points(estimate.high)}"


def signed_span(estimate: Estimate, language: str) -> str:
    """Return the 95 % interval of a difference."""
    if estimate.low is None:
        return DASH
    return translate(language, "{low} to {high}", low=signed(estimate.low), high=signed(estimate.high))


def unit_name(unit: RatedUnit, language: str) -> str:
    """Return what a unit is called."""
    return unit.name_en or unit.name if language == ENGLISH else unit.name


def class_name(unit_class: str, language: str) -> str:
    """Return what a class is called, words where units have none."""
    return unit_class or translate(language, "All units")


def areas_title(report: ScoreReport, level: Level, language: str) -> str:
    """Name the areas of a level: by their class, else by their place among the levels without one, upwards."""
    if level.name:
        return translate(language, "Areas: {name}", name=level.name)
    nameless = [one for one in report.levels if not one.name]
    if len(nameless) == 1:
        return translate(language, "Areas")
    place = next(number for number, one in enumerate(nameless, 1) if one is level)
    return translate(language, "Areas, level {place} of {levels} upwards", place=place, levels=len(nameless))


def why_none(score: Score, language: str) -> str:
    """Say why a score or its interval is missing, '' if neither is."""
    return score.why_not.text(language) if score.why_not else ""


def rank_words(one: UnitScore | AreaScore, language: str) -> str:
    """Return the rank set in words, always with how many are ranked; a dash where there is none."""
    return one.rank.words.text(language) if one.rank else DASH


def short_rank(rank: RankSet, language: str) -> str:
    """Return a rank set as short as it can be said, N named."""
    if rank.first == rank.last:
        return translate(language, "rank {rank} of {of}", rank=rank.first, of=rank.of)
    return translate(language, "tied {first}–{last} of {of}", first=rank.first, last=rank.last, of=rank.of)


def gap_words(gap: Gap, language: str) -> str:
    """Say how a self-score stands to the public one, and whether that is beyond chance."""
    told = translate(
        language,
        "self-score {own}, public − self {gap} ({interval})",
        own=points(gap.own),
        gap=signed(gap.gap.value),
        interval=signed_span(gap.gap, language),
    )
    if gap.overrated is None:
        return told
    higher = translate(language, "rates itself higher than residents do")
    lower = translate(language, "rates itself lower than residents do")
    return f"{told}{translate(language, '; ')}{higher if gap.overrated else lower}"


def doubted_words(one: WithoutFlagged, language: str) -> str:
    """Say how a score changes without the raters under a flag, or why that is not shown."""
    if one.score is None or one.difference is None:
        return one.why_not.text(language) if one.why_not else DASH
    return translate(
        language,
        "{score} ({interval}), difference {difference}",
        score=points(one.score.value),
        interval=span(one.score.estimate),
        difference=signed(one.difference),
    )


def doubted_note(doubted: Doubted, language: str) -> str:
    """Say how many raters are under a flag, what a flag is, and what is done with them."""
    return translate(
        language,
        "Raters under a flag of the quality checks, many best ratings alone not counted as one: {n}. Nobody's answers "
        "were deleted: a flag is a reason to look, not a verdict. Left out are those whose rating form of the unit "
        "counts. Where they are fewer than {smallest}, the score without them is withheld; where they are none, the "
        "score rests on the same answers and stays.",
        n=whole(doubted.raters),
        smallest=SMALLEST_CELL,
    )


def change_words(change: Change, language: str) -> str:
    """Say how a score changed since an earlier campaign, with gap years, and whether that is beyond chance."""
    if change.years:
        since = translate(
            language,
            "since {campaign} (years from then to now: {years})",
            campaign=change.since,
            years=change.years,
        )
    else:
        since = translate(language, "since {campaign} (the same year)", campaign=change.since)
    if change.missing:
        years = ", ".join(map(str, change.missing))
        since += translate(language, "; ") + translate(language, "no campaign in {years}", years=years)
    if change.change is None:
        return translate(language, "{since}: {why}", since=since, why=change.why_not or DASH)
    if change.risen is None:
        verdict = translate(language, "not shown to have changed")
    else:
        verdict = translate(language, "risen") if change.risen else translate(language, "fallen")
    told = translate(
        language,
        "{since}: {change} ({interval}), {verdict}",
        since=since,
        change=signed(change.change.value),
        interval=signed_span(change.change, language),
        verdict=verdict,
    )
    if change.rank_before is None or change.rank_before.of == 1:
        return told
    before = translate(language, "then {rank}", rank=short_rank(change.rank_before, language))
    return f"{told}{translate(language, '; ')}{before}"


def by_rank(found: Sequence[UnitScore]) -> list[UnitScore]:
    """Return units by their rank sets; those tied stand by id, so that their order says nothing; unranked last."""
    return sorted(
        found, key=lambda one: (*((one.rank.first, one.rank.last) if one.rank else (len(found) + 1, 0)), one.unit.id)
    )


def of_class(report: ScoreReport, unit_class: str) -> list[UnitScore]:
    """Return the units of a class by rank set."""
    return by_rank([one for one in report.scores.units if one.unit.unit_class == unit_class])


def title(report: ScoreReport, language: str) -> str:
    """Return the campaign's title, its name if it has none."""
    titles = report.campaign.titles
    return titles.get(language) or next(iter(titles.values()), "") or report.campaign.name
