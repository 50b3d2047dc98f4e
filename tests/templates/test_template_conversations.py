"""Golden conversations of the templates: what a resident reads who is asked them, word for word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from template_player import START, play_template, template_transcripts

from surveys.dialogue.trying import begin, read_reply, replied
from surveys.dialogue.wandering import wander
from surveys.questionnaire.templates import names, template_form


@pytest.mark.parametrize("path", template_transcripts(), ids=lambda path: path.stem)
def test_a_template_is_talked_through_word_for_word(path: Path, request: pytest.FixtureRequest) -> None:
    """With --write-golden the files are written anew, for a person to read the difference."""
    played = play_template(path.read_text(encoding="utf-8"))
    if request.config.getoption("--write-golden"):
        path.write_text(played, encoding="utf-8")
    assert played == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", names())
def test_every_template_has_a_golden_conversation_in_each_language(name: str, language: str) -> None:
    heads = [path.read_text(encoding="utf-8").partition("\n\n")[0].splitlines() for path in template_transcripts()]
    assert any(f"form: {name}" in head and f"language: {language}" in head for head in heads)


def test_every_golden_conversation_comes_to_its_end() -> None:
    for path in template_transcripts():
        assert path.read_text(encoding="utf-8").endswith("<< complete\n"), path.stem


@pytest.mark.parametrize("name", names())
def test_changing_the_language_at_every_question_changes_no_answer(name: str) -> None:
    """The same resident, once in one language and once changing it before each reply, ends with the same answers."""
    steady = talked(name, changing=False)
    changing = talked(name, changing=True)
    assert changing == steady
    assert steady["complete"] is True


def talked(name: str, *, changing: bool) -> dict[str, object]:
    form = template_form(name)
    trial = begin(form, language="zh", channel="sms", now=START)
    for place in range(200):
        if trial.complete or trial.conversation.floor is None:
            break
        if changing:
            trial = replied(trial, read_reply("English" if place % 2 == 0 else "中文"))
        asked = trial.interview.asked
        for reply in ("1", "路口的路灯坏了", "2"):
            moved = replied(trial, read_reply(reply))
            trial = replace(moved, world=replace(moved.world))
            if trial.interview.asked != asked or trial.complete:
                break
    return {"answers": trial.answers(), "asked": trial.asked_paths(), "complete": trial.complete}


@pytest.mark.parametrize("name", names())
def test_residents_who_answer_at_random_come_to_the_end_of_every_template(name: str) -> None:
    from random import Random

    for seed in range(10):
        trial = wander(template_form(name), language="zh", now=START, random=Random(seed), eager=seed == 0)
        assert trial.complete, (name, seed)
