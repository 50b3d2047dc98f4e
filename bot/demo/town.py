"""The made-up town: ten strata, streets and villages, and one row per resident as an office would have it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from bot.demo.names import chinese_name, latin_name
from surveys.dialogue.surname import surname
from surveys.language import CHINESE, ENGLISH

#: The town and its offices exist nowhere.
TOWN, TOWN_EN = "清江市", "Qingjiang"
OFFICE, OFFICE_EN = f"{TOWN}测评办", "Qingjiang Survey Office"
#: No area code begins with three zeros.
HOTLINE = "0009-12345"
#: Mainland China keeps no numbers for fiction. These four blocks of a million (+86 134 94 … 97) lie in the satellite
#: range 1349, of which the ministry's list (end of March 2023) gives 2, 3 and 9 alone to an operator: they are
#: valid by form and nobody's.
NUMBERS = tuple(f"1349{block}" for block in (4, 5, 6, 7))
#: A step that meets every number of the blocks once before it meets one again.
STRIDE = 1_234_567
#: Shares of the frame.
SHARED, UNCONFIRMED, FOREIGN, ON_TELEGRAM, SWITCHED_OFF, OTHER_HANDS, RELATIVE = 0.03, 0.1, 0.012, 0.22, 0.02, 0.1, 0.1


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: its share of the frame, how many of it answer, how well they think of the town's water (0–1)."""

    name: str
    share: float
    answering: float
    lean: float


STRATA = (
    Stratum("人大代表政协委员", 0.006, 0.70, 0.80),
    Stratum("机关事业单位", 0.060, 0.62, 0.75),
    Stratum("村社区干部", 0.014, 0.68, 0.72),
    Stratum("企业负责人", 0.025, 0.45, 0.60),
    Stratum("个体工商户", 0.075, 0.42, 0.45),
    Stratum("学校教职工", 0.030, 0.60, 0.60),
    Stratum("医院医护人员", 0.020, 0.52, 0.58),
    Stratum("办事群众", 0.090, 0.50, 0.50),
    Stratum("城镇居民", 0.360, 0.48, 0.55),
    Stratum("农村居民", 0.320, 0.44, 0.35),
)
#: Fewest residents of a stratum, however small the frame.
FEWEST = 6

#: Streets and townships with their communities and villages.
PLACES = {
    "城关街道": ("东门社区", "钟楼社区", "文庙社区", "学前社区", "西园社区", "南桥社区"),
    "东湖街道": ("湖滨社区", "荷塘社区", "新苑社区", "芙蓉社区", "望江社区"),
    "城北街道": ("车站社区", "纺织社区", "梅园社区", "北郊社区", "枫林社区"),
    "石门镇": ("石门社区", "上坝村", "下坝村", "龙潭村", "松坡村"),
    "柳溪镇": ("柳溪社区", "前溪村", "后溪村", "桃园村", "双桥村"),
    "北渡镇": ("渡口社区", "沙洲村", "高桥村", "大埂村", "青林村"),
    "白沙镇": ("白沙社区", "竹园村", "茶场村", "石碾村", "新河村"),
    "云岭乡": ("云岭村", "半山村", "水竹村", "红岩村"),
}
RURAL = ("石门镇", "柳溪镇", "北渡镇", "白沙镇", "云岭乡")
#: Strata whose people live in townships; the others live in either.
COUNTRY = "农村居民"
CITY = "城镇居民"

COLUMNS = (
    "编号", "姓名", "性别", "手机", "层面", "街道乡镇", "社区", "语言", "出生年份", "电报", "同意来源", "同意日期"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resident:
    """One row of the frame. `holder` is who really has the phone in hand: self, family or changed; `off` for good."""

    office_id: str
    name: str
    gender: str
    phone: str
    stratum: Stratum
    district: str
    area: str
    language: str
    birth_year: int
    telegram: bool
    consent_source: str
    consent_on: date | None
    holder: str = "self"
    off: bool = False
    shares: bool = False

    @property
    def number(self) -> str:
        """The number in E.164."""
        return f"+86{self.phone}"

    @property
    def plain(self) -> bool:
        """Whether nothing about this resident and number is out of the ordinary."""
        return (
            self.language == CHINESE
            and self.consent_on is not None
            and not (self.shares or self.off)
            and self.holder == "self"
        )


def make_town(seed: int, size: int, today: date) -> tuple[Resident, ...]:
    """Return the frame that follows from `seed`: `size` residents, all of age on `today`."""
    rng = Random(f"{seed}|town")  # noqa: S311 - a simulation that can be repeated
    strata = [stratum for stratum, count in stratum_sizes(size).items() for _ in range(count)]
    rng.shuffle(strata)
    first = rng.randrange(len(NUMBERS) * 10**6)
    made: list[Resident] = []
    for place, stratum in enumerate(strata):
        before = made[-1] if made else None
        with_whom = before if before and before.language == CHINESE and rng.random() < SHARED else None
        if with_whom is not None and not with_whom.shares:
            with_whom = made[-1] = replace(with_whom, shares=True)
        made.append(
            _resident(rng, stratum, place=place, phone=phone_of(first + place), with_whom=with_whom, today=today)
        )
    return tuple(made)


def stratum_sizes(size: int) -> dict[Stratum, int]:
    """Return how many residents each stratum has; the largest one takes what rounding leaves."""
    counts = {stratum: max(FEWEST, round(stratum.share * size)) for stratum in STRATA}
    largest = max(STRATA, key=lambda stratum: stratum.share)
    counts[largest] += size - sum(counts.values())
    if counts[largest] < FEWEST:
        raise ValueError(f"a town of {size} residents is too small for ten strata")
    return counts


def phone_of(place: int) -> str:
    """Return the number with this place in the fictional blocks, eleven digits."""
    block, rest = divmod(place * STRIDE % (len(NUMBERS) * 10**6), 10**6)
    return f"{NUMBERS[block]}{rest:06d}"


def write_frame(residents: Sequence[Resident], path: Path) -> None:
    """Write the frame as the CSV a member of staff would have."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(
            (
                r.office_id, r.name, r.gender, r.phone, r.stratum.name, r.district, r.area, r.language, r.birth_year,
                "有" if r.telegram else "", r.consent_source, r.consent_on.isoformat() if r.consent_on else "",
            )
            for r in residents
        )  # fmt: skip


def publicity_areas(residents: Sequence[Resident], wanted: int) -> tuple[str, ...]:
    """Return areas, by name, that together have about `wanted` residents."""
    sizes = Counter(resident.area for resident in residents)
    chosen: list[str] = []
    total = 0
    for area in sorted(sizes):
        if chosen and total + sizes[area] / 2 > wanted:
            break
        chosen.append(area)
        total += sizes[area]
    return tuple(chosen)


def _resident(
    rng: Random, stratum: Stratum, *, place: int, phone: str, with_whom: Resident | None, today: date
) -> Resident:
    gender = rng.choice("男女")
    birth_year = today.year - 20 - min(int(rng.betavariate(1.6, 2.2) * 72), 70)
    foreign = with_whom is None and rng.random() < FOREIGN
    family = surname(with_whom.name) if with_whom else ""
    district, area = (with_whom.district, with_whom.area) if with_whom else _home(rng, stratum)
    agreed = rng.random() >= UNCONFIRMED
    fate = rng.random()
    holder = "self"
    if not agreed:
        holder = "changed" if fate < OTHER_HANDS else "family" if fate < OTHER_HANDS + RELATIVE else "self"
    return Resident(
        office_id=f"QJ{place + 1:06d}",
        name=latin_name(rng) if foreign else chinese_name(rng, gender, birth_year, family),
        gender=gender,
        phone=with_whom.phone if with_whom else phone,
        stratum=stratum,
        district=district,
        area=area,
        language=ENGLISH if foreign else CHINESE,
        birth_year=birth_year,
        telegram=rng.random() < ON_TELEGRAM,
        consent_source=rng.choice(("社区登记", "办事窗口", "入户走访")) if agreed else "",
        consent_on=today - timedelta(days=rng.randrange(5, 330)) if agreed else None,
        holder=holder,
        off=with_whom is None and rng.random() < SWITCHED_OFF,
        shares=with_whom is not None,
    )


def _home(rng: Random, stratum: Stratum) -> tuple[str, str]:
    if stratum.name == COUNTRY:
        district = rng.choice(RURAL)
    elif stratum.name == CITY:
        district = rng.choice([name for name in PLACES if name not in RURAL])
    else:
        district = rng.choice(list(PLACES))
    return district, rng.choice(PLACES[district])
