"""An invented campaign, plausible enough to look at: five waters, ten strata, 1,000 released, a month of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random

from surveys.campaign.plan import CampaignKind
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import (
    AnalysisSet,
    CampaignFacts,
    CaseFacts,
    ChannelReach,
    ReachFacts,
    Respondent,
    StratumFrame,
    UnitCases,
)

LEVELS = (("good", "好", "good"), ("fairly", "较好", "fairly good"), ("fair", "一般", "fair"))

#: Name, wording in Chinese and English, kind, options (name, Chinese, English), true shares.
QUESTIONS: tuple[tuple[str, str, str, Kind, tuple[tuple[str, str, str], ...], tuple[float, ...]], ...] = (
    (
        "q1",
        "您觉得身边的水环境质量总体怎么样?",
        "How good is the water near you overall?",
        Kind.SELECT_ONE,
        (*LEVELS, ("poor", "不太好", "rather poor"), ("bad", "不好", "bad"), ("dk", "不清楚", "don't know")),
        (0.22, 0.39, 0.22, 0.09, 0.05, 0.03),
    ),
    (
        "q2",
        "与去年相比,身边的水环境质量有变化吗?",
        "Compared with last year, has it changed?",
        Kind.SELECT_ONE,
        (
            ("much_better", "明显改善", "much better"),
            ("better", "有所改善", "better"),
            ("same", "差不多", "about the same"),
            ("worse", "变差了", "worse"),
            ("much_worse", "明显变差了", "much worse"),
            ("dk", "说不清", "hard to say"),
        ),
        (0.25, 0.38, 0.24, 0.05, 0.02, 0.06),
    ),
    (
        "q3",
        "您听说过或见过“河长制”吗?",
        "Have you heard of or seen the river chiefs?",
        Kind.SELECT_ONE,
        (("yes", "听说过或见过", "yes"), ("no", "没有", "no")),
        (0.71, 0.29),
    ),
    (
        "q5",
        "您参与过哪些治水活动?(可多选)",
        "What have you taken part in? (several)",
        Kind.SELECT_MULTIPLE,
        (
            ("saving", "节约用水", "saving water"),
            ("sorting", "垃圾分类", "sorting waste"),
            ("patrol", "巡河护河", "river patrols"),
            ("report", "反映水污染问题", "reporting pollution"),
            ("nothing", "都没有参与过", "none of these"),
        ),
        (0.66, 0.58, 0.17, 0.12, 0.1043),
    ),
    (
        "q6",
        "您支持“五水共治”工作吗?",
        "Do you support the five waters work?",
        Kind.SELECT_ONE,
        (
            ("support", "支持", "support"),
            ("rather", "比较支持", "rather support"),
            ("fair", "一般", "neutral"),
            ("rather_not", "不太支持", "rather not"),
            ("not", "不支持", "do not support"),
            ("dk", "说不清", "hard to say"),
        ),
        (0.48, 0.31, 0.13, 0.03, 0.01, 0.04),
    ),
    (
        "q7",
        "您对“五水共治”工作成效满意吗?",
        "Are you satisfied with the results of the five waters work?",
        Kind.SELECT_ONE,
        (
            ("satisfied", "满意", "satisfied"),
            ("fairly", "比较满意", "fairly satisfied"),
            ("fair", "一般", "neutral"),
            ("rather_not", "不太满意", "rather dissatisfied"),
            ("not", "不满意", "dissatisfied"),
            ("dk", "不了解", "don't know"),
        ),
        (0.27, 0.38, 0.19, 0.08, 0.05, 0.03),
    ),
)

SATISFIED: Mapping[str, tuple[str, ...]] = {
    "q1": ("good", "fairly"),
    "q6": ("support", "rather"),
    "q7": ("satisfied", "fairly"),
}

#: Name, population, lean of opinion: how much likelier the first options are chosen than in the population.
STRATA = (
    ("机关事业单位", 3200, 1.25),
    ("企业职工", 9800, 1.0),
    ("个体工商户", 5400, 0.9),
    ("城镇社区居民", 12600, 1.0),
    ("农村居民", 8800, 0.72),
    ("退休人员", 6100, 1.3),
    ("流动人口", 2300, 0.85),
    ("学生家长", 1500, 1.05),
    ("代表委员", 180, 1.2),
    ("服务对象", 120, 0.95),
)

DISPOSITIONS = (
    ("1.1", 0.50),
    ("1.2", 0.05),
    ("2.11", 0.07),
    ("2.12", 0.06),
    ("2.20", 0.21),
    ("2.30", 0.01),
    ("3.10", 0.06),
    ("3.30", 0.03),
    ("4.10", 0.01),
)


def example_form() -> Form:
    """Return the questionnaire, with an open question at its end."""
    questions = [
        Question(
            name=name,
            kind=kind,
            path=name,
            labels={"zh": zh, "en": en},
            choices=tuple(
                Choice(option, {"zh": option_zh, "en": option_en}) for option, option_zh, option_en in options
            ),
            role="key" if name == "q7" else "",
        )
        for name, zh, en, kind, options, _ in QUESTIONS
    ]
    questions.insert(
        3, Question("years", Kind.INTEGER, "years", {"zh": "您在本地住了几年?", "en": "Years lived here?"})
    )
    questions.append(Question("more", Kind.TEXT, "more", {"zh": "还有什么想说的?", "en": "Anything else?"}))
    return Form(
        digest="0" * 64,
        name="five_waters",
        titles={"zh": "五水共治群众满意度调查", "en": "Five waters: what residents think"},
        languages=("zh", "en"),
        default_language="zh",
        questions=tuple(questions),
        satisfied=SATISFIED,
    )


def example_answers(random: Random, lean: float, share: float) -> dict[str, str]:
    """Return one person's answers to the first `share` of the questions."""
    values = {"years": str(random.randint(1, 60))}
    for name, _, _, kind, options, shares in QUESTIONS:
        names = [option for option, _, _ in options]
        if kind is Kind.SELECT_MULTIPLE:
            chosen = [n for n, p in zip(names[:-1], shares[:-1], strict=True) if random.uniform(0, 1) < p]
            values[name] = " ".join(chosen or ["nothing"])
        else:
            weights = [p * (lean if rank < 2 else 1) for rank, p in enumerate(shares)]
            values[name] = random.choices(names, weights)[0]
    kept = list(values)[: max(1, round(share * len(values)))]
    return {name: values[name] for name in kept}


def true_shares() -> dict[str, dict[str, float]]:
    """Return the shares in the whole population that the answers above are drawn from."""
    truth: dict[str, dict[str, float]] = {}
    everyone = sum(population for _, population, _ in STRATA)
    for name, _, _, kind, options, shares in QUESTIONS:
        sums: Counter[str] = Counter()
        for _, population, lean in STRATA:
            weights = [
                p * (lean if rank < 2 and kind is not Kind.SELECT_MULTIPLE else 1) for rank, p in enumerate(shares)
            ]
            whole = 1.0 if kind is Kind.SELECT_MULTIPLE else sum(weights)
            for (option, _, _), weight in zip(options, weights, strict=True):
                sums[option] += population * weight / whole / everyone  # type: ignore[assignment] # floats add as well
        truth[name] = dict(sums)
    return truth


def allocation(size: int) -> list[int]:
    """Spread a sample over the strata by population, never fewer than two in one."""
    everyone = sum(population for _, population, _ in STRATA)
    return [max(2, round(size * population / everyone)) for _, population, _ in STRATA]


def example_cases() -> CaseFacts:
    """Return a month of cases: one of them solved only at the second try."""
    return CaseFacts(
        total=64,
        by_state={"assigned": 3, "staff_resolved": 4, "confirmed": 34, "reopened": 9, "unreachable": 9, "declined": 5},
        ever_staff_resolved=58,
        callbacks_completed=43,
        confirmed=34,
        partly=8,
        not_resolved=7,
        reopened=13,
        unreachable=9,
        declined=5,
        overdue=4,
        by_unit=(
            UnitCases("市水务局", 19, 18, 11, 4),
            UnitCases("市住建局", 16, 15, 9, 3),
            UnitCases("市综合执法局", 14, 12, 7, 4),
            UnitCases("高新区管委会", 8, 7, 4, 1),
            UnitCases("市供水公司", 7, 6, 3, 1),
        ),
    )


def example_campaign(*, simulated: bool = True) -> CampaignFacts:
    """Return who asks, when and why."""
    return CampaignFacts(
        name="five-waters-2026",
        titles={"zh": "2026年“五水共治”群众满意度评议", "en": "Five waters 2026: what residents think"},
        organiser="市统计调查中心",
        legal_basis="《浙江省水污染防治条例》第五条;市政府〔2026〕12号文件",
        kind=CampaignKind.SURVEY,
        starts_at=datetime(2026, 9, 1, 1, 0, tzinfo=UTC),
        closes_at=datetime(2026, 9, 22, 12, 0, tzinfo=UTC),
        as_of=datetime(2026, 10, 1, 0, 0, tzinfo=UTC),
        zone="Asia/Shanghai",
        simulated=simulated,
        seed="7",
        channels=("simulator",),
        minimum_age=18,
        key_question="q7",
    )


def example_analysis(
    *,
    size: int = 1000,
    seed: int = 7,
    simulated: bool = True,
    dispositions: Sequence[tuple[str, float]] = DISPOSITIONS,
) -> AnalysisSet:
    """Return the whole campaign; the same seed makes the same one."""
    random = Random(seed)
    strata: list[StratumFrame] = []
    people: list[Respondent] = []
    for (name, population, lean), drawn in zip(STRATA, allocation(size), strict=True):
        strata.append(StratumFrame(name, population, drawn + drawn // 10, drawn))
        for _ in range(drawn):
            code = random.choices([code for code, _ in dispositions], [share for _, share in dispositions])[0]
            share = {"1.1": 1.0, "1.2": 0.6, "2.12": 0.2}.get(code, 0.0)
            values = example_answers(random, lean, share) if share else {}
            mode = random.choices(("self", "assisted", "phone"), (0.9, 0.07, 0.03))[0] if values else ""
            late = frozenset({"q7"} & values.keys()) if random.uniform(0, 1) < 0.01 else frozenset[str]()
            people.append(
                Respondent(
                    key=f"r{len(people) + 1:05d}",
                    stratum=name,
                    area=f"第{random.randint(1, 5)}街道",
                    disposition=code,
                    mode=mode,
                    weight=population / drawn,
                    values=values,
                    late=late,
                ),
            )
    reached = sum(person.disposition[:3] in ("1.1", "1.2", "2.1", "2.2") for person in people)
    return AnalysisSet(
        campaign=example_campaign(simulated=simulated),
        form=example_form(),
        strata=tuple(strata),
        respondents=tuple(people),
        cases=example_cases(),
        reach=ReachFacts(
            audience=len(people),
            people_reached=reached,
            sent=7 * reached,
            delivered=7 * reached - 40,
            by_channel=(ChannelReach("simulator", 7 * reached, 7 * reached - 40, 40),),
            skipped={"stopped": 3},
        ),
        truth=true_shares() if simulated else None,
    )
