"""What messages say. Each is composed at sending time from rows, in the reader's language and zone.

``compose`` returns None when a message is no longer true or wanted: access and time are checked here, once more.
"""

from __future__ import annotations

from collections.abc import Callable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lms.assessment.models import Attempt
from lms.catalogue.models import Activity
from lms.catalogue.queries import page_in, title_in
from lms.core import clock
from lms.core.addresses import absolute
from lms.credentials.models import Certificate
from lms.notifications import session_messages
from lms.notifications.channels import Composed
from lms.notifications.models import OutboxMessage
from lms.notifications.personal_links import attempt_link, course_link, personal_link
from lms.notifications.session_messages import Contents, subject_id
from lms.people import codes
from lms.people.models import Address, OneTimeCode
from lms.progress import runs


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


def _link_wanted(message: OutboxMessage, address: Address) -> Contents:
    activity = Activity.objects.filter(pk=subject_id(message)).first()
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
    run = runs.by_ids([subject_id(message)]).first()
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
        Attempt.objects.filter(pk=subject_id(message), learner=message.learner, state=Attempt.State.GRADED)
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


def _certificate_issued(message: OutboxMessage, address: Address) -> Contents:
    certificate = Certificate.objects.filter(pk=subject_id(message), learner=message.learner).first()
    if certificate is None or certificate.state != Certificate.State.VALID:
        return None
    address_of_it = absolute(reverse("lms_public:certificate", args=[certificate.serial]))
    return {"certificate": certificate, "certificate_link": address_of_it, "title": certificate.title}, ()


def _code(message: OutboxMessage, address: Address) -> Contents:
    code = OneTimeCode.objects.filter(pk=subject_id(message), learner=message.learner).first()
    if code is None or code.used_at is not None or code.expires_at < clock.now():
        return None
    return {"digits": codes.digits(code), "minutes": int(codes.VALID.total_seconds() // 60)}, ()


COMPOSERS: dict[str, Callable[[OutboxMessage, Address], Contents]] = session_messages.COMPOSERS | {
    "link_wanted": _link_wanted,
    "page_wanted": _page_wanted,
    "enrolled": _enrolled,
    "enrolment_declined": _enrolment_declined,
    "task_graded": _task_graded,
    "certificate_issued": _certificate_issued,
    "code": _code,
}
