"""What will stand on a certificate, read from rows at the moment of issue."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from lms.catalogue.models import Activity
from lms.catalogue.queries import current_outline, title_in
from lms.core import clock
from lms.core.addresses import absolute
from lms.credentials.models import CertificateDesign
from lms.credentials.render import CertificateContent
from lms.people.models import Learner
from lms.progress.queries import outline_as_rules, standing
from lms.progress.rules import asked


def content_for(
    *,
    learner: Learner,
    holder_name: str,
    design: CertificateDesign,
    serial: str,
    earned_at: dt.datetime,
    activity_id: int,
    run: int = 1,
    kind: str = "completion",
) -> CertificateContent:
    """Return every value on a certificate, in the design's language.

    Args:
        learner: whose record it is.
        holder_name: the name that is printed; usually the learner's.
        design: look, language, issuer and signatory.
        serial: canonical, made by ``lms.core.serials``.
        earned_at: the moment of completion; printed as a date in the zone of the site.
        activity_id: what was completed.
        run: which run of it.
        kind: ``completion`` or ``attendance``.
    """
    activity = Activity.objects.select_related("site").prefetch_related("pages__locale").get(pk=activity_id)
    with translation.override(design.language):
        return CertificateContent(
            holder_name=holder_name,
            title=title_in(activity, design.language),
            kind=kind,
            issuer_name=design.issuer.name,
            issuer_url=design.issuer.url,
            signatory_name=design.signatory_name,
            signatory_role=design.signatory_role,
            place=design.place,
            date_text=formats.date_format(clock.wall_clock(earned_at, clock.default_zone()), "j F Y"),
            serial=serial,
            verify_url=absolute(reverse("lms_public:certificate", args=[serial]), site=activity.site),
            language=design.language,
            accent=design.accent,
            details=_details(learner.pk, activity),
        )


def _details(learner_id: int, activity: Activity) -> tuple[tuple[str, str], ...]:
    """Return label and value of what was done: sessions attended of all, lessons done of all."""
    if current_outline(activity) is None:
        return ()
    counting, _needed = asked(outline_as_rules(activity.pk)[-1])
    found = standing(learner_id=learner_id, activity_id=activity.pk)
    done = sum(1 for part in counting if found and part.activity_id in found.done)
    if not counting or not done:
        return ()
    label = _("Sessions") if activity.kind == "webinar_series" else _("Parts")
    return ((label, _("%(done)s of %(all)s") % {"done": done, "all": len(counting)}),)
