"""Certificates in the admin: issuers, designs with a preview that is the real document, issued ones, and those refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from lms.catalogue.models import Activity, ActivityPage
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.not_found import stays_not_found
from lms.core.serials import display
from lms.credentials import queries, services
from lms.credentials.models import Certificate
from lms.wagtailadmin.certificate_designs import design_preview

PER_PAGE = 50


def activities_for(user: Any, action: str = "change") -> QuerySet[Activity]:
    """Return the activities whose owner page a person may act on, also those whose page is no longer live."""
    if user.is_active and user.is_superuser:
        return Activity.objects.all()
    pages = page_permission_policy.instances_user_has_permission_for(user, action).order_by().values("pk")
    return Activity.objects.filter(
        pk__in=ActivityPage.objects.filter(page_id__in=pages).values("activity_id")
    )


# ── designs ──────────────────────────────────────────────────────────────────────────────────────────────────────


class CertificatesMenuItem(MenuItem):
    """Issued certificates, for those who may see the pages of any activity."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Certificates"), reverse_lazy("lms_certificates"), icon_name="doc-full", order=250
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who may change any page."""
        return page_permission_policy.user_has_any_permission(request.user, ["change", "publish"])


# ── issued certificates ──────────────────────────────────────────────────────────────────────────────────────────


def _header(title: str, *, below: bool = False) -> dict[str, Any]:
    """Return what Wagtail's slim header shows."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    if below:
        crumbs.append({"url": reverse("lms_certificates"), "label": _("Certificates")})
    crumbs.append({"url": "", "label": title})
    return {
        "header_title": title,
        "page_title": title,
        "header_icon": "doc-full",
        "breadcrumbs_items": crumbs,
    }


@require_admin_access
def issued(request: HttpRequest) -> HttpResponse:
    """List issued certificates that a person may see, and those that could not be issued."""
    activities = list(activities_for(request.user).values_list("pk", flat=True))
    found = queries.for_activities(activities)
    typed = request.GET.get("q", "").strip()[:100]
    if typed:
        found = found.filter(
            Q(holder_name__icontains=typed) | Q(title__icontains=typed) | Q(serial=typed.upper())
        )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    for certificate in page.object_list:
        certificate.shown_serial = display(certificate.serial)
    return render(
        request,
        "lms/wagtailadmin/certificates/issued.html",
        {
            "page": page,
            "typed": typed,
            "waiting": queries.waiting_for_activities(activities)[:PER_PAGE],
            "decidable": set(
                activities_for(request.user, "publish")
                .filter(pk__in={certificate.activity_id for certificate in page.object_list})
                .values_list("pk", flat=True)
            ),
            "zone": clock.default_zone(),
            **_header(_("Certificates")),
        },
    )


def _certificate(request: HttpRequest, serial: str) -> Certificate:
    activities = activities_for(request.user, "publish").values("pk")
    return get_object_or_404(Certificate, serial=serial, activity_id__in=activities)


@require_admin_access
def revoke(request: HttpRequest, serial: str) -> HttpResponse:
    """Ask for the reason, and revoke."""
    certificate = _certificate(request, serial)
    if request.method == "POST":
        return _done(
            request,
            lambda: services.revoke(certificate=certificate, reason=request.POST.get("reason", "")),
            _("Revoked."),
        )
    return _form(request, certificate, "revoke")


@require_admin_access
def correct(request: HttpRequest, serial: str) -> HttpResponse:
    """Ask for the right name, and issue again."""
    certificate = _certificate(request, serial)
    if request.method == "POST":
        name = request.POST.get("holder_name", "")[:200]
        return _done(
            request, lambda: services.correct(certificate=certificate, holder_name=name), _("Corrected.")
        )
    return _form(request, certificate, "correct")


@require_admin_access
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a refused certificate anew."""
    due = get_object_or_404(
        queries.waiting_for_activities(activities_for(request.user, "publish").values_list("pk", flat=True)),
        pk=pk,
    )
    return _done(request, lambda: services.try_again(due=due), _("It is being tried again."))


def _done(request: HttpRequest, act: Any, words: str) -> HttpResponse:
    try:
        act()
    except KelasError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("lms_certificates")


def _form(request: HttpRequest, certificate: Certificate, what: str) -> HttpResponse:
    return render(
        request,
        "lms/wagtailadmin/certificates/change.html",
        {
            "certificate": certificate,
            "what": what,
            "shown_serial": display(certificate.serial),
            **_header(
                _("Revoke a certificate") if what == "revoke" else _("Correct a certificate"), below=True
            ),
        },
    )


urlpatterns = [
    path("certificates/", issued, name="lms_certificates"),
    path("certificates/<str:serial>/revoke/", revoke, name="lms_certificate_revoke"),
    path("certificates/<str:serial>/correct/", correct, name="lms_certificate_correct"),
    path("certificates/due/<int:pk>/again/", try_again, name="lms_certificate_again"),
    path(
        "certificates/designs/<int:pk>/preview.<str:form>",
        design_preview,
        name="lms_certificate_design_preview",
    ),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
