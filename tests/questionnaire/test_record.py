"""A form written as JSON and read again is the same form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.questionnaire.record import form_text, read_form_text
from surveys.questionnaire.templates import names, template_form

texts = st.text(max_size=8)
maps = st.dictionaries(texts, texts, max_size=3)
choices = st.builds(Choice, texts, maps, st.lists(texts, max_size=2).map(tuple), st.booleans(), maps)
questions = st.builds(
    Question, texts, st.sampled_from(Kind), texts, maps, maps, st.lists(choices, max_size=3).map(tuple),
    texts, texts, maps, texts, maps, texts, texts, st.integers(0, 9), texts,
)  # fmt: skip
forms = st.builds(
    Form, texts, texts, maps, st.lists(texts, max_size=2).map(tuple), texts, st.lists(questions, max_size=3).map(tuple),
    maps, st.dictionaries(texts, st.lists(texts, max_size=2).map(tuple), max_size=2),
)  # fmt: skip


@settings(deadline=None)
@given(forms)
def test_any_form_survives_its_record(form: Form) -> None:
    assert read_form_text(form_text(form)) == form


@pytest.mark.parametrize("name", names())
def test_the_record_of_a_template_is_plain_json(name: str) -> None:
    form = template_form(name)
    assert read_form_text(form_text(form)) == form
    assert json.loads(form_text(form))["name"] == name
