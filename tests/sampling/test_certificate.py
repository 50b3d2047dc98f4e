"""A certified draw is run again from two files; whatever was touched is named."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import md5, sha256
from typing import Any

import pytest
from candidates import Candidate, assemble
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.campaign.plan import Audience, CampaignKind, Plan, SampleDesign, UnitsDesign
from surveys.language import LANGUAGES
from surveys.problem import Refused
from surveys.sampling.certificate import (
    MACHINE,
    OPEN,
    WITNESSES,
    Frozen,
    GivenUp,
    Randomness,
    certificate,
    fingerprint,
)
from surveys.sampling.draw import members_of, select
from surveys.sampling.frame import STATUSES, DrawFrame, digest_of, frame_of, read_frame
from surveys.sampling.randomness import Source, canonical, read_source, seed_of
from surveys.sampling.verifying import read_certificate, remark, verify
from surveys.units.directory import Unit

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
FRAME = assemble(
    (
        Candidate(
            sha256(str(at).encode()).hexdigest()[:20], at, "城区乡镇"[at % 2 * 2 :][:2], f"area{at % 5}",
            1940 + at % 70,
            None if at % 29 == 5 else at - 1 if at % 11 == 10 else at, at % 17 == 3, panel=at % 7 == 1,
        )
        for at in range(400)
    ),
    Audience(areas=frozenset({"area0", "area1", "area2", "area3"}), minimum_age=18),
    2026,
)  # fmt: skip
SOURCES = (Source("福彩3D 2026321期", (5, 2, 7)), Source("dice", (6, 1)))
UNITS = [Unit(f"u{n:02}", f"单位{n}", unit_class="AB"[n % 2]) for n in range(12)]
PLAN = Plan(
    name="water-2026",
    kind=CampaignKind.SURVEY,
    organiser="区测评办",
    legal_basis="x",
    delete_on=date(2027, 6, 30),
    starts_at=AT,
    closes_at=AT + timedelta(days=20),
    zone="Asia/Shanghai",
    titles={"zh": "五水共治"},
    sample=SampleDesign(size=40, reserve=0.5, replicates=3),
    units=UnitsDesign(per_resident=3),
)


def made(
    plan: Plan = PLAN, frame: DrawFrame = FRAME.frame, by: str = WITNESSES, given_up: tuple[GivenUp, ...] = ()
) -> dict[str, Any]:
    from dataclasses import replace

    seed = seed_of(canonical(SOURCES)) if by == WITNESSES else "machine"
    plan = replace(plan, sample=replace(plan.sample, seed=seed))
    sources, witnesses = (SOURCES, ("张三", "李四")) if by == WITNESSES else ((), ())
    randomness = Randomness(by, seed, sources, witnesses, AT + timedelta(minutes=5) if by == WITNESSES else None)
    return certificate(
        plan,
        frame,
        Frozen(frame.digest(), len(frame), AT, "0" * 64, 2, 30, len(given_up), given_up),
        randomness,
        select(frame, plan.sample, plan.name),
        units=UNITS,
        at=AT + timedelta(hours=1),
    )


def published(frame: DrawFrame = FRAME.frame) -> bytes:
    return "".join(frame.as_csv()).encode()


def differing(record: dict[str, Any], frame: bytes) -> list[str]:
    text = json.dumps(record, ensure_ascii=False).encode()
    return [line.name for line in verify(read_certificate(text), read_frame(frame)) if not line.agrees]


@pytest.mark.parametrize(
    "design",
    [
        SampleDesign(size=40, reserve=0.5, replicates=3),
        SampleDesign(size=40, allocation="equal", maximum_per_stratum=20),
        SampleDesign(size=40, allocation="neyman", spread={"城区": 0.3, "乡镇": 0.5}),
        SampleDesign(allocation="fixed", per_stratum={"城区": 9}),
        SampleDesign(size=40, panel="water-2025", rotate=0.25),
    ],
    ids=lambda design: f"{design.allocation}{design.panel}",
)
def test_every_kind_of_draw_is_run_again_from_two_files_alone(design: SampleDesign) -> None:
    from dataclasses import replace

    for by in (WITNESSES, MACHINE):
        assert differing(made(replace(PLAN, sample=design), by=by), published()) == []


def test_the_frame_may_have_been_sorted_by_a_spreadsheet_program() -> None:
    header, *lines = published().decode().splitlines()
    assert differing(made(), "\n".join(["\ufeff" + header, *sorted(lines, key=lambda line: line[5:])]).encode()) == []


def path(*steps: str | int) -> Callable[[dict[str, Any]], tuple[Any, Any]]:
    def find(record: dict[str, Any]) -> tuple[Any, Any]:
        inner: Any = record
        for step in steps[:-1]:
            inner = inner[step]
        return inner, steps[-1]

    find.__name__ = ".".join(map(str, steps))
    return find


@pytest.mark.parametrize(
    ("place", "value", "named"),
    [
        (path("randomness", "sources", 0, "numbers", 2), 8, {"canonical"}),
        (path("randomness", "seed"), "0" * 64, {"seed", "sample"}),
        (path("randomness", "canonical"), "5.2.8./6.1./", {"canonical"}),
        (path("randomness", "entered_at"), "2026-11-02T01:59:59+00:00", {"order"}),
        (path("strata", 0, "population"), 1, {"stratum.乡镇"}),
        (path("strata", 1, "available"), 1, {"stratum.城区"}),
        (path("strata", 1, "main"), 1, {"stratum.城区"}),
        (path("strata", 1, "reserves", 0), 1, {"stratum.城区"}),
        (path("exclusions", "stopped"), 1, {"excluded.stopped"}),
        (path("exclusions", "shared_number"), 0, {"excluded.shared_number"}),
        (path("frame", "size"), 399, {"frame_size"}),
        (path("frame", "sha256"), "f" * 64, {"frame"}),
        (path("sample", "sha256"), "f" * 64, {"sample"}),
        (path("sample", "size"), 1, {"sample_size"}),
        (path("sample", "replicates", 2, "sha256"), "f" * 64, {"replicate.2"}),
        (path("plan", "sample", "size"), 41, {"sample", "sample_size"}),
        (path("campaign", "name"), "water-2027", {"sample", "units"}),
        (path("units", "sha256"), "f" * 64, {"units"}),
        (path("units", "per_resident"), 2, {"units"}),
        (path("campaign", "organiser"), "别的单位", set()),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_any_figure_of_the_certificate_that_was_touched_is_named(place: Any, value: Any, named: set[str]) -> None:
    record = copy.deepcopy(made())
    inner, key = place(record)
    assert inner[key] != value
    inner[key] = value
    assert differing(record, published())[0] == "fingerprint", "and without the fingerprint set right again"
    record["fingerprint"] = fingerprint(record)
    found = set(differing(record, published()))
    assert named <= found
    assert bool(found) == bool(named)


@settings(max_examples=60)
@given(st.data())
def test_no_line_of_the_frame_can_be_changed_added_or_left_out_unseen(data: st.DataObject) -> None:
    lines = published().decode().splitlines()
    at = data.draw(st.integers(1, len(lines) - 1))
    pseudonym, stratum, status, number = lines[at].split(",")
    change = data.draw(st.sampled_from(["left out", "pseudonym", "stratum", "status", "number", "added"]))
    fields = {
        "pseudonym": f"{pseudonym[:-1]}{'0' if pseudonym[-1] != '0' else '1'},{stratum},{status},{number}",
        "stratum": f"{pseudonym},{'城区' if stratum != '城区' else '乡镇'},{status},{number}",
        "status": f"{pseudonym},{stratum},{'capped' if status != 'capped' else 'drawable'},{number}",
        "number": f"{pseudonym},{stratum},{status},{'' if number else '900'}",
    }
    if change == "left out":
        del lines[at]
    elif change == "added":
        lines.append(f"{'f' * 20},{stratum},drawable,")
    else:
        lines[at] = fields[change]
    found = differing(made(), "\n".join(lines).encode())
    assert "frame" in found
    assert "fingerprint" not in found


@pytest.mark.parametrize(
    ("frame", "row"),
    [
        (b"pseudonym,stratum\na,b\n", 1),
        (b"pseudonym,stratum,status,number\na,b,drawable\n", 2),
        (b"pseudonym,stratum,status,number\na,b,drawable,\nc,b,perhaps,\n", 3),
        (b"pseudonym,stratum,status,number\na,b,drawable,x\n", 2),
        (b"pseudonym,stratum,status,number\nb,b,drawable,\na,b,drawable,\nb,b,drawable,\n", 4),
        (b"\xff\xfe", 0),
        (b"", 1),
    ],
)
def test_a_file_that_is_no_frame_is_refused_with_its_row(frame: bytes, row: int) -> None:
    with pytest.raises(Refused) as refused:
        read_frame(frame, "frame.csv")
    (problem,) = refused.value.problems
    assert (problem.code, problem.row) == ("bad_frame", row)


def test_a_status_that_no_frame_has_is_named_with_those_there_are() -> None:
    with pytest.raises(Refused) as refused:
        read_frame(b"pseudonym,stratum,status,number\na,b,drawable,\nc,b,perhaps,\n")
    (problem,) = refused.value.problems
    for language in LANGUAGES:
        said = problem.what.text(language)
        assert "“perhaps”" in said
        assert all(status in said for status in STATUSES)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b'{"format": "x"}',
        json.dumps({**made(), "version": 2}).encode(),
        json.dumps({**made(), "algorithm": "other"}).encode(),
        json.dumps({**made(), "preview": True}).encode(),
    ],
)
def test_a_file_that_is_no_certificate_is_refused(text: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_certificate(text)
    assert refused.value.problems[0].code == "bad_certificate"


@pytest.mark.parametrize(
    "name", ["fingerprint", "frame.sha256", "randomness.seed", "randomness.witnesses", "sample.replicates", "units"]
)
def test_a_field_that_is_missing_is_named(name: str) -> None:
    record = copy.deepcopy(made())
    *above, last = name.split(".")
    inner = record
    for step in above:
        inner = inner[step]
    del inner[last]
    with pytest.raises(Refused) as refused:
        verify(record, FRAME.frame)
    said = refused.value.problems[0].what
    assert said.text("en") == f"The certificate is damaged: the field {name} is missing."
    assert said.text("zh") == f"抽样证明已损坏：缺少 {name} 这一项。"


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("en", "Compare the certificate's fingerprint with the one on the page that was signed"),
        ("zh", "请将证明的指纹"),
    ],
)
def test_where_all_agrees_the_signed_page_is_what_is_left_to_look_at(language: str, begins: str) -> None:
    """Whoever makes certificate and frame anew together makes them agree: only the page on paper tells."""
    record = made()
    said = remark(verify(record, FRAME.frame))
    assert said is not None
    assert said.text(language).startswith(begins)
    assert record["fingerprint"] in said.text(language)


def test_a_certificate_whose_text_alone_was_altered_is_explained_in_plain_words() -> None:
    record = copy.deepcopy(made())
    record["randomness"]["witnesses"] = ["王五"]
    said = remark(verify(record, FRAME.frame))
    assert said is not None
    assert "a witness" in said.text("en")
    record["sample"]["size"] = 1
    assert remark(verify(record, FRAME.frame)) is None, "the other line tells"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": "0" * 64}, "given_up.1"),
        ({"canonical": "1./"}, "given_up.1"),
        ({"entered_at": "2026-11-03T00:00:00+00:00"}, "given_up.1.order"),
    ],
)
def test_what_is_told_of_a_frame_given_up_is_checked(change: dict[str, str], named: str) -> None:
    earlier = Randomness(WITNESSES, seed_of(canonical(SOURCES)), SOURCES, ("张三",), AT - timedelta(hours=1))
    record = made(given_up=(GivenUp("e" * 64, AT - timedelta(hours=2), earlier),))
    assert differing(record, published()) == []
    record["randomness"]["given_up"][0] |= change
    record["fingerprint"] = fingerprint(record)
    assert differing(record, published()) == [named]


def test_certificates_from_before_numbers_were_kept_are_still_verified() -> None:
    record = made()
    del record["randomness"]["given_up"]
    record["fingerprint"] = fingerprint(record)
    assert differing(record, published()) == []


@pytest.mark.parametrize("part", ["frame", "randomness", "plan", "strata", "exclusions", "sample", "campaign", "units"])
def test_a_certificate_that_lacks_a_part_is_refused_not_passed(part: str) -> None:
    for value in ({"absent"}, {None}, {"x"}):
        record = made()
        record.pop(part)
        if value != {"absent"}:
            record[part] = next(iter(value))
        if part == "units" and value == {None}:
            continue  # a questionnaire that asks about no units: the fingerprint tells
        with pytest.raises(Refused, match="damaged"):
            verify(record, FRAME.frame)


def test_a_preview_names_the_frame_and_draws_nobody() -> None:
    record = made(by=OPEN)
    assert record["preview"]
    assert record["sample"] is record["units"] is record["drawn_at"] is None
    assert record["frame"]["sha256"] == FRAME.frame.digest()
    assert [stratum["main"] for stratum in record["strata"]]


def test_the_digest_is_what_anyone_computes_with_other_tools() -> None:
    lines = []
    for row in published().decode().splitlines()[1:]:
        pseudonym, stratum, status, number = row.split(",")
        lines.append(f'{pseudonym}\t"{stratum}"\t{status}\t{number}')
    assert sha256("\n".join(sorted(lines)).encode()).hexdigest() == FRAME.frame.digest()


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(st.dictionaries(st.text("0123456789abcdef", min_size=4, max_size=8), NAMES, max_size=30))
def test_a_frame_comes_back_from_its_lines_and_from_its_file_whatever_strata_are_called(strata: dict[str, str]) -> None:
    names = sorted(strata)
    frame = DrawFrame(names, [strata[name] for name in names], ["drawable"] * len(names), [0] * len(names))
    parts = list(frame.parts())
    assert digest_of(parts) == frame.digest()
    if names:
        again = frame_of(parts)
        assert (again.pseudonyms, again.strata, again.numbers) == (frame.pseudonyms, frame.strata, frame.numbers)
        from_file = read_frame("".join(frame.as_csv()).encode())
        assert from_file.digest() == frame.digest()


def test_the_canonical_form_is_that_of_rfc_3797() -> None:
    """Its own example: key and selection of 10 from a pool of 25 (section 6), computed as the RFC says (MD5)."""
    key = canonical(
        [read_source("a", "9319"), read_source("b", "2, 5, 8, 10, 12"), read_source("c", "09 18 26 34 41 45")]
    )
    assert key == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    pool, chosen = list(range(1, 26)), []
    for index in range(10):
        salt = index.to_bytes(2, "big")
        drawn = int.from_bytes(md5(salt + key.encode() + salt).digest(), "big")  # noqa: S324 - what the RFC prescribes
        chosen.append(pool.pop(drawn % len(pool)))
    assert chosen == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]


@pytest.mark.parametrize(
    ("name", "digits", "said"),
    [
        ("", "5-2-7", "no source"),
        ("x", "", "not the numbers"),
        ("x", "5-a", "not the numbers"),
        ("x", "½", "not the numbers"),
        ("x", "1" * 19, "not the numbers"),
        ("x", "5--2", "In 5--2 a number is missing"),
        ("x", "-5", "a number is missing"),
        ("x", "5,,2", "a number is missing"),
        ("x", "5-2-", "a number is missing"),
        ("x", "十一", "more than one way"),
        ("x", "5一2", "more than one way"),
    ],
)
def test_what_are_no_numbers_of_a_draw_is_refused_with_its_reason(name: str, digits: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_source(name, digits)


@pytest.mark.parametrize(
    ("digits", "numbers"),
    [
        ("5-2-7", (5, 2, 7)),
        ("5 - 2 – 7", (5, 2, 7)),
        ("５－２－７", (5, 2, 7)),
        ("５，２、７", (5, 2, 7)),
        ("五-二-七", (5, 2, 7)),
        ("〇 零 玖", (0, 0, 9)),
        ("五二七", (527,)),
        ("07 11", (7, 11)),
    ],
)
def test_numbers_are_read_however_a_chinese_keyboard_gives_them(digits: str, numbers: tuple[int, ...]) -> None:
    assert read_source("x", digits).numbers == numbers


@pytest.mark.parametrize(
    ("name", "digits", "count"),
    [
        ("福彩3D", "5-2-7", 1000),
        ("福彩3D", "527", 1000),
        ("双色球", "03 07 11 22 31 33", 10**12),
        ("dice", "6-1", 36),
        ("three dice, added up", "17-9", 1000),
        ("硬币", "1-0-1", 8),
        ("audience", "5", 10),
    ],
)
def test_what_an_event_could_have_given_is_counted_by_what_it_is(name: str, digits: str, count: int) -> None:
    assert read_source(name, digits).possibilities == count


def test_a_panel_is_asked_again_less_the_share_that_gives_way() -> None:
    design = SampleDesign(size=60, seed="7", reserve=0.2, panel="water-2025", rotate=0.25)
    found = select(FRAME.frame, design, "water-2026")
    frame = FRAME.frame
    main = [place.line for place in found.places if place.replicate == 0]
    again = Counter(frame.strata[line] for line in main if frame.statuses[line] == "panel")
    assert again == found.kept
    panel = Counter(stratum for stratum, status in zip(frame.strata, frame.statuses, strict=True) if status == "panel")
    assert found.exclusions["rotated"] == sum(panel[name] - found.kept[name] for name in panel)
    assert all(abs(found.kept[name] - 0.75 * panel[name]) <= 0.5 for name in panel)
    assert not [place for place in found.places if place.replicate and frame.statuses[place.line] == "panel"]
    assert len(main) == 60


def test_who_is_rested_or_capped_is_not_drawn_and_counted() -> None:
    frame = assemble(
        [
            Candidate("p1", 1, "a", address=1),
            Candidate("p2", 2, "a", address=2, rested=True),
            Candidate("p3", 3, "a", address=3, capped=True),
            Candidate("p4", 4, "a", address=4, rested=True, panel=True),
        ],
        Audience(),
        2026,
    )
    found = select(frame.frame, SampleDesign(size=2, seed="7", reserve=0), "x")
    assert found.exclusions == {"capped": 1, "rested": 1}
    assert {member.pseudonym for member in members_of(frame, found)} == {"p1", "p4"}
    assert found.allocation["a"].population == 4
