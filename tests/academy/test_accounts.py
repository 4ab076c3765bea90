"""Accounts: with a code, in the reader's language, many people behind one address."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

pytestmark = pytest.mark.django_db


def code():
    return re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.M)[1]


def sign_up(client, email="contoh@contoh.example"):
    response = client.post("/id/account/signup/", {"email": email})
    assert response.status_code == 302
    return client.post(response["Location"], {"code": code()})


def test_signing_in_asks_for_an_address_and_for_no_password(client):
    text = client.get("/id/account/login/").content.decode()
    assert "Kami kirim kode lewat email" in text
    assert 'type="password"' not in text
    assert '<html lang="id">' in text


def test_an_account_is_made_with_a_code(client):
    sign_up(client)
    user = get_user_model().objects.get(email="contoh@contoh.example")
    assert not user.has_usable_password()
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_in_again_takes_a_new_code(client):
    sign_up(client)
    client.post("/id/account/logout/")
    response = client.post("/id/account/login/", {"login": "contoh@contoh.example"})
    assert response.status_code == 302
    assert client.post(response["Location"], {"code": code()}).status_code == 302
    assert "_auth_user_id" in client.session


def test_a_wrong_code_does_not_let_in(client):
    sign_up(client)
    client.post("/id/account/logout/")
    response = client.post("/id/account/login/", {"login": "contoh@contoh.example"})
    assert client.post(response["Location"], {"code": "AAAA-AAAA"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_class_behind_one_address_can_sign_in_together(client):
    for number in range(100):
        assert (
            client.post("/id/account/login/", {"login": f"peserta{number}@contoh.example"}).status_code == 302
        )


def test_one_address_is_not_flooded_with_codes(client):
    answers = [client.post("/id/account/login/", {"login": "banjir@contoh.example"}) for _ in range(6)]
    assert answers[0].status_code == 302
    assert len([each for each in mail.outbox if "banjir@contoh.example" in each.to]) <= 3


def test_who_registered_before_finds_the_same_learner_after_proving_the_address(client):
    from lms.people.models import Learner
    from lms.people.services import find_or_create_learner

    learner = find_or_create_learner(name="Ibu Contoh Lama", email="lama@contoh.example")
    assert learner.user is None
    sign_up(client, "lama@contoh.example")
    assert Learner.objects.get(pk=learner.pk).user.email == "lama@contoh.example"
    assert Learner.objects.get(pk=learner.pk).addresses.get().verified_at


def test_a_machine_that_fills_in_everything_gets_no_account(client):
    client.post("/id/account/signup/", {"email": "robot@contoh.example", "website": "http://spam.example"})
    assert not get_user_model().objects.filter(email="robot@contoh.example").exists()
