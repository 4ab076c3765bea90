"""A colour that is hard to read is saved, and the editor hears what will be seen of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lms.calendars.rules import contrast
from lms.credentials.models import CertificateDesign, Issuer
from lms.people.models import Partner
from tests.wagtailadmin.schedule_world import said

pytestmark = pytest.mark.django_db

#: The lightest grey that may be read on white, and the next one.
READABLE, PALE = "#767676", "#777777"


def test_the_two_greys_stand_on_either_side_of_the_limit():
    assert contrast(READABLE, "#ffffff") >= 4.5 > contrast(PALE, "#ffffff")


@pytest.mark.parametrize(("accent", "told"), [(READABLE, False), (PALE, True), ("#ffee88", True)])
def test_a_partner_is_told(admin_client, accent, told):
    fields = {"name": "Bank Contoh", "slug": "bank", "url": "", "accent": accent}
    response = admin_client.post(reverse("lms_partners:add"), fields, follow=True)
    assert Partner.objects.get().accent == accent
    assert any(f"The colour {accent} is hard to read on white" in words for words in said(response)) == told
    edit = reverse("lms_partners:edit", args=[Partner.objects.get().pk])
    again = admin_client.post(edit, fields, follow=True)
    assert any("is hard to read on white" in words for words in said(again)) == told


@pytest.mark.parametrize(("accent", "told"), [("#0b6e4f", False), ("#ffee88", True)])
def test_a_design_of_certificates_is_told(admin_client, accent, told):
    issuer = Issuer.objects.create(name="Akademi Contoh")
    fields = {
        "name": "Klasik", "template": "classic", "language": "id", "accent": accent, "issuer": issuer.pk,
        "signatory_name": "", "signatory_role": "", "place": "",
    }  # fmt: skip
    response = admin_client.post(reverse("lms_certificate_designs:add"), fields, follow=True)
    assert CertificateDesign.objects.get().accent == accent
    assert any("is hard to read on white" in words for words in said(response)) == told
