"""A message that is changed after it was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from surveys.consent.consent import Consent
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.draft import Draft
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.turn import Turn, Urgency
from surveys.dialogue.words import stop_word
from surveys.dialogue.world import World

#: That changing a message changes no answer is said once in so long.
HINT = timedelta(hours=1)


def hear_change(conversation: Conversation, heard: Heard, world: World) -> Turn:
    """Hear that a message was changed into `heard`: nothing is decided by it, except that STOP is STOP."""
    if stop_word(heard.text):
        return hear(conversation, heard, world)
    draft = Draft(conversation, world, urgency=Urgency.REPLY, channel=heard.channel, heard=True)
    floor = conversation.floor
    stopped = all(person.consent == Consent.STOPPED.value for person in conversation.people)
    hinted = any(i.hinted_at and world.now - i.hinted_at < HINT for i in conversation.interviews)
    if floor is not None and floor.begun and not (stopped or hinted or conversation.burst.silent(world.now)):
        floor = draft.put(replace(floor, hinted_at=world.now))
        draft.say(
            draft.words(
                "Changing a message you have sent does not change your answer. To answer the last question again, "
                "reply back."
            ),
            about=floor,
        )
    return draft.turn()
