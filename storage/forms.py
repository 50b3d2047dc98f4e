"""Questionnaires as they were handed in, each version kept for ever under the digest of its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.tables.campaigns import forms
from surveys.questionnaire.form import Form
from surveys.questionnaire.record import form_text, read_form_text

#: Compiled forms kept in memory. A digest never means another form, so an entry is never out of date.
KEPT = 64
_kept: dict[str, Form] = {}


class FormMissing(LookupError):
    """No questionnaire with this digest is stored."""


@dataclass(frozen=True, slots=True)
class StoredForm:
    """What a list of questionnaires shows of one."""

    digest: str
    name: str
    filename: str
    added_at: datetime


def add(connection: Connection, form: Form, filename: str, source: bytes, now: datetime) -> bool:
    """Store `form` with the workbook it came from; False if this very version is there already."""
    if exists(connection, form.digest):
        return False
    connection.execute(
        insert(forms).values(
            digest=form.digest,
            name=form.name[:128],
            filename=filename[-255:],
            source=source,
            definition=form_text(form),
            added_at=now,
        ),
    )
    return True


def exists(connection: Connection, digest: str) -> bool:
    """Whether the questionnaire with this digest is stored."""
    return connection.execute(select(forms.c.digest).where(forms.c.digest == digest)).first() is not None


def load(connection: Connection, digest: str) -> Form:
    """Return the questionnaire with this digest; FormMissing if there is none."""
    form = _kept.get(digest)
    if form is None:
        definition = connection.execute(select(forms.c.definition).where(forms.c.digest == digest)).scalar()
        if definition is None:
            raise FormMissing(digest)
        form = read_form_text(definition)
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[digest] = form
    return form


def find(connection: Connection, reference: str) -> str | None:
    """Return the digest that `reference` means: a digest, at least 8 digits of one, or the newest form of a name."""
    wanted = reference.strip().lower()
    if len(wanted) >= 8 and all(letter in "0123456789abcdef" for letter in wanted):
        found = connection.execute(
            select(forms.c.digest).where(forms.c.digest.startswith(wanted)).limit(2),
        ).scalars()
        digests = list(found)
        if len(digests) == 1:
            return str(digests[0])
    return connection.execute(
        select(forms.c.digest)
        .where(forms.c.name == reference.strip())
        .order_by(forms.c.added_at.desc(), forms.c.digest)
        .limit(1),
    ).scalar()


def listed(connection: Connection) -> tuple[StoredForm, ...]:
    """Return every stored questionnaire, the newest first."""
    rows = connection.execute(
        select(forms.c.digest, forms.c.name, forms.c.filename, forms.c.added_at).order_by(
            forms.c.added_at.desc(),
            forms.c.digest,
        ),
    )
    return tuple(StoredForm(*row) for row in rows)
