"""`pingyi form try`: talking a questionnaire through on the command line, without settings or database."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from surveys.dialogue.trying import read_reply
from surveys.problem import Refused

NOW = ("--now", "2026-11-02T10:00")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    monkeypatch.setenv("PINGYI_DATABASE", "nonsense://nowhere")


def talk(capsys: pytest.CaptureFixture[str], replies: str, *arguments: str) -> Any:
    Path("replies.txt").write_text(replies, encoding="utf-8")
    assert main(["form", "try", *arguments, *NOW, "--replies", "replies.txt", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out.splitlines()[-1])


def test_answers_are_told_by_path_and_questions_in_the_order_asked(capsys: pytest.CaptureFixture[str]) -> None:
    found = talk(capsys, "# twice a year\n去过\n\n2\n1 3\n满意\n没有\n", "starter", "--language", "zh")
    assert found["answers"] == {
        "used": "yes", "visits": "2", "matters": "papers care", "satisfied": "satisfied", "wish": "没有",
    }  # fmt: skip
    assert found["asked"] == ["used", "visits", "matters", "satisfied", "wish"]
    assert found["complete"] is True
    assert [line["by"] for line in found["transcript"]] == ["office", "resident"] * 5 + ["office"]
    documented = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    for key in (*found, *found["transcript"][0]):
        assert f"`{key}`" in documented, key


def test_a_talk_that_is_broken_off_is_not_complete(capsys: pytest.CaptureFixture[str]) -> None:
    found = talk(capsys, "no\n", "five_waters_2018", "--language", "en")
    assert found["complete"] is False
    assert found["answers"] == {}
    assert found["asked"] == ["q1"]


def test_changing_the_language_keeps_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    found = talk(capsys, "去过\nEnglish\n2\n中文\n1\nEnglish\nsatisfied\nskip\n", "starter", "--language", "zh")
    assert found["answers"] == {"used": "yes", "visits": "2", "matters": "papers", "satisfied": "satisfied"}
    assert found["complete"] is True
    assert found["asked"] == ["used", "visits", "matters", "satisfied", "wish"]


def test_telegram_has_buttons_and_sms_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    tapped = talk(capsys, "<tap 2>\n", "starter", "--language", "en", "--channel", "telegram")
    assert tapped["answers"] == {"used": "no"}
    assert tapped["transcript"][0]["options"] == ["Yes", "No"]
    assert tapped["segments"] is None
    texted = talk(capsys, "<tap 2>\n", "starter", "--language", "en")
    assert texted["answers"] == {}
    assert texted["transcript"][0]["options"] == []
    assert texted["segments"] >= 1


def test_a_button_that_is_not_there_answers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert talk(capsys, "<tap 7>\n", "starter", "--channel", "telegram")["answers"] == {}
    Path("replies.txt").write_text("<tap 7>\n")
    assert main(["form", "try", "starter", "--replies", "replies.txt"]) == 0
    assert "# There is no such button." in capsys.readouterr().out


def test_a_voice_message_answers_where_words_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    found = talk(capsys, "no\n<voice>\n", "starter", "--language", "en", "--channel", "telegram")
    assert found["complete"] is True
    assert found["answers"]["wish"]


def test_hidden_questions_hold_samples_or_what_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    shown = talk(capsys, "", "callback", "--language", "en")["transcript"][0]["text"]
    assert "Urban Management reports that on 2026-11-01 it did: the street lamp has been replaced" in shown
    asked = talk(capsys, "", "identity", "--language", "en", "--given", "surname=Lin")["transcript"][0]["text"]
    assert "Mr/Ms Lin" in asked


def test_units_are_rated_one_after_the_other_and_a_page_counts_as_all_its_questions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = talk(capsys, "1 2 1 1 3 2\n路灯\n222222\n没有\n", "six_dimensions", "--language", "zh")
    assert found["complete"] is True
    assert found["asked"][:2] == ["unit[1]/ratings/development", "unit[1]/ratings/service"]
    assert (len(found["asked"]), len(found["answers"])) == (14, 14)
    assert found["answers"]["unit[1]/ratings/integrity"] == "fair"
    assert found["answers"]["unit[2]/ratings/integrity"] == "fairly"
    assert found["computed"]["unit[2]/unit_name"] == "水务局"
    alone = talk(capsys, "1 1 1 1 1 1\n没有\n", "six_dimensions", "--language", "zh", "--given", "unit@#=1")
    assert alone["complete"] is True


def test_answers_stand_as_the_form_asks_them_also_behind_a_repeat(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ("begin repeat,kid,Child", "text,called,Name?", "integer,age,How old is ${called}?", "end repeat,,")
    sheet = ["survey,,,", ",type,name,label", *(f",{row}" for row in rows), ",text,z,Anything else?"]
    Path("kids.csv").write_text("\n".join(sheet))
    found = talk(capsys, "yes\nAnn\n5\nyes\nBob\nskip\nno\nnone\n", "kids.csv")
    assert list(found["answers"].items()) == [
        ("kid[1]/called", "Ann"), ("kid[1]/age", "5"), ("kid[2]/called", "Bob"), ("z", "none"),
    ]  # fmt: skip
    assert found["asked"] == [
        "kid[0]+", "kid[1]/called", "kid[1]/age", "kid[1]+", "kid[2]/called", "kid[2]/age", "kid[2]+", "z",
    ]  # fmt: skip


def test_the_transcript_reads_like_a_golden_conversation(capsys: pytest.CaptureFixture[str]) -> None:
    Path("replies.txt").write_text("no\nmore hours\n")
    assert main(["form", "try", "starter", "--language", "en", *NOW, "--replies", "replies.txt"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[1:6] == [
        "< 1/2 Have you been to the service station this year?", "< 1 Yes", "< 2 No", "> no",
        "< 2/2 Which service would you like to see added?",
    ]  # fmt: skip
    assert lines[-2:] == ["used = no", "wish = more hours"]
    assert err == "Complete.\n"


def test_replies_may_come_from_the_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("no\nskip\n"))
    assert main(["form", "try", "starter", "--language", "en", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True


def test_at_a_terminal_one_is_the_resident(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["no", "", "<dance>", "skip"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(typed))
    assert main(["form", "try", "starter", "--language", "en"]) == 0
    out, err = capsys.readouterr()
    assert "used = no" in out
    assert "> no" not in out  # it stands there as it was typed
    assert "<dance> is nothing a resident can do." in err


def test_a_line_that_means_nothing_is_named_by_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    Path("replies.txt").write_text("# first\nno\n<wave 3>\n")
    assert main(["form", "try", "starter", "--replies", "replies.txt"]) == 1
    assert "replies.txt, row 3: <wave 3> is nothing a resident can do." in capsys.readouterr().err


@pytest.mark.parametrize("line", ["<tap>", "<tap 0>", "<voice 2>", "<dance>", "<tap 2> and words"])
def test_no_other_sign_is_taken(line: str) -> None:
    with pytest.raises(Refused):
        read_reply(line)


@pytest.mark.parametrize("line", ["<", "< 3", "a <b> c", "<三>"])
def test_what_merely_looks_like_a_sign_is_words(line: str) -> None:
    assert read_reply(line).text == line


def test_a_form_that_cannot_be_used_is_refused_by_cell(capsys: pytest.CaptureFixture[str]) -> None:
    Path("form.csv").write_text("survey,,,\n,type,name,label\n,txt,a,A?\n")
    assert main(["form", "try", "form.csv"]) == 1
    assert "form.csv, sheet survey, row 3, type" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--now", "soon"), ("--given", "unit"), ("--channel", "pigeon")])
def test_an_option_that_means_nothing_is_said_so(option: tuple[str, str]) -> None:
    assert main(["form", "try", "starter", *option]) == 2
