"""Which column of a residents table means what, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.columns import Names, find_columns

OFFICE_ID = "office_id"
PHONES = "phones"

#: What each field may be called.
NAMES: Names = {
    OFFICE_ID: ("office id", "id", "resident id", "编号", "居民编号", "人员编号"),
    "name": ("name", "full name", "姓名", "名字"),
    PHONES: (
        "phone", "phones", "phone 1", "phone 2", "phone 3", "phone number", "mobile", "telephone", "tel",
        "手机", "电话", "手机号", "手机号码", "电话号码", "手机/电话", "联系电话", "联系方式", "备用电话",
    ),
    "stratum": ("stratum", "strata", "layer", "层", "层面", "层别"),
    "area": ("area", "community", "village", "片区", "村社区", "村(社区)", "村/社区", "社区", "村居"),
    "language": ("language", "lang", "语言"),
    "birth_year": ("birth year", "year of birth", "birthyear", "born", "出生年份", "出生年", "出生日期"),
    "telegram": ("telegram", "电报"),
    "consent_source": ("consent source", "consent", "同意来源", "知情同意来源"),
    "consent_date": ("consent date", "consent on", "同意日期", "知情同意日期"),
}  # fmt: skip


def sort_columns(headers: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the headers of each known field, and those that are further attributes."""
    columns = find_columns(headers, NAMES)
    known = {field: [header] for field, header in columns.headers.items()}
    for field, header in columns.again:
        known[field].append(header)
    return known, list(columns.unread)
