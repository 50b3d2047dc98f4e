"""A frame of a million residents: imported, drawn from and certified, and the draw run again from its two files."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from tests.bench.figures import Contender, Section, interleave

RESIDENTS = 1_000_000
STRATA = ("城区", "乡镇", "企业", "个体", "机关", "学校", "医院", "社区", "园区", "农村")
#: Numbers that the two ways of checking are measured on.
CHECKED = 20_000
#: What each step may take: seconds, and the most memory a process holds (MB).
LIMITS = {"import": (60, None), "draw": (10, 1000), "verify": (10, 1000)}


def measure(folder: Path, rounds: int, residents: int = RESIDENTS) -> Section:
    """Run every step in a process of its own, so that its memory is its own."""
    section = Section(f"A frame of {residents:,} residents in {len(STRATA)} strata", "numbers/s")
    roster = folder / "residents.csv"
    _write(roster, residents)
    with roster.open(encoding="utf-8", newline="") as file:
        numbers = [row["手机"] for _, row in zip(range(CHECKED), csv.DictReader(file), strict=False)]
    interleave(
        section,
        {
            "phone check": Contender(lambda: _ours(numbers)),
            "plain phonenumbers loop": Contender(lambda: _plain(numbers)),
        },
        min(rounds, 3),
    )
    section.against("phone check", "plain phonenumbers loop", floor=3)
    for step, (seconds, memory) in LIMITS.items():
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.frame", step, str(folder)], check=True, capture_output=True, text=True
        )
        found = json.loads(run.stdout)
        section.extra[step] = found
        held = found["seconds"] < seconds and (memory is None or found["megabytes"] < memory)
        bounds = f"under {seconds} s" + (f" and {memory} MB" if memory else "")
        section.lines.append(
            f"{step}: {found['seconds']:.1f} s ({found['processor']:.1f} s of processor), {found['megabytes']} MB; "
            f"{bounds}: {'held' if held else 'MISSED'}"
        )
    return section


def _write(path: Path, residents: int) -> None:
    random = Random(7)
    with path.open("w", encoding="utf-8") as file:
        file.write("编号,姓名,手机,层,片区,出生年份,同意来源,同意日期\n")
        for at in range(residents):
            # Every hundredth resident shares the number of the one before; some numbers are written with blanks.
            number = f"13{at % 10 if at % 100 else 9}{at if at % 100 else max(0, at - 1):08d}"
            written = f"{number[:3]} {number[3:7]} {number[7:]}" if at % 50 == 1 else number
            stratum = STRATA[random.randrange(len(STRATA))]
            file.write(f"R{at:07d},王{at % 997},{written},{stratum},A{at % 200},{1940 + at % 65},窗口,2026-10-01\n")


def _ours(numbers: list[str]) -> int:
    from surveys.residents.phone import e164

    return sum(e164(number, "CN") is not None for number in numbers)


def _plain(numbers: list[str]) -> int:
    import phonenumbers

    found = 0
    for text in numbers:
        number = phonenumbers.parse(text, "CN")
        if phonenumbers.is_valid_number(number):
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            found += 1
    return found


def _step(step: str, folder: Path) -> None:
    """Do one step and print what it took."""
    from bot.actions.campaigns import CloseCampaign, close_campaign
    from bot.actions.draws import ExportFrame, MakeCertificate, export_frame, make_certificate
    from bot.actions.launch import LaunchCampaign, launch_campaign
    from bot.actions.planning import CreateCampaign, create_campaign
    from bot.actions.progress import silent
    from bot.actions.residents import ImportResidents, import_residents
    from bot.actions.verifying import verify_draw
    from bot.house import open_house
    from bot.settings import Settings

    if step == "verify":
        begun, used = time.perf_counter(), time.process_time()
        found = verify_draw(folder / "out" / "certificate.json", folder / "frame.csv", "en")
        assert found["agrees"], found
        _tell(begun, used)
        return
    house = open_house(Settings(data=folder / "house", simulator=True, hotline="12345"))
    if step == "import":
        begun, used = time.perf_counter(), time.process_time()
        import_residents(house, ImportResidents(path=folder / "residents.csv"), silent)
        _tell(begun, used)
        house.close()
        return
    fields = {
        "name": "bench", "organiser": "测评办", "legal_basis": "x", "delete_on": "2040-01-01", "starts": "2039-01-02",
        "closes": "2039-02-01", "form": "five_waters_2018", "title": {"zh": "评议"}, "verify_by": "12345",
        "sample": {"size": 2000, "reserve": 0.5}, "audience": {"minimum_age": 18},
    }  # fmt: skip
    create_campaign(house, CreateCampaign(fields=fields), silent)
    begun, used = time.perf_counter(), time.process_time()
    launch_campaign(house, LaunchCampaign(name="bench"), silent)
    make_certificate(house, MakeCertificate(name="bench", folder=folder / "out"), silent)
    _tell(begun, used)
    close_campaign(house, CloseCampaign(name="bench"), silent)
    export_frame(house, ExportFrame(name="bench", path=folder / "frame.csv"), silent)
    house.close()


def _tell(begun: float, used: float) -> None:
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": round(seconds, 2), "processor": round(processor, 2), "megabytes": peak // 1024}))


if __name__ == "__main__":
    _step(sys.argv[1], Path(sys.argv[2]))
