"""A message when no question is open: something to be handled, perhaps, and then only with consent.

What tells of no trouble is met with the word by which something is reported; a case begins with a consent menu only
where the message is likely to be one.
"""

from __future__ import annotations

import re

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose
from surveys.dialogue.matters import tells_matter
from surveys.dialogue.nothing import only_signs
from surveys.dialogue.opening import open_interview

#: Pleasantries, one or several, that want no reply: answering them would begin a loop of thanks.
PLEASANTRY = re.compile(
    r"(?:(?:谢谢|多谢|感谢|好|好嘞|嗯|哦|知道|收到|辛苦|再见|ok(?:ay)?|thank(?:s|you)?|thx|bye|yes|no|gotit)"
    r"[了啦您你们哈呀的]*)+",
    re.IGNORECASE,
)
#: Who says no more than this wants to know whether anybody is there.
GREETING = re.compile(
    r"(?:(?:你|您|大家)好|喂|在吗|有人吗|早上好|上午好|下午好|晚上好|hi|hello|hey)[啊呀吗]?", re.IGNORECASE
)
#: Longer than this it is no pleasantry (and the pattern stays quick).
LONGEST = 24
PUNCTUATION = re.compile(r"[\s,.!?~,。!?~、…]+")


def says_something(text: str) -> bool:
    """Whether a free message is more than a pleasantry, a sign or a bare number."""
    bare = PUNCTUATION.sub("", text)
    return not only_signs(text) and not bare.isdigit() and not (len(bare) <= LONGEST and PLEASANTRY.fullmatch(bare))


def hear_free_message(draft: Draft, text: str) -> None:
    """Offer to pass on what tells of a matter; greet who greets, ignore pleasantries, say that nothing is asked."""
    if draft.conversation.people and GREETING.fullmatch(PUNCTUATION.sub("", text)[: LONGEST + 1]):
        draft.say(
            draft.words(
                "Hello, this is {office}. We have no question for you just now. If there is something you want "
                "handled, reply REPORT.",
                office=draft.world.office.name(draft.language),
            )
        )
        draft.event("MessageUnprompted")
    elif not says_something(text):
        draft.event("MessageUnprompted")
    elif tells_matter(text) or not draft.conversation.people:
        offer_to_pass_on(draft, text.strip())
    else:
        # An answer, most likely, to a question that has closed or has not come yet: nobody wants it passed on.
        draft.say(
            draft.words("There is no question open just now. If there is something you want handled, reply: report.")
        )
        draft.event("MessageUnprompted")


def offer_to_pass_on(draft: Draft, said: str) -> Interview | None:
    """Ask whether what was said (or is yet to be said) shall be passed on; return the interview that does."""
    people = draft.conversation.people
    if not people:
        draft.for_staff("unknown_number")
        return None
    if draft.conversation.shared:
        draft.for_staff("shared_number")  # a person settles which of them it was
    recent = [i.resident for i in draft.conversation.interviews]
    resident = recent[-1] if recent else people[0].resident
    return open_interview(
        draft,
        purpose=Purpose.COMPLAINT,
        resident=resident,
        form=Purpose.COMPLAINT.value,
        about=f"free|{draft.conversation.address}|{draft.conversation.turn}",
        given={"said": said},
    )
