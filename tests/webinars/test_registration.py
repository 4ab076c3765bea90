"""The registration form, as a visitor and as somebody who means ill."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from lms import signals
from lms.core import clock
from lms.core.dates import date_words
from lms.people.models import Consent, Learner, Partner
from lms.webinars.models import Occurrence, Registration, SeriesRegistration
from lms.webinars.services.seats import register_for_series
from tests.seating import HIDDEN, add_session, make_learner, make_offer

pytestmark = pytest.mark.django_db

EMAIL = "siti@contoh.example"


def address(series, name="register", **query):
    with translation.override("en"):
        path = reverse(f"lms:{name}", args=[series.activity.key])
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else path


def fields(response):
    """The hidden fields of a form, as a browser would send them."""
    found = re.findall(
        r'<input type="hidden" name="([a-z_]+)"(?: value="([^"]*)")?', response.content.decode()
    )
    return dict(found)


def fill(client, series, *, name="Siti Aminah", email=EMAIL, page=None, **more):
    """Open the form and send it, as a browser does."""
    page = page or client.get(address(series))
    typed = {"name": name, "email": email, "zone": "Asia/Makassar", "consent": "on"}
    return client.post(address(series), fields(page) | typed | more)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_name_and_address_are_enough(client):
    series = make_offer(sessions=3)
    answer = fill(client, series)
    assert answer.status_code == 302 and answer["Location"] == address(series, "registered")
    learner = Learner.objects.get()
    assert (learner.name, learner.zone, learner.language) == ("Siti Aminah", "Asia/Makassar", "en")
    assert Registration.objects.filter(learner=learner, state="registered").count() == 3
    consent = Consent.objects.get()
    assert consent.purpose == "taking-part" and "attendance" in consent.wording
    receipt = client.get(answer["Location"])
    assert "Siti Aminah" in text(receipt) and EMAIL in text(receipt)
    assert "wa.me" in receipt.content.decode()


def test_the_form_is_in_the_language_of_its_address(client):
    series = make_offer()
    with_indonesian = address(series).replace("/en/", "/id/")
    page = client.get(with_indonesian)
    assert '<html lang="id">' in page.content.decode()
    client.post(with_indonesian, fields(page) | {"name": "Siti", "email": EMAIL, "consent": "on"})
    assert Learner.objects.get().language == "id"


def test_neither_name_nor_address_stand_in_any_address(client):
    answer = fill(client, make_offer())
    assert "Siti" not in answer["Location"] and "contoh" not in answer["Location"]
    cookie = answer.cookies["lms_receipt"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == answer["Location"]


def test_a_receipt_of_somebody_else_or_made_up_says_nothing(client):
    series, other = make_offer(), make_offer(title="Lain")
    answer = fill(client, series)
    stranger = Client()
    assert "Siti" not in text(stranger.get(answer["Location"]))
    stranger.cookies["lms_receipt"] = answer.cookies["lms_receipt"].value
    assert "Siti" not in text(stranger.get(address(other, "registered"))), "a receipt is for its own series"
    stranger.cookies["lms_receipt"] = "eyJuYW1lIjoiSmFoYXQifQ:1abc:forged"
    assert stranger.get(answer["Location"]).status_code == 200


def test_a_double_click_is_one_registration(client):
    series = make_offer()
    page = client.get(address(series))
    first, second = fill(client, series, page=page), fill(client, series, page=page)
    assert first["Location"] == second["Location"]
    assert Learner.objects.count() == SeriesRegistration.objects.count() == 1


def test_the_back_button_and_a_corrected_address(client):
    series = make_offer()
    page = client.get(address(series))
    fill(client, series, page=page, email="sitt@contoh.example")
    fill(client, series, page=page, email=EMAIL)
    assert set(Learner.objects.values_list("addresses__value", flat=True)) == {"sitt@contoh.example", EMAIL}


def test_looking_at_forms_and_receipts_changes_nothing(client):
    series = make_offer()
    fill(client, series)

    def counts():
        return [model.objects.count() for model in (Learner, Registration, SeriesRegistration, Consent)]

    before = counts()
    for path in (address(series), address(series, "registered"), address(series, session="x", partner="y")):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
        assert all(query["sql"].startswith("SELECT") for query in captured)
    assert counts() == before


def answers(client, series, name, email):
    """Everything that can be seen of registering: status, headers, receipt."""
    page = client.get(address(series))
    answer = fill(client, series, page=page, name=name, email=email)
    receipt = client.get(answer["Location"])
    body = receipt.content.decode()
    headers = sorted((key, value) for key, value in answer.items())
    return answer.status_code, headers, body, sorted(answer.cookies)


def test_the_answer_is_the_same_whoever_is_known(client):
    seen = []
    tomorrow = clock.now().replace(microsecond=0) + dt.timedelta(days=1)
    for number, verified in enumerate((None, False, True)):
        series = make_offer(sessions=2, first=tomorrow)
        series.activity.key = f"00000000-0000-4000-8000-00000000000{number}"
        series.activity.save()
        if verified is not None:
            known = make_learner("SITI Aminah", EMAIL, verified=verified)
            register_for_series(series=series, learner=known)
        status, headers, body, cookies = answers(Client(), series, "Siti Aminah", EMAIL)
        for one in series.occurrences.all():
            body = body.replace(one.public_id, "ID")
        key = str(series.activity.key)
        seen.append(
            (status, [(h, v.replace(key, "KEY")) for h, v in headers], body.replace(key, "KEY"), cookies)
        )
    assert seen[0] == seen[1] == seen[2]
    assert "SITI" not in seen[2][2], "the stored spelling is not shown"


def test_a_provisional_learner_gains_nothing_of_the_known_one(client):
    series = make_offer()
    known = make_learner("Siti Aminah", EMAIL)
    fill(client, series)
    assert not Registration.objects.filter(learner=known).exists()
    assert Learner.objects.count() == 2


def test_registering_again_asks_for_the_mail_again(client, monkeypatch):
    heard = []

    def wanted(sender, learner_id, activity_id, **kwargs):
        heard.append((learner_id, activity_id))

    signals.link_wanted.connect(wanted)
    series = make_offer()
    known = make_learner("Siti Aminah", EMAIL, verified=True)
    fill(client, series)
    assert heard == [], "the confirmation carries the link"
    fill(client, series)
    assert heard == [], "a second press is no wish for a second mail"
    later = clock.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    fill(client, series)
    assert heard == [(known.pk, series.activity_id)]
    assert SeriesRegistration.objects.get().revision == 1


def test_only_one_session(client):
    series = make_offer(sessions=3)
    session = series.occurrences.all()[1]
    page = client.get(address(series, session=session.public_id))
    assert "Only" in text(page)
    fill(client, series, page=page, which="one")
    assert Registration.objects.get().occurrence == session
    assert not SeriesRegistration.objects.exists()
    receipt = text(client.get(address(series, "registered")))
    assert "Your session" in receipt and "Your sessions" not in receipt


def test_a_session_that_vanished_meanwhile_is_not_replaced_by_a_guess(client):
    series = make_offer(sessions=3)
    session = series.occurrences.first()
    page = client.get(address(series, session=session.public_id))
    Occurrence.objects.filter(pk=session.pk).update(status="cancelled")
    answer = fill(client, series, page=page, which="one")
    assert answer.status_code == 400 and "no longer takes place" in text(answer)
    assert not Registration.objects.exists()
    assert fill(client, series, page=answer).status_code == 302, "pressed again, all others"
    assert Registration.objects.count() == 2


def test_a_session_of_another_series_is_not_offered(client):
    series, other = make_offer(), make_offer()
    page = client.get(address(series, session=other.occurrences.first().public_id))
    fill(client, series, page=page, which="all")
    assert not Registration.objects.filter(occurrence__series=other).exists()


def test_who_led_here_is_kept(client):
    series = make_offer()
    partner = Partner.objects.create(name="Bank Contoh", slug="bank-contoh")
    page = client.get(address(series, partner="bank-contoh"))
    wrong = fill(client, series, page=page, name="")
    assert 'name="partner" value="bank-contoh"' in wrong.content.decode(), "also when the form comes back"
    fill(client, series, page=page)
    assert SeriesRegistration.objects.get().partner == partner


@pytest.mark.parametrize("slug", ["unknown", "%3Cscript%3E", "x" * 500, "%00", "%F0%9F%98%80"])
def test_an_unknown_partner_stands_in_nobodys_way(client, slug):
    series = make_offer()
    page = client.get(address(series, partner=slug))
    assert "<script>" not in page.content.decode().replace('<script src="', "")
    assert fill(client, series, page=page).status_code == 302
    assert SeriesRegistration.objects.get().partner is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Please write your name."),
        ({"name": "..."}, "with letters"),
        ({"email": ""}, "your personal link is sent there"),
        ({"email": "siti"}, "not complete"),
        ({"email": "siti@contoh"}, "not complete"),
        ({"email": "siti@contoh.example\nBcc: a@b.example"}, "not complete"),
        ({"consent": ""}, "when you agree"),
        ({"website": "http://spam.example"}, "leave this field empty"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, typed, says):
    series = make_offer()
    values = {"name": "Siti Aminah", "email": EMAIL} | typed
    answer = fill(client, series, **values)
    assert answer.status_code == 400 and says in text(answer)
    body = answer.content.decode()
    if "name" not in typed:
        assert 'value="Siti Aminah"' in body
    if "email" not in typed:
        assert f'value="{EMAIL}"' in body
    assert 'value="Asia/Makassar" selected' in body
    assert not Learner.objects.exists()


def test_a_trap_for_robots_that_a_person_can_see_once_it_snapped(client):
    series = make_offer()
    assert 'class="field" hidden' in client.get(address(series)).content.decode()
    answer = fill(client, series, website="http://spam.example")
    assert 'class="field" hidden' not in answer.content.decode()


def test_a_misspelt_provider_is_asked_about_once(client):
    series = make_offer()
    answer = fill(client, series, email="siti@gmial.com")
    assert answer.status_code == 400 and "Did you mean siti@gmail.com?" in text(answer)
    again = fill(client, series, email="siti@gmial.com", page=answer)
    assert again.status_code == 302, "the visitor knows better"


@pytest.mark.parametrize(
    "name",
    [
        "سيتي أمينة",
        "Budi 👩🏽\u200d🌾",
        "<b>Siti</b>",
        "Siti\r\nBcc: semua@contoh.example",
        'O\'Brien & "Söhne"',
        "\u202eitiS",
    ],
)
def test_names_of_all_kinds_register_and_are_only_text(client, name):
    series = make_offer()
    answer = fill(client, series, name=name)
    assert answer.status_code == 302
    body = client.get(answer["Location"]).content.decode()
    assert "<b>Siti" not in body and "\u202e" not in body
    assert "\n" not in Learner.objects.get().name


def test_a_zone_that_does_not_exist_is_the_organisers(client):
    series = make_offer()
    fill(client, series, zone="Mars/Olympus")
    assert Learner.objects.get().zone == "Asia/Jakarta"


def test_a_zone_from_far_away_is_kept(client):
    series = make_offer()
    fill(client, series, zone="Europe/Berlin")
    assert Learner.objects.get().zone == "Europe/Berlin"


# ── series that cannot be registered for ─────────────────────────────────────────────────────────────────────────


def over():
    return make_offer(sessions=1, first=clock.now() - dt.timedelta(days=9))


def cancelled():
    series = make_offer(sessions=2)
    series.occurrences.update(status="cancelled")
    return series


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (over, "This series is over."),
        (cancelled, "This series does not take place."),
        (lambda: make_offer(sessions=0), "The dates are not set yet."),
    ],
)
def test_a_series_that_is_closed_says_why(client, make, says):
    series = make()
    page = client.get(address(series))
    assert page.status_code == 200 and says in text(page) and "<form" not in page.content.decode()
    posted = client.post(address(series), {"name": "Siti", "email": EMAIL, "consent": "on"})
    assert posted.status_code == 409 and says in text(posted)
    assert not Learner.objects.exists()


@pytest.mark.parametrize("flags", [{"live": False, "public": False}, {"live": True, "public": False}])
def test_what_is_not_public_is_not_there(client, flags):
    series = make_offer(title="Rahasia Perusahaan", **flags)
    unknown = client.get(reverse("lms:register", args=["00000000-0000-4000-8000-000000000000"]))
    for name in ("register", "registered"):
        page = client.get(address(series, name))
        assert page.status_code == unknown.status_code == 404
        assert "Rahasia" not in page.content.decode()
    assert client.post(address(series), {"name": "Siti", "email": EMAIL, "consent": "on"}).status_code == 404


def test_a_full_series_offers_the_waiting_list(client):
    series = make_offer(sessions=1, capacity=1)
    fill(client, series, name="Ani", email="ani@contoh.example")
    page = client.get(address(series))
    assert "All seats are taken" in text(page) and "Join the waiting list" in text(page)
    fill(client, series, name="Budi", email="budi@contoh.example")
    assert Registration.objects.get(learner__name="Budi").state == "waitlisted"
    assert "waiting list" in text(client.get(address(series, "registered")))


def test_some_full_sessions_are_named(client):
    series = make_offer(sessions=2, capacity=1)
    Occurrence.objects.filter(pk=series.occurrences.first().pk).update(taken=1)
    page = text(client.get(address(series)))
    assert "Some sessions are full" in page and page.count("Full: waiting list") == 1


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hundred_people_behind_one_address_of_a_phone_network(client):
    series = make_offer(sessions=1)
    page = client.get(address(series))
    for number in range(100):
        answer = fill(client, series, page=page, name="Peserta", email=f"peserta{number}@contoh.example")
        assert answer.status_code == 302
    assert Learner.objects.count() == 100


def test_one_mailbox_is_not_flooded(client, settings):
    settings.LMS = {"REGISTRATIONS_PER_ADDRESS": 3}
    series = make_offer(sessions=1)
    for name in ("Ani", "Budi", "Citra"):
        assert fill(client, series, name=name).status_code == 302
    answer = fill(client, series, name="Dewi")
    assert answer.status_code == 429 and answer["Retry-After"]
    assert "used very often" in text(answer) and 'value="Dewi"' in answer.content.decode()
    assert fill(client, series, name="Dewi", email="dewi@contoh.example").status_code == 302


def test_a_flood_from_one_ip_is_slowed(client, settings):
    settings.LMS = {"REGISTRATIONS_PER_IP": 2}
    cache.clear()
    series = make_offer(sessions=1)
    answers = [fill(client, series, email=f"p{n}@contoh.example").status_code for n in range(4)]
    assert answers == [302, 302, 429, 429]


# ── other sites ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_cookie_is_asked_for_and_none_is_needed():
    """Exempt from the CSRF cookie: a browser that keeps no cookies registers, and no page sets one before."""
    series = make_offer()
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(address(series))
    assert not page.cookies and "Cookie" not in page.get("Vary", "")
    strict.cookies.clear()
    assert fill(strict, series, page=page).status_code == 302
    assert Learner.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_form_on_another_site_registers_nobody(headers):
    """The attack that the exemption must stand: another page posts in the visitor's name."""
    series = make_offer()
    victim = Client(enforce_csrf_checks=True, headers=headers)
    typed = {"name": "Siti", "email": EMAIL, "consent": "on", "attempt": "x" * 22}
    answer = victim.post(address(series), typed)
    assert answer.status_code == 403 and "another web site" in text(answer)
    assert 'value="Siti"' in answer.content.decode(), "the visitor can go on by hand"
    assert not Learner.objects.exists()


def test_forms_are_for_one_visitor_and_not_for_search_engines(client):
    series = make_offer()
    for path in (address(series), address(series, "registered")):
        page = client.get(path)
        assert "private" in page["Cache-Control"] and "no-cache" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"


def test_the_provider_stands_nowhere(client):
    series = make_offer()
    pages = [client.get(address(series)), fill(client, series, name="")]
    answer = fill(client, series)
    pages += [answer, client.get(answer["Location"])]
    for page in pages:
        assert HIDDEN not in page.content.decode() and HIDDEN not in str(dict(page.items()))


@pytest.mark.parametrize("name", ["register", "registered"])
def test_as_many_queries_for_2_sessions_as_for_60(client, name):
    def queries(sessions):
        series = make_offer(sessions=sessions, every=dt.timedelta(days=1))
        client.get(address(series, name))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(series, name)).status_code == 200
        return len(captured)

    assert queries(2) == queries(60)


def test_everything_or_nothing(client, monkeypatch):
    """Something that fails late leaves no half registration behind."""
    from lms.webinars.services import registration

    def fail(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(registration, "register_for_series", fail)
    client.raise_request_exception = False
    assert fill(client, make_offer()).status_code == 500
    assert not Learner.objects.exists() and not Consent.objects.exists()


def test_sessions_that_are_over_are_not_listed(client):
    series = make_offer(sessions=1)
    old = add_session(series, clock.now() - dt.timedelta(days=300))
    assert date_words(old.starts_at, "Asia/Jakarta") not in text(client.get(address(series)))
