"""Certificates in the admin: who may see and change which, designs with a preview, corrections and revocations."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.credentials import services
from lms.credentials.models import Certificate, CertificateDesign, CertificateDue, CertificateOffer, Issuer
from lms.pages.models import CoursePage
from lms.people.models import Address, Learner
from lms.progress import services as progress

pytestmark = pytest.mark.django_db


def admin():
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ayu", "ayu@academy.example", "rahasia"))
    return client


def coordinator(page, *permissions):
    group = Group.objects.create(name=f"Koordinator {page.pk}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for permission in permissions:
        GroupPagePermission.objects.create(
            group=group,
            page=Page.objects.get(pk=page.pk),
            permission=Permission.objects.get(codename=permission),
        )
    user = get_user_model().objects.create_user(f"k{page.pk}", password="rahasia")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def design(home):
    issuer = Issuer.objects.create(name="Akademi Contoh")
    return CertificateDesign.objects.create(name="Klasik", issuer=issuer, language="en")


@pytest.fixture
def make_certificate(home, design, django_capture_on_commit_callbacks):
    def make(title, name="Ibu Contoh"):
        page = Page.objects.get(pk=home.pk).add_child(
            instance=CoursePage(title=title, certificate_design=design)
        )
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        course = Activity.objects.get(translation_key=page.translation_key)
        lesson = Activity.objects.create(kind="lesson", title="L", live=True)
        write_outline(activity=course, parts=[Part(lesson.pk)], rules={})
        learner = Learner.objects.create(name=name)
        Address.objects.create(learner=learner, value=f"{learner.pk}@contoh.example")
        progress.enrol(learner_ids=[learner.pk], activity_id=course.pk)
        progress.record(
            [
                progress.Statement(
                    cause=f"l:{learner.pk}",
                    learner_id=learner.pk,
                    activity_id=lesson.pk,
                    verb="completed",
                    occurred_at=learner.created_at,
                    reason="lesson.marked",
                )
            ]
        )
        services.issue_due()
        return page, Certificate.objects.filter(learner=learner).first()

    return make


def test_publishing_a_course_with_a_design_makes_an_offer_and_taking_it_away_takes_it_back(
    home, design, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = Page.objects.get(pk=home.pk).add_child(
            instance=CoursePage(title="K", certificate_design=design)
        )
        page.save_revision().publish()
    assert CertificateOffer.objects.get().design == design
    page = CoursePage.objects.get()
    page.certificate_design = None
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert not CertificateOffer.objects.exists()


def test_an_officer_sees_finds_corrects_and_revokes(make_certificate):
    _, certificate = make_certificate("Kursus")
    client = admin()
    text = client.get(reverse("lms_certificates")).content.decode()
    assert "Ibu Contoh" in text and "Kursus" in text
    assert "Ibu Contoh" not in client.get(reverse("lms_certificates"), {"q": "zzz"}).content.decode()
    url = reverse("lms_certificate_correct", args=[certificate.serial])
    assert client.get(url).status_code == 200
    assert client.post(url, {"holder_name": "Ibu Contoh Baru"}).status_code == 302
    new = Certificate.objects.get(state="valid")
    assert new.holder_name == "Ibu Contoh Baru"
    url = reverse("lms_certificate_revoke", args=[new.serial])
    assert "Say why" in client.post(url, {"reason": ""}, follow=True).content.decode()
    client.post(url, {"reason": "Salah orang"})
    new.refresh_from_db()
    assert new.state == "revoked"


def test_scope_is_the_page_and_a_child_comes_through_its_parent(make_certificate):
    page, mine = make_certificate("Kursus saya", "Ibu Satu")
    _, other = make_certificate("Kursus lain", "Ibu Dua")
    client = coordinator(page, "change_page", "publish_page")
    text = client.get(reverse("lms_certificates")).content.decode()
    assert "Ibu Satu" in text and "Ibu Dua" not in text
    for name in ("lms_certificate_revoke", "lms_certificate_correct"):
        assert client.get(reverse(name, args=[mine.serial])).status_code == 200
        assert (
            client.post(reverse(name, args=[other.serial]), {"reason": "x", "holder_name": "y"}).status_code
            == 404
        )
    other.refresh_from_db()
    assert other.state == "valid"


def test_who_may_only_change_the_page_sees_and_does_not_revoke(make_certificate):
    page, mine = make_certificate("Kursus saya")
    client = coordinator(page, "change_page")
    assert "Ibu Contoh" in client.get(reverse("lms_certificates")).content.decode()
    assert (
        client.post(reverse("lms_certificate_revoke", args=[mine.serial]), {"reason": "x"}).status_code == 404
    )


def test_a_refused_one_is_shown_with_its_reason_and_tried_again(make_certificate):
    _, certificate = make_certificate("Kursus", "Ibu 𒀀")
    assert certificate is None
    client = admin()
    assert "U+12000" in client.get(reverse("lms_certificates")).content.decode()
    Learner.objects.update(name="Ibu Contoh")
    due = CertificateDue.objects.get()
    assert client.get(reverse("lms_certificate_again", args=[due.pk])).status_code == 405
    client.post(reverse("lms_certificate_again", args=[due.pk]))
    due.refresh_from_db()
    assert (due.attempts, due.refusal) == (0, "")


def test_a_design_shows_its_real_document_and_counts_revisions(design):
    client = admin()
    edit = reverse("lms_certificate_designs:edit", args=[design.pk])
    text = client.get(edit).content.decode()
    picture = reverse("lms_certificate_design_preview", args=[design.pk, "png"])
    assert picture in text
    assert client.get(picture).content.startswith(b"\x89PNG")
    assert client.get(picture.replace("png", "pdf")).content.startswith(b"%PDF")
    values = {
        "name": "Klasik",
        "template": "modern",
        "language": "en",
        "accent": "#aa3300",
        "issuer": design.issuer_id,
        "signatory_name": "Ayu",
        "signatory_role": "",
        "place": "",
    }
    assert client.post(edit, values).status_code == 302
    design.refresh_from_db()
    assert (design.template, design.revision) == ("modern", 2)
    client.post(edit, values)
    design.refresh_from_db()
    assert design.revision == 2


def test_visitors_come_in_nowhere(make_certificate, design):
    _, certificate = make_certificate("Kursus")
    for url in (
        reverse("lms_certificates"),
        reverse("lms_certificate_revoke", args=[certificate.serial]),
        reverse("lms_certificate_design_preview", args=[design.pk, "png"]),
    ):
        assert Client().get(url).status_code == 302


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_costs_the_same_for_ten_and_a_thousand(home, design, count, django_assert_max_num_queries):
    activity = Activity.objects.create(kind="course", title="K", live=True)
    Certificate.objects.bulk_create(
        [
            Certificate(
                serial=f"{n:013d}",
                activity=activity,
                holder_name=f"Contoh {n}",
                title="K",
                content={},
                design_revision=1,
                issuer_name="A",
                earned_at=design.created_at,
                issued_at=design.created_at,
                sha256="0" * 64,
            )
            for n in range(count)
        ]
    )
    client = admin()
    client.get(reverse("lms_certificates"))
    with django_assert_max_num_queries(14):
        client.get(reverse("lms_certificates"))
