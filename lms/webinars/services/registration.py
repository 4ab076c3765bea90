"""What a visitor does without an account: register by name and e-mail, and join by the personal link."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lms import conf, signals
from lms.core import clock
from lms.people.models import Learner, Partner
from lms.people.services import find_or_create_learner, give_consent
from lms.webinars.models import JoinClick, Occurrence, WebinarSeries
from lms.webinars.services.seats import register_for_occurrence, register_for_series

#: Purpose of the consent that registering asks for.
TAKING_PART = "taking-part"

#: Somebody who registers again so soon pressed twice, or reloaded; the mail is on its way.
JUST_NOW = dt.timedelta(minutes=2)


@transaction.atomic
def register_visitor(
    *,
    series: WebinarSeries,
    name: str,
    email: str,
    occurrence: Occurrence | None = None,
    partner: Partner | None = None,
    language: str = "",
    zone: str = "",
    attempt: str = "",
    consent_wording: str = "",
) -> Learner:
    """Register whoever typed this name and address; everything or nothing.

    Somebody who is registered already asks for the mail again by registering again (``link_wanted``).

    Args:
        series: what for.
        name: as typed.
        email: as typed.
        occurrence: one session only; else every session.
        partner: whose calendar led here.
        language: of the form.
        zone: IANA name, of the visitor.
        attempt: random text in the form, see ``find_or_create_learner``.
        consent_wording: what the visitor agreed to, as read.

    Raises:
        Closed: there is nothing to register for any more.
        BadName, BadAddress: see ``find_or_create_learner``.
    """
    learner = find_or_create_learner(name=name, email=email, language=language, zone=zone, attempt=attempt)
    give_consent(
        learner=learner, purpose=TAKING_PART, version=str(conf.CONSENT_VERSION), wording=consent_wording
    )
    if occurrence is not None:
        since = register_for_occurrence(occurrence=occurrence, learner=learner).queued_at
    else:
        since = register_for_series(series=series, learner=learner, partner=partner).registered_at
    if since < clock.now() - JUST_NOW:
        want_link(learner_id=learner.pk, activity_id=series.activity_id)
    return learner


def want_link(*, learner_id: int, activity_id: int) -> None:
    """Have the personal link mailed, because somebody asked for it with this activity in mind."""
    signals.link_wanted.send(sender=Learner, learner_id=learner_id, activity_id=activity_id)


def record_join(*, registration_id: int) -> None:
    """Note that a join link was followed, before it leads on: one INSERT. It is no proof of attendance."""
    JoinClick(registration_id=registration_id, clicked_at=clock.now()).save(force_insert=True)
