"""Fetching a certificate's PDF: through the personal link, after a code that is sent to the holder's address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.core import links, serials
from lms.core.exceptions import KelasError
from lms.core.own_forms import own_forms_only
from lms.credentials import queries
from lms.credentials.models import Certificate
from lms.learner.views.trouble import trouble
from lms.people import codes
from lms.people.models import Learner


@own_forms_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fetch(request: HttpRequest, token: str, serial: str) -> HttpResponse:
    """Ask for a code and give the PDF out for the right one. A forwarded personal link alone gets no document.

    The field for the code is always there: a code lives in a mail, and the page is opened again from there.
    """
    learner, certificate = _find(token, serial)
    if getattr(request, "foreign_form", False):
        return trouble(request, "foreign", 403)
    values: dict[str, object] = {"learner": learner, "certificate": certificate, "token": token}
    with translation.override(learner.language):
        values |= {"page_language": learner.language, "serial": serials.display(certificate.serial)}
        if request.method == "POST":
            try:
                if "code" in request.POST:
                    values["coded"] = True
                    codes.redeem(
                        learner=learner, purpose=_purpose(certificate), typed=request.POST["code"][:20]
                    )
                    return _document(certificate)
                # Whether one more is sent or was refused: a code is on its way, and its field comes first.
                values["coded"] = True
                codes.send_code(learner=learner, purpose=_purpose(certificate))
                values["sent"] = True
            except KelasError as refusal:
                values["error"] = refusal.message
        response = render(
            request, "lms/learner/certificate.html", values, status=400 if "error" in values else 200
        )
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _find(token: str, serial: str) -> tuple[Learner, Certificate]:
    try:
        claim = links.read(token, purpose="person")
    except links.BadLink as error:
        raise Http404 from error
    learner = Learner.objects.filter(
        public_id=claim.public_id, link_version=claim.version, erased_at=None
    ).first()
    # The certificate is looked for among the learner's own.
    certificate = (
        queries.of_learner(learner.pk).filter(serial=serial).exclude(pdf="").first() if learner else None
    )
    if learner is None or certificate is None:
        raise Http404
    return learner, certificate


def _purpose(certificate: Certificate) -> str:
    return f"certificate:{certificate.serial}"


def _document(certificate: Certificate) -> HttpResponse:
    with certificate.pdf.open("rb") as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{certificate.serial}.pdf"'
    response["Referrer-Policy"] = "no-referrer"
    return response
