"""What the public sees of a certificate in each of its states, and how its holder fetches it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from lms.core import links
from lms.credentials import services
from lms.credentials.models import Certificate
from lms.people import codes
from lms.people.models import OneTimeCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(course, make_learner, complete):
    complete(make_learner())
    services.issue_due()
    return Certificate.objects.get()


def page(certificate, query="?lang=en"):
    response = Client().get(f"/c/{certificate.serial}{query}")
    return response, response.content.decode()


def test_a_valid_one_says_who_what_and_when(certificate, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        response, text = page(certificate)
    assert response.status_code == 200
    assert "Valid" in text and "Ibu Contoh Sari" in text and "Foto produk dengan ponsel" in text
    assert certificate.sha256 in text
    assert "sari@contoh.example" not in text
    assert not response.cookies and "no-cache" in response["Cache-Control"]


def test_its_language_is_the_documents_unless_asked(certificate):
    assert '<html lang="id"' in page(certificate, "")[1]
    assert '<html lang="en"' in page(certificate)[1]


def test_revoked_superseded_and_expired_keep_their_address(certificate):
    new = services.correct(certificate=certificate, holder_name="Ibu Sarinah")
    response, text = page(certificate)
    assert (
        response.status_code == 200
        and "Replaced" in text
        and new.serial in text
        and "Ibu Contoh Sari" not in text
    )
    Certificate.objects.filter(pk=new.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    assert "Expired" in page(new)[1]
    services.revoke(certificate=new, reason="Salah orang <b>")
    response, text = page(new)
    assert response.status_code == 200 and "Revoked" in text and "Salah orang" not in text


def test_an_erased_holder_is_not_named(certificate):
    Certificate.objects.filter(pk=certificate.pk).update(holder_name="", erased_at=timezone.now())
    assert "asked us to remove their name" in page(certificate)[1]


def test_what_people_type_is_understood(certificate):
    serial = certificate.serial
    typed = f"{serial[:4]}-{serial[4:8]} {serial[8:]}".lower()
    response = Client().get("/c/", {"serial": typed, "lang": "en"})
    assert response.status_code == 302 and response["Location"].startswith(f"/c/{serial}")
    assert Client().get(f"/c/{serial.lower()}")["Location"] == f"/c/{serial}"


@pytest.mark.parametrize("typed", ["", "abc", "0" * 13, "<script>alert(1)</script>", "A" * 500])
def test_the_unknown_is_a_page_that_says_what_to_do(typed, db, home):
    response = Client().get("/c/", {"serial": typed, "lang": "en"}, follow=True)
    assert response.status_code == (200 if not typed else 404)
    assert b"<script>alert" not in response.content
    assert b"Serial number" in response.content


def test_an_unknown_serial_is_not_found(certificate):
    from lms.core.serials import new_serial

    response = Client().get(f"/c/{new_serial()}?lang=en")
    assert response.status_code == 404 and b"There is no certificate" in response.content


@pytest.fixture
def address(certificate):
    learner = certificate.learner
    token = links.sign(purpose="person", public_id=learner.public_id, version=learner.link_version)
    return f"/p/{token}/certificate/{certificate.serial}/"


def test_the_document_is_given_for_the_code_that_was_mailed(
    certificate, address, django_capture_on_commit_callbacks
):
    client = Client()
    closed = client.get(address)
    assert closed.status_code == 200 and b'name="code"' in closed.content
    assert not OneTimeCode.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    code = codes.digits(OneTimeCode.objects.get())
    assert code in mail.outbox[-1].subject
    wrong = client.post(address, {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 400 and wrong["Content-Type"].startswith("text/html")
    response = client.post(address, {"code": f"{code[:3]} {code[3:]}"})
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")
    assert client.post(address, {"code": code}).status_code == 400


def test_guessing_ends_after_five_and_asking_after_three(certificate, address):
    client = Client()
    for _ in range(3):
        assert client.post(address).status_code == 200
    refused = client.post(address)
    assert refused.status_code == 400 and b'name="code"' in refused.content
    assert b'name="code"' in client.get(address).content
    right = [codes.digits(code) for code in OneTimeCode.objects.all()]
    wrong = next(f"{n:06d}" for n in range(10) if f"{n:06d}" not in right)
    for _ in range(5):
        client.post(address, {"code": wrong})
    assert all(client.post(address, {"code": each}).status_code == 400 for each in right)


def test_an_old_code_is_worth_nothing(certificate, address):
    Client().post(address)
    OneTimeCode.objects.update(expires_at=timezone.now())
    assert Client().post(address, {"code": codes.digits(OneTimeCode.objects.get())}).status_code == 400


def test_nobody_fetches_anothers_document(certificate, make_learner):
    other = make_learner("Pak Contoh", "pak@contoh.example")
    token = links.sign(purpose="person", public_id=other.public_id, version=other.link_version)
    assert Client().get(f"/p/{token}/certificate/{certificate.serial}/").status_code == 404
    join = links.sign(purpose="join", public_id=certificate.learner.public_id, version=1)
    assert Client().get(f"/p/{join}/certificate/{certificate.serial}/").status_code == 404
    certificate.learner.link_version += 1
    certificate.learner.save()
    old = links.sign(purpose="person", public_id=certificate.learner.public_id, version=1)
    assert Client().get(f"/p/{old}/certificate/{certificate.serial}/").status_code == 404
