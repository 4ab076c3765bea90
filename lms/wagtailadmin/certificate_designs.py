"""Issuers and designs of certificates in the admin, with a preview that is the real document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from lms.core import clock
from lms.credentials import render as engine
from lms.credentials.models import CertificateDesign, Issuer
from lms.credentials.samples import sample_content
from lms.wagtailadmin.pale_colours import ColourCreateView, ColourEditView


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
