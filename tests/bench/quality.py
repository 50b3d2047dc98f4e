"""How long it takes to look at the quality of answers: 1,000 respondents × 12 units × 6 dimensions."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from surveys.campaign.plan import CampaignKind
from surveys.quality.assessment import Quality
from surveys.questionnaire.form import Choice, Form, Kind, Question, Repeat
from surveys.statistics.analysis import AnalysisSet, AnswerChange, CampaignFacts, Paradata, Respondent, StratumFrame
from surveys.statistics.results import quality_of
from tests.bench.figures import Section

RESPONDENTS, UNITS, STRATA = 1000, 12, 10
DIMENSIONS = ("development", "service", "efficiency", "law", "integrity", "self")
LEVELS = ("satisfied", "fairly", "fair", "dissatisfied", "dk")
#: Seconds the whole of it may take, scores included; the flags alone are to stay under two.
LIMIT = 5.0
START = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def measure(_: Path, rounds: int) -> Section:
    """Time all checks with their effects, from answers to figures."""
    analysis = campaign()
    section = Section("Quality flags: 1,000 respondents × 12 units × 6 dimensions, a text per unit", "s")
    seconds, busy = [], []
    found: Quality | None = None
    for _number in range(max(1, rounds)):
        begun, worked = time.perf_counter(), time.process_time()
        found = quality_of(analysis, "service")
        seconds.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
    middle = sorted(seconds)[len(seconds) // 2]
    answers = sum(len(person.values) for person in analysis.respondents)
    work = sorted(busy)[len(busy) // 2]
    section.lines.append(
        f"{answers:,} answers, all checks: {middle:.2f} s, {work:.2f} s of them at work "
        f"(limit {LIMIT:g}: {verdict(middle)})",
    )
    if found is not None:
        section.lines += [f"{check.kind.value}: {len(check.respondents)} flagged" for check in found.checks]
    section.extra = {"seconds": seconds, "processor_seconds": busy, "answers": answers}
    return section


def verdict(seconds: float) -> str:
    """Say whether the limit holds."""
    return "held" if seconds < LIMIT else "MISSED"


def form() -> Form:
    """Return six ratings and a text for each unit."""
    choices = tuple(Choice(name, {"zh": name, "en": name}) for name in LEVELS)
    ratings = [
        Question(
            name,
            Kind.SELECT_ONE,
            f"unit/{name}",
            {"zh": f"您对该单位的{name}满意吗?"},
            choices=choices,
            repeats=("unit",),
        )
        for name in DIMENSIONS
    ]
    words = Question("words", Kind.TEXT, "unit/words", {"zh": "有什么需要整改的?"}, repeats=("unit",))
    return Form(
        "d", "offices", {"zh": "千人评机关"}, ("zh",), "zh", (*ratings, words),
        satisfied=dict.fromkeys(DIMENSIONS, ("satisfied", "fairly")), repeats=(Repeat("unit", "unit"),),
    )  # fmt: skip


def campaign(seed: int = 7) -> AnalysisSet:
    """Return a campaign in which everybody answers everything, some of them all alike."""
    random = Random(seed)
    people, paradata = [], {}
    for number in range(RESPONDENTS):
        key, at = f"r{number:06d}", START + timedelta(minutes=random.randint(0, 20 * 24 * 60))
        values, times = {}, {}
        lean = [random.uniform(0.5, 3) for _ in LEVELS]
        for unit in range(1, UNITS + 1):
            for name in (*DIMENSIONS, "words"):
                at += timedelta(seconds=random.expovariate(1 / 8))
                value = random.choices(LEVELS, lean)[0] if name != "words" else words(random)
                values[f"{name}@{unit}"] = value
                times[f"{name}@{unit}"] = at
        units = random.sample([f"u{n:02d}" for n in range(UNITS)], UNITS)
        people.append(
            Respondent(key, f"s{number % STRATA}", "", "1.1", "self", 100.0, values),
        )
        changes = (AnswerChange("service@1", raised=bool(number % 3), after=timedelta(minutes=5)),) * (number % 50 == 0)
        paradata[key] = Paradata(times, "zh", f"a{number}", tuple(units), changes=changes)
    size = RESPONDENTS // STRATA
    facts = CampaignFacts(
        "offices", {}, "", "", CampaignKind.SURVEY, START, START + timedelta(days=21), START + timedelta(days=30),
        "Asia/Shanghai",
    )  # fmt: skip
    strata = tuple(StratumFrame(f"s{n}", size * 100, size, size) for n in range(STRATA))
    return AnalysisSet(facts, form(), strata, tuple(people), paradata=paradata)


def words(random: Random) -> str:
    """Return something said in one's own words, two in a thousand of them from a handbill."""
    if random.randint(1, 500) == 1:
        return "工作人员态度非常好,办事效率高,非常满意!"
    return "".join(
        random.choices(
            "办事大厅窗口排队时间长希望增加人手改进服务流程公开透明加快进度上门一次办好", k=random.randint(6, 30)
        )
    )
