"""Certificates in the admin: issuers, designs with a preview that is the real document, issued ones, and those refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import page_permission_policy

from lms.catalogue.models import Activity, ActivityPage
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.not_found import stays_not_found
from lms.core.serials import display
from lms.credentials import queries, services
from lms.credentials import render as engine
from lms.credentials.models import Certificate, CertificateDesign, Issuer
from lms.credentials.samples import sample_content
from lms.wagtailadmin.pale_colours import ColourCreateView, ColourEditView

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


class DesignForm(WagtailAdminModelForm):
    """Editing a design makes a new revision of it; what is issued already keeps its own."""

    def save(self, commit: bool = True) -> CertificateDesign:
        """Store the design, one revision higher when anything changed."""
        if self.instance.pk and self.has_changed():
            self.instance.revision = F("revision") + 1
        design = super().save(commit)
        if commit:
            design.refresh_from_db(fields=["revision"])
        return design


class DesignPreview(HelpPanel):
    """A picture of the document that this design makes. It is typeset from the saved design."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context["picture"] = reverse("lms_certificate_design_preview", args=[self.instance.pk, "png"])
                context["document"] = reverse(
                    "lms_certificate_design_preview", args=[self.instance.pk, "pdf"]
                )
            return context


class DesignViewSet(ModelViewSet):
    """Designs of certificates."""

    model = CertificateDesign
    icon = "edit"
    menu_label = gettext_lazy("Designs")
    list_display = ["name", "template", "issuer", "language", "revision"]
    add_view_class = ColourCreateView
    edit_view_class = ColourEditView
    add_to_admin_menu = False
    copy_view_enabled = True
    edit_handler = ObjectList(
        [
            DesignPreview(
                template="lms/wagtailadmin/certificates/design_preview.html", heading=gettext_lazy("Preview")
            ),
            FieldPanel("name", help_text=gettext_lazy("Only editors see it, where they choose a design.")),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "template",
                        help_text=gettext_lazy(
                            "The preview above is the real document; save to see another one."
                        ),
                    ),
                    FieldPanel(
                        "language",
                        help_text=gettext_lazy(
                            "All words on the certificate are in it, whatever language somebody learnt in."
                        ),
                    ),
                    FieldPanel(
                        "accent",
                        widget=forms.TextInput(attrs={"type": "color"}),
                        help_text=gettext_lazy(
                            "Lines and ornament have it as it is. Words are printed darker where it would be hard to read."
                        ),
                    ),
                ],
                heading=gettext_lazy("Look"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "issuer",
                        help_text=gettext_lazy("The organisation whose name stands on the certificate."),
                    ),
                    FieldPanel(
                        "signatory_name",
                        help_text=gettext_lazy("The person below the line; leave it empty for no signature."),
                    ),
                    FieldPanel("signatory_role", help_text=gettext_lazy("Such as: Head of the academy.")),
                    FieldPanel("place", help_text=gettext_lazy("Stands before the date, such as Makassar.")),
                ],
                heading=gettext_lazy("Who signs"),
            ),
        ],
        base_form_class=DesignForm,
    )


class IssuerViewSet(ModelViewSet):
    """Organisations that issue certificates."""

    model = Issuer
    icon = "group"
    menu_label = gettext_lazy("Issuers")
    list_display = ["name", "url"]
    edit_handler = ObjectList(
        [
            FieldPanel("name", help_text=gettext_lazy("As it stands on certificates, in full.")),
            FieldPanel("url", help_text=gettext_lazy("Where somebody who checks a certificate learns more.")),
            FieldPanel("email", help_text=gettext_lazy("Where somebody who checks a certificate may ask.")),
        ]
    )
    add_to_admin_menu = False


class CertificatesGroup(ViewSetGroup):
    """What belongs to certificates, under one point of the menu."""

    menu_label = gettext_lazy("Certificate designs")
    menu_icon = "doc-full-inverse"
    menu_order = 260
    items = (DesignViewSet("lms_certificate_designs"), IssuerViewSet("lms_issuers"))


class CertificatesMenuItem(MenuItem):
    """Issued certificates, for those who may see the pages of any activity."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Certificates"), reverse_lazy("lms_certificates"), icon_name="doc-full", order=250
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who may change any page."""
        return page_permission_policy.user_has_any_permission(request.user, ["change", "publish"])


@require_admin_access
def design_preview(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Typeset a sample with a design, as a picture or as the document itself."""
    if not request.user.has_perm("lms.view_certificatedesign") and not request.user.has_perm(
        "lms.change_certificatedesign"
    ):
        return HttpResponse(status=403)
    design = get_object_or_404(CertificateDesign.objects.select_related("issuer"), pk=pk)
    now = clock.now().replace(microsecond=0)
    try:
        content = engine.settle(sample_content(design)).content
        if form == "pdf":
            return HttpResponse(
                engine.render_pdf(content, issued_at=now, template=design.template),
                content_type="application/pdf",
            )
        picture = engine.render_png(content, issued_at=now, template=design.template)
        return HttpResponse(picture, content_type="image/png")
    except engine.CertificateRefused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")


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
