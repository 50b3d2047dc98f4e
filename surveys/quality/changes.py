"""Late changes towards praise: rated answers that were replaced by better ones after the fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from surveys.language import message
from surveys.quality.chance import sign_test
from surveys.quality.flag import RESPONDENTS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview

#: A change for the better after so long a silence is looked at; a slip is put right sooner.
LATE = timedelta(hours=1)
#: So many more changes for the better than for the worse, however soon.
MANY = 2
#: Probability below which as many changes up as down is not believed, over the whole campaign.
LEVEL = 0.01


def late_praise(people: Sequence[Interview]) -> Check:
    """Return who raised ratings late or often; and everybody who did, if raising outweighs lowering beyond chance."""
    flags = []
    changed = [person for person in people if person.paradata.changes]
    for person in changed:
        raised = [change for change in person.paradata.changes if change.raised]
        lowered = len(person.paradata.changes) - len(raised)
        late = [change for change in raised if change.after >= LATE]
        if late or len(raised) - lowered >= MANY:
            flags.append(
                Flag(
                    FlagKind.RAISED,
                    message(
                        "{raised} ratings changed to better ones, {late} of them after an hour of silence or more; "
                        "{lowered} to worse ones.",
                        raised=len(raised),
                        late=len(late),
                        lowered=lowered,
                    ),
                    {"raised": len(raised), "late": len(late), "lowered": lowered},
                    (person.key,),
                )
            )
    up = sum(change.raised for person in changed for change in person.paradata.changes)
    down = sum(not change.raised for person in changed for change in person.paradata.changes)
    p = sign_test(up, down)
    if p < LEVEL:
        flags.append(
            Flag(
                FlagKind.RAISED,
                message(
                    "In the whole campaign {raised} ratings were changed to better ones and {lowered} to worse ones "
                    "(sign test, p = {p}).",
                    raised=up,
                    lowered=down,
                    p=f"{p:.1g}",
                ),
                {"raised": up, "lowered": down, "p": p},
                tuple(sorted(person.key for person in changed if any(c.raised for c in person.paradata.changes))),
            )
        )
    return Check(
        kind=FlagKind.RAISED,
        rule=message(
            "A rating replaced by a better one after an hour of silence or more; or {many} more ratings raised than "
            "lowered; or more raised than lowered in the whole campaign (sign test, p below {level}). Kept of a change "
            "are its direction and its time, never the answers.",
            many=MANY,
            level=LEVEL,
        ),
        of=RESPONDENTS,
        looked_at=len(people),
        flags=tuple(flags),
        untested=None if people else message("Nobody answered."),
    )
