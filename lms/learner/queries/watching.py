"""How much of a lesson's recording a learner has watched, and how much is asked for, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.learner.gate import Opening
from lms.learner.words import duration
from lms.people.models import Learner
from lms.progress import queries as progress


@dataclass(frozen=True, slots=True)
class Watch:
    """Seconds seen of a recording's length, what is needed (None: nothing is), and whether that is reached."""

    seconds: int
    length: int
    needed: int | None
    done: bool

    @property
    def words(self) -> str:
        """Say how much was watched and how much is needed."""
        seen = {"seen": duration(self.seconds), "whole": duration(self.length)}
        words = [_("You have watched %(seen)s of %(whole)s.") % seen]
        if self.needed is None:
            return words[0]
        if self.seconds >= self.needed:
            words.append(_("That is enough: this lesson is done."))
        elif not self.done:
            needed = duration(self.needed, exact=True, up=True)
            words.append(_("%(needed)s are needed for this lesson to be done.") % {"needed": needed})
        return " ".join(words)


def watch_of(learner: Learner, opening: Opening, *, length: int) -> Watch | None:
    """Return how far a learner is with the recording of a lesson: one query; None when it has none that is counted.

    Args:
        learner: whose.
        opening: the lesson, which is open.
        length: of the recording, in seconds, see ``recording_seconds``.
    """
    if not length:
        return None
    return Watch(
        seconds=progress.watched_by(learner_id=learner.pk, activity_id=opening.activity.pk),
        length=length,
        needed=opening.part.rule.get("min_watched"),
        done=opening.part.done_at is not None,
    )
