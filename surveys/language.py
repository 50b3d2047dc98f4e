"""The two languages of the house: English sentences in the code, their Chinese in message catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO

ENGLISH = "en"
CHINESE = "zh"
LANGUAGES = (CHINESE, ENGLISH)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet put into a language: the English template and what fills its `{names}`."""

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return the sentence in `language` (`zh` or `en`)."""
        return translate(language, self.template, **self.fields)

    def __str__(self) -> str:
        return self.text(ENGLISH)


def message(template: str, /, **fields: object) -> Message:
    """Make a Message; Babel collects `template` for the catalogues."""
    return Message(template, fields)


def translate(language: str, template: str, /, **fields: object) -> str:
    """Return `template` in `language` with its `{names}` filled; a Message or a list among them is put into it too."""
    sentence = catalogue().get(template, template) if language == CHINESE else template
    for name, value in fields.items():
        sentence = sentence.replace("{" + name + "}", _filled(language, value))
    return sentence


def _filled(language: str, value: object) -> str:
    if isinstance(value, Message):
        return value.text(language)
    if isinstance(value, tuple):
        return ("、" if language == CHINESE else ", ").join(_filled(language, one) for one in value)
    return str(value)


@cache
def catalogue() -> Mapping[str, str]:
    """Return English → Chinese, read once from every `locale/zh_CN/*.po` of the package."""
    from babel.messages.pofile import read_po

    known: dict[str, str] = {}
    for entry in sorted(files("surveys").joinpath("locale/zh_CN").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".po"):
            continue
        for item in read_po(BytesIO(entry.read_bytes()), locale="zh_CN"):
            if item.id and item.string:
                known[str(item.id)] = str(item.string)
    return known
