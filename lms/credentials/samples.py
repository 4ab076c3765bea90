"""A sample certificate for previews: an invented person, every place filled."""

from __future__ import annotations

from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.addresses import absolute
from lms.core.serials import check_character
from lms.credentials.models import CertificateDesign
from lms.credentials.render import CertificateContent

#: Valid as a serial, never issued: serials are random and this one is all of one character but two.
SAMPLE_SERIAL = "000000000000"


def sample_content(design: CertificateDesign) -> CertificateContent:
    """Return content as it will look with a design, for an invented holder."""

    serial = SAMPLE_SERIAL + check_character(SAMPLE_SERIAL)
    with translation.override(design.language):
        return CertificateContent(
            holder_name=_("Sari Contoh Wulandari"),
            title=_("Product photos with a phone"),
            issuer_name=design.issuer.name,
            issuer_url=design.issuer.url,
            signatory_name=design.signatory_name,
            signatory_role=design.signatory_role,
            place=design.place,
            date_text=formats.date_format(clock.wall_clock(clock.now(), clock.default_zone()), "j F Y"),
            serial=serial,
            verify_url=absolute(reverse("lms_public:certificate", args=[serial])),
            language=design.language,
            accent=design.accent,
            details=((_("Sessions"), _("%(done)s of %(all)s") % {"done": 7, "all": 8}),),
        )
