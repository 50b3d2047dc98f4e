"""The texts residents would get from a campaign, made by the very dialogue that would say them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignKind, CampaignState, Plan
from surveys.consent.consent import Consent
from surveys.dialogue import waking
from surveys.dialogue.asking import put_question
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.draft import Draft
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Stage
from surveys.dialogue.turn import Turn, Urgency
from surveys.dialogue.world import Campaign, World
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import key
from surveys.questionnaire.templates import template_form
from surveys.units.directory import Unit
from surveys.units.given import units_given

#: A resident who stands for all: names and numbers in texts are where variables of a template go.
RESIDENT, SURNAME = 1, "王"
_GIVEN = units_given([Unit("unit", "某单位", "this office", "某类", duties="某项职责")])
#: What residents say that is answered alike whatever is asked: words, not answers.
#: What nobody can read, for the texts that ask again.
UNREADABLE = "qwrtp"
SAYINGS = ("help", "帮助", "later", "稍后", "stop", "退订", UNREADABLE)
#: An answer most questions take, and what is said to those that do not.
ANSWER, SKIP = "1", "skip"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One text; `field` is the question or language it comes from.

    `opens`: without it the campaign cannot be had: a first message, an awareness message, a question.
    """

    text: str
    field: str
    opens: bool


def texts(plan: Plan, form: Form | None, office: Office, languages: tuple[str, ...]) -> Iterator[Told]:
    """Yield each text once: first messages, questions, and the replies to common words.

    Answers that questions quote are left out, and replies to answers are those to any: this is what a carrier is
    asked to approve, not every conversation there may be.
    """
    seen: set[str] = set()
    for language in languages:
        for told in _told(plan, form, office, language):
            if told.text and told.text not in seen:
                seen.add(told.text)
                yield told


def _told(plan: Plan, form: Form | None, office: Office, language: str) -> Iterator[Told]:
    world = _world(plan, form, office)
    campaign = world.campaigns[plan.name]
    if plan.kind is CampaignKind.AWARENESS:
        if plan.messages:
            turn = waking.tell(_conversation(language, confirmed=True), campaign, RESIDENT, 0, world)
            yield from _said(turn, f"message.{language}", opens=True)
        return
    if form is None or not form.asked:
        return
    for confirmed in (True, False):
        first = waking.invite(_conversation(language, confirmed=confirmed), campaign, RESIDENT, world, _GIVEN)
        yield from _said(first, f"title.{language}", opens=True)
        if confirmed:
            yield from _questions(first.conversation, form, world)
        for saying in SAYINGS:
            field = "unreadable" if saying == UNREADABLE else saying
            yield from _said(hear(first.conversation, Heard(saying, "gateway"), world), field, opens=False)
        yield from _replies(first.conversation, world, most=2 * len(form.asked) + 4)


def _questions(conversation: Conversation, form: Form, world: World) -> Iterator[Told]:
    """Yield every question as it is put to who has answered none before it."""
    floor = conversation.floor
    if floor is None:
        return
    for question in form.asked:
        if question.role == "complaint":
            continue
        draft = Draft(conversation, world, urgency=Urgency.REPLY)
        position = key(question.name, (1,) * len(question.repeats))
        put_question(draft, draft.put(replace(floor, position=position, stage=Stage.OPEN)))
        yield from _said(draft.turn(), question.name, opens=True)


def _replies(conversation: Conversation, world: World, most: int) -> Iterator[Told]:
    """Yield what one resident gets who answers to the end, the thanks among it."""
    saying = ANSWER
    for _ in range(most):
        before = conversation.floor
        if before is None:
            return
        turn = hear(conversation, Heard(saying, "gateway"), world)
        yield from _said(turn, before.position, opens=False)
        after = turn.conversation.floor
        stuck = after is not None and (after.id, after.position) == (before.id, before.position)
        conversation, saying = turn.conversation, SKIP if stuck else ANSWER


def _said(turn: Turn, field: str, *, opens: bool) -> Iterator[Told]:
    for say in turn.says:
        yield Told(say.text, field, opens)


def _conversation(language: str, *, confirmed: bool) -> Conversation:
    person = Person(RESIDENT, SURNAME, confirmed=confirmed, consent=Consent.GIVEN.value)
    return Conversation(address=1, people=(person,), language=language)


def _world(plan: Plan, form: Form | None, office: Office) -> World:
    def find(digest: str) -> Form:
        return form if form is not None and digest == plan.form else template_form(digest)

    return World(
        now=plan.starts_at + MINUTE,
        office=office,
        names=_Names(),
        form=find,
        campaigns={plan.name: Campaign(plan.name, plan, CampaignState.RUNNING)},
        cases={},
        units=lambda unit, _language: unit,
    )


class _Names:
    """Names that mean nothing: nobody gets these texts."""

    def name(self, *parts: object, length: int = 20) -> str:
        """Return letters and digits that follow from `parts`."""
        return sha256("|".join(map(str, parts)).encode()).hexdigest()[:length]

    def digits(self, *parts: object, length: int) -> str:
        """Return decimal digits that follow from `parts`."""
        return str(int(sha256("|".join(map(str, parts)).encode()).hexdigest(), 16))[:length]
