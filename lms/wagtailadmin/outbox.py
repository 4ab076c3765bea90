"""Messages that could not be sent: to whom, what about, why, and a button that tries again."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import page_permission_policy

from lms.core import clock
from lms.core.dates import clock_words, date_words
from lms.core.not_found import stays_not_found
from lms.credentials.models import Certificate
from lms.notifications import queries, services
from lms.notifications.models import OutboxMessage
from lms.progress import runs
from lms.wagtailadmin.certificates import activities_for
from lms.wagtailadmin.paging import paged
from lms.wagtailadmin.scope import DECIDE, VIEW, courses_for, series_for
from lms.webinars.models import Occurrence

KINDS = {
    "series_registered": gettext_lazy("Registered for a series"),
    "series_left": gettext_lazy("Left a series"),
    "session_registered": gettext_lazy("Registered for a session"),
    "session_left": gettext_lazy("Left a session"),
    "session_promoted": gettext_lazy("A seat became free"),
    "session_moved": gettext_lazy("A session has moved"),
    "session_cancelled": gettext_lazy("A session is cancelled"),
    "enrolled": gettext_lazy("Enrolled in a course"),
    "enrolment_declined": gettext_lazy("Not accepted in a course"),
    "task_graded": gettext_lazy("A written task was graded"),
    "certificate_issued": gettext_lazy("A certificate was issued"),
    "link_wanted": gettext_lazy("Personal link"),
    "page_wanted": gettext_lazy("Personal link"),
    "code": gettext_lazy("Code to confirm an address"),
}
#: Errors of mail servers that a person can do something about.
REASONS = {
    "SMTPRecipientsRefused": gettext_lazy("The mail server refuses this address. It may be mistyped."),
    "SMTPAuthenticationError": gettext_lazy("The mail server does not accept our password."),
    "SMTPServerDisconnected": gettext_lazy("The mail server ended the connection."),
    "SMTPSenderRefused": gettext_lazy("The mail server refuses our own address."),
    "SMTPDataError": gettext_lazy("The mail server refused what the message says, perhaps as unwanted mail."),
    "ConnectionRefusedError": gettext_lazy("The mail server could not be reached."),
    "TimeoutError": gettext_lazy("The mail server did not answer in time."),
    "gaierror": gettext_lazy("The mail server could not be found."),
}


def failed_for(user: Any, action: str = VIEW) -> QuerySet[OutboxMessage]:
    """Return messages that could not be sent, about what a person may act on; superusers see all.

    Args:
        user: an admin user.
        action: a page permission of Wagtail.
    """
    if user.is_active and user.is_superuser:
        return queries.failed(None)
    series, activities = series_for(user, action), activities_for(user, action)
    return queries.failed(
        {
            "occurrence": Occurrence.objects.filter(series__in=series.order_by().values("pk")),
            "series": series,
            "activity": activities,
            "enrolment": runs.of_activities(courses_for(user, action)),
            "certificate": Certificate.objects.filter(activity__in=activities.values("pk")),
        }
    )


class OutboxView(WagtailAdminTemplateMixin, View):
    """The list, and the button."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for whoever may edit pages."""
        if not page_permission_policy.user_has_permission(request.user, VIEW):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what could not be sent."""
        paging = paged(request, failed_for(request.user))
        zone = clock.default_zone()
        for message in paging["page_obj"].object_list:
            message.kind_words = kind_words(message.kind)
            message.reason_words = REASONS.get(message.outcome) or message.outcome
            message.when = f"{date_words(message.updated_at, zone)}, {clock_words(message.updated_at, zone)}"
        title = _("Messages that could not be sent")
        return render(
            request,
            "lms/wagtailadmin/dashboard/outbox.html",
            {
                "header_title": title,
                "page_title": title,
                "header_icon": "mail",
                "breadcrumbs_items": [
                    {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                    {"url": "", "label": title},
                ],
                "may_send": failed_for(request.user, DECIDE).exists(),
                **paging,
            },
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Try again to send one message, or all."""
        mine = failed_for(request.user, DECIDE)
        chosen = request.POST.get("message", "")
        if chosen:
            mine = mine.filter(public_id=chosen)
        number = services.try_again(message_ids=mine.values_list("pk", flat=True))
        if number:
            words = ngettext(
                "%(number)s message is sent again. If it fails once more, it comes back here.",
                "%(number)s messages are sent again. What fails once more comes back here.",
                number,
            )
            messages.success(request, words % {"number": number})
        else:
            messages.warning(request, _("Nothing was sent: it has been sent by now, or you may not send it."))
        return redirect("lms_outbox")


def kind_words(kind: str) -> str:
    """Say what kind of message it is."""
    return str(_("Reminder of a session") if kind.startswith("reminder_") else KINDS.get(kind, kind))


urlpatterns = [path("messages/failed/", stays_not_found(OutboxView.as_view()), name="lms_outbox")]
