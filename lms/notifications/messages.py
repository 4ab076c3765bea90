"""What messages say. Each is composed at sending time from rows, in the reader's language and zone.

``compose`` returns None when a message is no longer true or wanted: access and time are checked here, once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lms.assessment.models import Attempt
from lms.catalogue.models import Activity
from lms.catalogue.queries import page_in, title_in
from lms.core import clock
from lms.core.addresses import absolute
from lms.credentials.models import Certificate
from lms.notifications import itip
from lms.notifications.channels import Attachment, Composed
from lms.notifications.models import OutboxMessage
from lms.notifications.personal_links import attempt_link, course_link, join_link, personal_link
from lms.people import codes
from lms.people.models import Address, Learner, OneTimeCode
from lms.progress import runs
from lms.webinars.models import Occurrence, Registration, SeriesRegistration, WebinarSeries

#: What a kind needs to say: template values and files, or None when there is nothing to say any more.
Contents = tuple[dict[str, Any], tuple[Attachment, ...]] | None


def compose(message: OutboxMessage, address: Address) -> Composed | None:
    """Return the words of a message as things stand now, or None when it should not be sent any more.

    Args:
        message: with its learner.
        address: where it will go; the personal link in it proves this address when it is used.
    """
    learner = message.learner
    if learner.erased_at is not None:
        return None
    with translation.override(learner.language):
        kind = "reminder" if message.kind.startswith("reminder_") else message.kind
        contents = COMPOSERS[kind](message, address)
        if contents is None:
            return None
        values, attachments = contents
        values = {
            "learner": learner,
            "personal_link": personal_link(learner, address),
            "kind": message.kind,
            **values,
        }
        words = render_to_string(f"lms/mail/{kind}.txt", values)
    subject, _, text = words.strip().partition("\n")
    return Composed(subject=subject.strip(), text=text.strip() + "\n", attachments=attachments)


def _subject_id(message: OutboxMessage) -> int:
    return int(message.about.partition(":")[2])


def _series_values(series: WebinarSeries, learner: Learner) -> dict[str, Any]:
    page = page_in(series.activity, learner.language)
    return {
        "series": series,
        "title": title_in(series.activity, learner.language),
        "series_address": page.page.full_url if page and page.page and page.public else "",
        "organiser_zone": series.zone,
        "zone": learner.zone or series.zone,
    }


def _lines(registrations: list[Registration]) -> list[dict[str, Any]]:
    return [{"registration": row, "occurrence": row.occurrence} for row in registrations]


def _series_registered(message: OutboxMessage, address: Address) -> Contents:
    wish = SeriesRegistration.objects.filter(
        series_id=_subject_id(message), learner=message.learner, cancelled_at=None, revision=message.revision
    ).first()
    if wish is None:
        return None
    series = _series(wish.series_id)
    coming = list(
        Registration.objects.filter(
            learner=message.learner, occurrence__series=series, occurrence__ends_at__gt=clock.now()
        )
        .exclude(state=Registration.State.CANCELLED)
        .exclude(occurrence__status=Occurrence.Status.CANCELLED)
        .select_related("occurrence")
        .order_by("occurrence__starts_at")
    )
    if not series.activity.live or not coming:
        return None
    seats = [row for row in coming if row.state == Registration.State.REGISTERED]
    files = itip.invitation(series, seats, message.learner, address, stamp=message.created_at)
    return _series_values(series, message.learner) | {"registrations": coming}, files


def _series_left(message: OutboxMessage, address: Address) -> Contents:
    wish = (
        SeriesRegistration.objects.filter(
            series_id=_subject_id(message), learner=message.learner, revision=message.revision
        )
        .exclude(cancelled_at=None)
        .first()
    )
    if wish is None:
        return None
    series = _series(wish.series_id)
    # What was given back with the series; a session that was left before had a mail of its own.
    left = Registration.objects.filter(
        learner=message.learner,
        occurrence__series=series,
        state=Registration.State.CANCELLED,
        updated_at__gte=wish.cancelled_at,
        occurrence__ends_at__gt=clock.now(),
    ).exclude(occurrence__status=Occurrence.Status.CANCELLED)
    rows = left.select_related("occurrence").order_by("occurrence__starts_at")
    files = itip.cancellations(
        series, [row.occurrence for row in rows], message.learner, address, stamp=message.created_at
    )
    return _series_values(series, message.learner), files


def _link_wanted(message: OutboxMessage, address: Address) -> Contents:
    activity = Activity.objects.filter(pk=_subject_id(message)).first()
    if activity is None or not activity.live:
        return None
    return {
        "title": title_in(activity, message.learner.language),
        "activity": activity,
        "course_link": course_link(activity, message.learner, address),
    }, ()


def _page_wanted(message: OutboxMessage, address: Address) -> Contents:
    return {}, ()


def _run(message: OutboxMessage, state: str) -> Contents:
    """Return what a mail about a run says, while the run is in the state that the mail tells of."""
    run = runs.by_ids([_subject_id(message)]).first()
    if run is None or run.state != state or not run.activity.live:
        return None
    language = message.learner.language
    page = page_in(run.activity, language)
    return {
        "title": title_in(run.activity, language),
        "activity": run.activity,
        "note": run.note,
        "later": run.started_at if run.started_at > clock.now() else None,
        "zone": message.learner.zone or clock.default_zone(),
        "page_address": page.page.full_url if page and page.page and page.public else "",
    }, ()


def _enrolled(message: OutboxMessage, address: Address) -> Contents:
    contents = _run(message, runs.State.ACTIVE)
    if contents is None:
        return None
    values, files = contents
    return values | {"course_link": course_link(values["activity"], message.learner, address)}, files


def _enrolment_declined(message: OutboxMessage, address: Address) -> Contents:
    return _run(message, runs.State.DECLINED)


def _task_graded(message: OutboxMessage, address: Address) -> Contents:
    attempt = (
        Attempt.objects.filter(pk=_subject_id(message), learner=message.learner, state=Attempt.State.GRADED)
        .select_related("quiz__activity")
        .first()
    )
    if attempt is None:
        return None
    return {
        "title": title_in(attempt.quiz.activity, message.learner.language),
        "attempt": attempt,
        "attempt_link": attempt_link(attempt, message.learner, address),
    }, ()


def _session(message: OutboxMessage) -> tuple[Occurrence, Registration | None]:
    occurrence = Occurrence.objects.select_related("series__activity", "activity").get(
        pk=_subject_id(message)
    )
    registration = Registration.objects.filter(occurrence=occurrence, learner=message.learner).first()
    if registration is not None:
        registration.occurrence = occurrence  # known already
    return occurrence, registration


def _session_values(occurrence: Occurrence, registration: Registration, learner: Learner) -> dict[str, Any]:
    return _series_values(occurrence.series, learner) | {
        "occurrence": occurrence,
        "registration": registration,
        "join_link": join_link(registration),
    }


def _session_registered(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if registration is None or not _wanted(message, occurrence, registration):
        return None
    if occurrence.status == Occurrence.Status.CANCELLED:
        return None
    seated = registration.state == Registration.State.REGISTERED
    files = (
        itip.invitation(occurrence.series, [registration], message.learner, address, stamp=message.created_at)
        if seated
        else ()
    )
    return _session_values(occurrence, registration, message.learner), files


def _session_promoted(message: OutboxMessage, address: Address) -> Contents:
    _, registration = _session(message)
    if registration is None or registration.state != Registration.State.REGISTERED:
        return None
    return _session_registered(message, address)


def _session_moved(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    # A further change has a message of its own; what lies between is not worth telling.
    if occurrence.sequence != message.sequence:
        return None
    return _session_registered(message, address)


def _session_cancelled(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if (
        registration is None
        or occurrence.status != Occurrence.Status.CANCELLED
        or occurrence.ends_at < clock.now()
    ):
        return None
    files = itip.cancellation(
        occurrence.series, occurrence, message.learner, address, stamp=message.created_at
    )
    return _session_values(occurrence, registration, message.learner), files


def _session_left(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if registration is None or registration.state != Registration.State.CANCELLED:
        return None
    files = itip.cancellation(
        occurrence.series, occurrence, message.learner, address, stamp=message.created_at
    )
    return _session_values(occurrence, registration, message.learner), files


def _reminder(message: OutboxMessage, address: Address) -> Contents:
    occurrence, registration = _session(message)
    if (
        registration is None
        or registration.state != Registration.State.REGISTERED
        or occurrence.status != Occurrence.Status.SCHEDULED
        or occurrence.sequence != message.sequence
        or occurrence.starts_at < clock.now()
    ):
        return None
    return _session_values(occurrence, registration, message.learner), ()


def _certificate_issued(message: OutboxMessage, address: Address) -> Contents:
    certificate = Certificate.objects.filter(pk=_subject_id(message), learner=message.learner).first()
    if certificate is None or certificate.state != Certificate.State.VALID:
        return None
    address_of_it = absolute(reverse("lms_public:certificate", args=[certificate.serial]))
    return {"certificate": certificate, "certificate_link": address_of_it, "title": certificate.title}, ()


def _code(message: OutboxMessage, address: Address) -> Contents:
    code = OneTimeCode.objects.filter(pk=_subject_id(message), learner=message.learner).first()
    if code is None or code.used_at is not None or code.expires_at < clock.now():
        return None
    return {"digits": codes.digits(code), "minutes": int(codes.VALID.total_seconds() // 60)}, ()


def _wanted(message: OutboxMessage, occurrence: Occurrence, registration: Registration) -> bool:
    return (
        registration.state != Registration.State.CANCELLED
        and registration.revision == message.revision
        and occurrence.ends_at > clock.now()
        and occurrence.series.activity.live
    )


def _series(pk: int) -> WebinarSeries:
    return WebinarSeries.objects.select_related("activity__site").defer("rule").get(pk=pk)


COMPOSERS: dict[str, Callable[[OutboxMessage, Address], Contents]] = {
    "series_registered": _series_registered,
    "series_left": _series_left,
    "link_wanted": _link_wanted,
    "page_wanted": _page_wanted,
    "enrolled": _enrolled,
    "enrolment_declined": _enrolment_declined,
    "task_graded": _task_graded,
    "session_registered": _session_registered,
    "session_promoted": _session_promoted,
    "session_left": _session_left,
    "session_moved": _session_moved,
    "session_cancelled": _session_cancelled,
    "reminder": _reminder,
    "certificate_issued": _certificate_issued,
    "code": _code,
}
