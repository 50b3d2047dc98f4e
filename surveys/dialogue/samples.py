"""What a questionnaire that is only tried is told: an office, a surname, a case, units to evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from surveys.campaign.office import Office
from surveys.language import CHINESE, ENGLISH
from surveys.questionnaire.form import Form, Kind
from surveys.questionnaire.keys import count_key, key
from surveys.questionnaire.repeats import UNIT

OFFICE = Office(names={CHINESE: "示例测评办", ENGLISH: "Sample Evaluation Office"}, hotline="12345")
#: What stands for facts the office or a case would fill in; anything else is shown as its own name.
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "surname": {CHINESE: "王", ENGLISH: "Wang"},
    "unit": {CHINESE: "城管局", ENGLISH: "Urban Management"},
    "what_was_done": {CHINESE: "已更换路灯灯泡", ENGLISH: "the street lamp has been replaced"},
    "said": {CHINESE: "", ENGLISH: ""},
}
#: The units a resident of a sample is to evaluate, by what rows of the repeat `unit` are called.
UNITS: tuple[Mapping[str, Mapping[str, str]], ...] = (
    {
        "unit_name": {CHINESE: "城管局", ENGLISH: "Urban Management"},
        "unit_duty": {CHINESE: "市容、路灯、垃圾清运", ENGLISH: "streets, lamps, waste"},
        "unit_class": {CHINESE: "执法部门", ENGLISH: "enforcement"},
    },
    {
        "unit_name": {CHINESE: "水务局", ENGLISH: "Water Bureau"},
        "unit_duty": {CHINESE: "供水、河道、防汛", ENGLISH: "water supply, rivers, floods"},
        "unit_class": {CHINESE: "服务部门", ENGLISH: "services"},
    },
)


def given_samples(form: Form, language: str, now: datetime) -> dict[str, str]:
    """Return what hidden questions hold, by the keys under which it is given."""
    known: dict[str, str] = {}
    for question in form.questions:
        if question.kind is not Kind.HIDDEN:
            continue
        if question.repeats == (UNIT,):
            for number, unit in enumerate(UNITS, 1):
                known |= _said(question.name, unit.get(question.name), language, (number,))
        else:
            known |= _said(question.name, SAMPLES.get(question.name), language, ())
    if "done_on" in known:
        known["done_on"] = now.date().isoformat()
    if any(repeat.name == UNIT for repeat in form.repeats):
        known[count_key(UNIT, ())] = str(len(UNITS))
    return known


def _said(name: str, said: Mapping[str, str] | None, language: str, indices: tuple[int, ...]) -> dict[str, str]:
    if said is None:
        return {key(name, indices): f"[{name}]"}
    return {key(name, indices): said[language], **{key(f"{name}:{other}", indices): said[other] for other in said}}
