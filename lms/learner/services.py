"""What a learner does by themselves: mark a lesson as done, start a course, make old links invalid."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms import conf
from lms.catalogue.models import Activity
from lms.core import clock
from lms.core.dates import clock_words
from lms.core.exceptions import Closed, KelasError, NotAllowed
from lms.learner.gate import Opening, may_open
from lms.learner.queries import recording_seconds
from lms.notifications.services import Notice, queue
from lms.people import services as people
from lms.people.models import Learner
from lms.people.queries import learners_with
from lms.progress import queries, services
from lms.progress.services import Statement
from lms.webinars.services.registration import TAKING_PART, want_link
from lms.webinars.services.seats import revoke_join_links

MARKED = "lesson.marked"
UNMARKED = "lesson.unmarked"
OPENED = "lesson.opened"
VERB = "completed"


class NotOpen(KelasError):
    """The gate is closed to this learner; the page says why."""

    code = "not-open"


class TooEarly(KelasError):
    """The least time between opening a lesson and marking it has not passed."""

    code = "too-early"


class WatchFirst(KelasError):
    """The lesson is done by watching its recording, not by a mark."""

    code = "watch-first"


def open_lesson(*, learner: Learner, opening: Opening) -> dt.datetime:
    """Keep that a learner opened a lesson for the first time; a second time changes nothing.

    Args:
        learner: who opened it.
        opening: what the gate said; it is open.

    Returns:
        When it was opened for the first time.
    """
    if opening.part.opened_at is not None:
        return opening.part.opened_at
    now = clock.now()
    lesson = opening.activity
    services.record(
        [
            Statement(
                cause=f"opened:{lesson.key}:{learner.public_id}",
                learner_id=learner.pk,
                activity_id=lesson.pk,
                verb="experienced",
                occurred_at=now,
                reason=OPENED,
            )
        ]
    )
    return now


@transaction.atomic
def mark_lesson(*, learner: Learner, key: Any, done: bool = True) -> bool:
    """Keep that a learner has done a lesson, or that it was marked by mistake. Doing it twice changes nothing.

    Args:
        learner: who is in a course that holds the lesson.
        key: of the lesson's activity.
        done: False takes the mark back.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowed: there is no such lesson for anybody.
        NotOpen: it is not open to this learner.
        TooEarly: the least time has not passed.
        WatchFirst: the recording is to be watched instead.
    """
    # Two clicks at the same time are one; and the gate is asked under the lock.
    services.lock_learners([learner.pk])
    now = clock.now()
    opening = may_open(learner=learner, key=key, now=now)
    if opening is None:
        raise NotAllowed(_("This lesson is not part of a course that you are in."))
    if not opening.open:
        raise NotOpen(_("This lesson is not open to you now. Nothing was changed."))
    lesson, rule = opening.activity, opening.part.rule
    if done and "min_watched" in rule:
        raise WatchFirst(
            _("This lesson is done when enough of its recording was watched; it is counted by itself.")
        )
    if done and (wait := opening.part.seconds_to_wait(now)):
        raise TooEarly(
            _("Take your time with this lesson: you can mark it as done from %(time)s.")
            % {"time": moment_words(now + dt.timedelta(seconds=wait), learner.zone)}
        )
    marks = queries.history(learner_id=learner.pk, activity_ids=[lesson.pk]).filter(verb=VERB)
    if opening.counts_from:  # an earlier run keeps its marks
        marks = marks.filter(occurred_at__gte=opening.counts_from)
    there = list(marks.values_list("pk", flat=True))
    if bool(there) == done:
        return False
    if not done:
        services.void(record_ids=there, reason=UNMARKED)
        return True
    services.record(
        [
            Statement(
                # A mark may be given, taken back and given again.
                cause=f"lesson:{lesson.key}:{learner.public_id}:{now.isoformat()}",
                learner_id=learner.pk,
                activity_id=lesson.pk,
                verb=VERB,
                occurred_at=now,
                reason=MARKED,
            )
        ]
    )
    return True


@transaction.atomic
def report_watched(*, learner: Learner, key: Any, spans: Any) -> Opening:
    """Keep which parts of a lesson's recording a learner's player says were watched.

    Args:
        learner: who watched.
        key: of the lesson's activity.
        spans: as the player sent them.

    Returns:
        The lesson as it stands afterwards.

    Raises:
        NotAllowed: there is no such lesson, or it has no recording of a known length.
        NotOpen: it is not open to this learner.
        BadSpans, Implausible: see ``lms.progress.services``.
    """
    services.lock_learners([learner.pk])
    opening = may_open(learner=learner, key=key)
    length = recording_seconds(opening.activity) if opening else 0
    if opening is None or not length:
        raise NotAllowed(_("This lesson has no recording that is counted."))
    if not opening.open:
        raise NotOpen(_("This lesson is not open to you now. Nothing was changed."))
    services.record_watched(
        learner_id=learner.pk,
        lesson=opening.activity,
        spans=services.read_spans(spans),
        length_seconds=length,
        opened_at=open_lesson(learner=learner, opening=opening),
        rule=opening.part.rule,
        learner_key=learner.public_id,
    )
    return opening


def moment_words(moment: dt.datetime, zone: str) -> str:
    """Return a clock time of today with its zone: ``10.12 WITA``."""
    zone = zone or clock.default_zone()
    return f"{clock_words(moment, zone)} {clock.zone_label(zone, moment)}"


@transaction.atomic
def start_course(
    *,
    course: Activity,
    name: str,
    email: str,
    language: str = "",
    zone: str = "",
    attempt: str = "",
    consent_wording: str = "",
    cohort: str = "",
) -> Learner:
    """Have whoever typed this name and address take part in a course as its rule says, and mail the personal link.

    They start, ask for approval, or take a seat. The answer is the same for whoever is in it already.

    Args:
        course: a course or curriculum that everybody may read.
        name: as typed.
        email: as typed.
        language: of the form.
        zone: IANA name, of the visitor.
        attempt: random text in the form, see ``find_or_create_learner``.
        consent_wording: what the visitor agreed to, as read.
        cohort: public id of the cohort, where one is to be chosen.

    Raises:
        Closed: the course is no longer offered, takes only whom staff enrol, or the cohort takes nobody any more.
        KelasError: no cohort was chosen.
        BadName, BadAddress: see ``find_or_create_learner``.
    """
    if not Activity.objects.filter(pk=course.pk, live=True).exists():
        raise Closed(_("This course is no longer offered."))
    learner = people.find_or_create_learner(
        name=name, email=email, language=language, zone=zone, attempt=attempt
    )
    people.give_consent(
        learner=learner, purpose=TAKING_PART, version=str(conf.CONSENT_VERSION), wording=consent_wording
    )
    with contextlib.suppress(services.Elsewhere):  # the personal page says in which cohort they are
        services.join(learner_id=learner.pk, activity_id=course.pk, cohort_key=cohort)
    want_link(learner_id=learner.pk, activity_id=course.pk)
    return learner


@transaction.atomic
def revoke_links(*, learner: Learner) -> None:
    """Make every link that was mailed to a learner invalid; later mails carry new ones."""
    people.revoke_links(learner=learner)
    revoke_join_links(learner=learner)


def send_links(*, email: str) -> int:
    """Mail the way to the personal page to everybody whom an address belongs to; once in ten minutes for each.

    The mail goes where a learner is written to, which need not be the address that was typed: nobody is told on the screen
    whether an address is known, and nobody gets the link of another.

    Args:
        email: as it was typed and cleaned.

    Returns:
        How many learners are written to.
    """
    now = int(clock.now().timestamp())
    return queue(
        Notice(learner_id, "page_wanted", f"learner:{learner_id}", revision=now // 600)
        for learner_id in learners_with(email=email)
    )
