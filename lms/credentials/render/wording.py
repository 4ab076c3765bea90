"""The fixed words of a certificate, in its own language whatever the language of the request."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.credentials.render.content import CertificateWords


def certificate_words(
    *, kind: str, language: str, holder_name: str, title: str, verify_url: str
) -> CertificateWords:
    """The words for a certificate of ``kind`` (``completion`` or ``attendance``) in ``language``.

    They read as one sentence down the page: *is awarded to* holder, *who has completed* title.
    """
    with override(language.replace("_", "-")):
        if kind == "attendance":
            heading, achieved = _("Certificate of attendance"), _("who has attended")
        else:
            heading, achieved = _("Certificate of completion"), _("who has completed")
        return CertificateWords(
            heading=heading,
            presented_to=_("is awarded to"),
            achieved=achieved,
            serial_label=_("Serial number"),
            verify_label=_("Check this certificate at"),
            qr_description=_("QR code that opens %(url)s, where this certificate can be checked.")
            % {"url": verify_url},
            document_title=_("%(heading)s: %(holder)s, %(title)s")
            % {"heading": heading, "holder": holder_name, "title": title},
        )
