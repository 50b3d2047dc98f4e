"""A day stated in a reply: 2026-10-03, 10月3日, 昨天, 3 October."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number
from surveys.language import ENGLISH

NEAR = {
    "大前天": -3,
    "上前天": -3,
    "昨儿": -1,
    "昨儿个": -1,
    "昨个": -1,
    "夜个": -1,
    "前儿": -2,
    "前儿个": -2,
    "今儿": 0,
    "今儿个": 0,
    "刚才": 0,
    "刚刚": 0,
    "this morning": 0,
    "this afternoon": 0,
    "tonight": 0,
    "last night": -1,
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
}
#: A longer text tells more than a day.
LONGEST = 60
#: A day without a year this many days off may as well be in the year before or after.
CLOSE = 120
YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
MONTHS = {
    name: month
    for month, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
MONTH = (
    "(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?"
)
FIGURE = rf"(?:\d+|[{NUMERAL_CHARACTERS}]+)"
WHOLE = re.compile(r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})|(?P<m2>\d{2})(?P<d2>\d{2}))")
CHINESE = re.compile(
    rf"(?:(?P<y>\d{{4}}|2\d|[{NUMERAL_CHARACTERS}]{{4}})年|(?P<near>今年|去年|前年"
    f"|明年)的?)?(?P<m>{FIGURE})月(?:份)?(?P<d>{FIGURE})(?:日|号)?",
)
SHORT = re.compile(r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})")
ENGLISH_DAY = re.compile(
    rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}"
    rf"|{MONTH.replace('<month>', '<month2>')} (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,? (?P<y>\d{4}))?",
)
EVENING = re.compile(
    rf"(昨晚|今晚|昨天|今天|前天|大前天|昨夜|今早)(?:夜里|半夜|上|里)?(?:{FIGURE}点(?:钟|多|半|{FIGURE}分?)?)?"
)
AGO = re.compile(
    rf"(?P<n>{FIGURE})(?:个)?(?P<zh>天|日|周|星期|礼拜)(?:以|之)?前|(?P<m>\d{{1,2}}|a|one|two|three|four|five|six"
    rf"|seven|eight|nine|ten) (?P<en>days?|weeks?) (?:ago|back)"
)
WEEK = "一二三四五六日天"
SUNDAY = 6
WEEK_DAY = re.compile(f"(?P<which>上上个?|上个?|这个?|本)(?:周|星期|礼拜)(?P<day>[{WEEK}])")
ENGLISH_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LAST_DAY = re.compile("last (?P<day>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday|r)?")
MONTH_DAY = re.compile(rf"(?P<which>上个?月|这个?月|本月)?的?(?P<d>{FIGURE})(?:号|日)")
#: A bare day of the month is the one just past when that is no more than so many days ago.
RECENT = 10
FEASTS = {
    "国庆节": (10, 1), "国庆": (10, 1), "元旦": (1, 1), "元旦节": (1, 1), "五一": (5, 1), "劳动节": (5, 1),
    "妇女节": (3, 8), "儿童节": (6, 1), "建军节": (8, 1), "教师节": (9, 10), "圣诞节": (12, 25),
}  # fmt: skip
FEAST = re.compile(f"({'|'.join(FEASTS)})")
#: In Chinese numerals and without 日 or 号: the way of the lunar calendar.
LUNAR = re.compile(f"(?:农历|阴历|旧历).*|[{NUMERAL_CHARACTERS}正腊冬]+月(?:初)?[{NUMERAL_CHARACTERS}]+")
FRONT = re.compile(r"^(?:(?:是|在|就是|就在|好像是|应该是|大概是?|(?:about|on|it was|since|around)\b)\s*)+")
BACK = re.compile(
    rf"(?:\s*(?:(?:早上|上午|中午|下午|晚上|傍晚|凌晨|夜里|晚)\s*{FIGURE}(?:点|时)(?:钟|多|半|{FIGURE}分?)?|at "
    rf"\d{{1,2}}(?::\d\d)?(?: ?[ap]m)?)"
    r"|\s*(?:吧|的|啊|呀|了|哦|呢|嘛|撒|那天|当天|来的|办的|the|早上|上午|下午|早晨|晚上|中午|傍晚|夜里|morning|evening|afternoon"
    "|night|please|thanks))+$"
)


def read_day(text: str, language: str, today: date) -> tuple[date, float] | None:
    """Return the day a folded text states and how sure that is, or None.

    A day without a year is the nearest one to `today`. "10/3" is the 3rd of October in Chinese; in English it may be
    the 10th of March as well and is only read when one of the two cannot be a month.
    """
    if len(text) > LONGEST:
        return None
    told_as = FRONT.sub("", text.strip(" .!,"))
    if evening := EVENING.fullmatch(told_as):
        return moved(today, NEAR[evening[1]])
    stated = told_as if told_as in NEAR else BACK.sub("", told_as).strip()
    if stated in NEAR:
        return moved(today, NEAR[stated])
    tight = stated.replace(" ", "")
    told = counted(stated, today) or week_day(tight, stated, today) or of_month(tight, text, today)
    if told:
        return told
    if LUNAR.fullmatch(tight):
        return None  # 八月十五 is Mid-Autumn as likely as the 15th of August
    if whole := WHOLE.fullmatch(tight):
        return made(int(whole["y"]), int(whole["m"] or whole["m2"]), int(whole["d"] or whole["d2"]), 1.0)
    if chinese := CHINESE.fullmatch(tight):
        month, day = number(chinese["m"]), number(chinese["d"])
        year = number(chinese["y"]) if chinese["y"] else None
        if month is None or day is None or (chinese["y"] and year is None):
            return None
        if chinese["near"]:
            return made(today.year + YEARS[chinese["near"]], int(month), int(day), 0.9)
        if year is not None and year < 100:
            year += 2000  # 26年
        return made(int(year), int(month), int(day), 1.0) if year is not None else nearest(int(month), int(day), today)
    if american := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", tight):
        first, second = int(american[1]), int(american[2])
        if first <= 12 and second <= 12 and first != second:
            return None
        return made(int(american[3]), min(first, second) if max(first, second) > 12 else first, max(first, second), 1.0)
    if brief := SHORT.fullmatch(tight):
        return brief_day(int(brief["a"]), int(brief["b"]), language, today)
    if english := ENGLISH_DAY.fullmatch(stated):
        month_number = MONTHS[english["month"] or english["month2"]]
        day_number = int(english["d"] or english["d2"])
        if english["y"]:
            return made(int(english["y"]), month_number, day_number, 1.0)
        return nearest(month_number, day_number, today)
    return None


def counted(stated: str, today: date) -> tuple[date, float] | None:
    """Return the day of "三天前", "3 days ago", "two weeks ago"."""
    if ago := AGO.fullmatch(stated):
        count = Decimal(1) if ago["m"] == "a" else number(ago["n"] or ago["m"])
        if count is None or not 0 < count <= 60 or count != count.to_integral_value():
            return None
        weeks = ago["zh"] in {"周", "星期", "礼拜"} or (ago["en"] or "").startswith("week")
        found = moved(today, -int(count) * (7 if weeks else 1))
        return (found[0], 0.7 if weeks else 0.9) if found else None
    return None


def week_day(tight: str, stated: str, today: date) -> tuple[date, float] | None:
    """Return the day of "上周三", "last Wednesday"; None where another week could be meant as well.

    A Chinese week begins on Monday; on a Monday "上周日" is yesterday to some and a week earlier to others, and
    "这周日" is the coming one or the one just past unless it is said on that day.
    """
    if chinese := WEEK_DAY.fullmatch(tight):
        day = min(WEEK.index(chinese["day"]), SUNDAY)
        weeks = {"上": 1, "上上": 2, "这": 0, "本": 0}[chinese["which"].removesuffix("个")]
        here = today.weekday()
        if day == SUNDAY and ((weeks and here == 0) or (chinese["which"].startswith("这") and here != SUNDAY)):
            return None
        found = moved(today, day - here - 7 * weeks)
        return (found[0], 0.8 if day == SUNDAY else 0.9) if found else None
    if english := LAST_DAY.fullmatch(stated):
        day = ENGLISH_WEEK.index(english["day"][:3])
        back = (today.weekday() - day) % 7 or 7
        found = moved(today, -back)
        # The newest one and the one of last week must be the same; an English week begins on Sunday.
        return (found[0], 0.9) if found and (back > today.weekday() or today.weekday() == SUNDAY) else None
    return None


def of_month(tight: str, text: str, today: date) -> tuple[date, float] | None:
    """Return the day of "上个月15号", "这个月1号", of a bare "28号" just past, and of a holiday named as a day."""
    if month := MONTH_DAY.fullmatch(tight):
        day = number(month["d"])
        if day is None or not 1 <= day <= 31:
            return None
        if month["which"]:
            first = today.replace(day=1)
            if month["which"].startswith("上"):
                first = (
                    date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1) if first > date.min else first
                )
            return made(first.year, first.month, int(day), 0.9)
        for back in range(1, RECENT + 1):
            found = moved(today, -back)
            if found and found[0].day == day:
                return found[0], 0.75
        return None
    if feast := FEAST.fullmatch(tight):
        if not re.search("那天|当天|元旦", text):
            return None  # a holiday of several days
        month_number, day_number = FEASTS[feast[1]]
        return nearest(month_number, day_number, today)
    return None


def brief_day(first: int, second: int, language: str, today: date) -> tuple[date, float] | None:
    """Return the day of "10/3"."""
    if language == ENGLISH:
        if first > 12:
            return nearest(second, first, today)
        if second <= 12 and first != second:
            return None
    return nearest(first, second, today)


def moved(today: date, days: int) -> tuple[date, float] | None:
    """Return the day so many days from today."""
    try:
        return today + timedelta(days=days), 1.0
    except OverflowError:
        return None


def made(year: int, month: int, day: int, confidence: float) -> tuple[date, float] | None:
    """Return the day, or None when the calendar has no such day or it is over 150 years off any life."""
    try:
        stated = date(year, month, day)
    except ValueError:
        return None
    return (stated, confidence) if 1850 <= stated.year <= 2200 else None


def nearest(month: int, day: int, today: date) -> tuple[date, float] | None:
    """Return the day of that month that is nearest to today, or None when two years are about as near."""
    days = [found[0] for year in (today.year - 1, today.year, today.year + 1) if (found := made(year, month, day, 1.0))]
    if not days:
        return None
    closest = min(days, key=lambda d: abs((d - today).days))
    return (closest, 0.8) if abs((closest - today).days) <= CLOSE else None
