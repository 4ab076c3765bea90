"""The personal page: the link is the key, to one learner's things and to nobody else's."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.core import clock, links
from lms.credentials.models import Certificate
from lms.people.models import Address, Learner
from lms.people.queries import personal_token
from lms.people.services import revoke_links
from lms.progress.services import Statement, enrol, record
from lms.webinars.models import Attendance, AttendanceImport, JoinClick, Registration, SeriesRegistration
from lms.webinars.services import seats
from tests.seating import HIDDEN, make_learner, make_offer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def siti():
    return make_learner("Siti Aminah", "siti@contoh.example", language="en", zone="Asia/Makassar")


@pytest.fixture
def series():
    return make_offer(sessions=3, first=NOW + dt.timedelta(hours=2))


def page(learner, name="person", *args, **query):
    path = reverse(f"lms_public:{name}", args=[personal_token(learner), *args])
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else path


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def attend(learner, occurrence, *, seconds, attended, params=None):
    Attendance.objects.create(
        learner=learner, occurrence=occurrence, seconds=seconds, window_seconds=5400, attended=attended
    )
    record(
        [
            Statement(
                cause=f"attended:{occurrence.pk}:{learner.pk}",
                learner_id=learner.pk,
                activity_id=occurrence.activity_id,
                verb="attended",
                occurred_at=occurrence.ends_at,
                reason="attendance.report",
                reason_params=params or {"devices": 1, "report_date": "2027-02-23"},
                duration_seconds=seconds,
            )
        ]
    )


# ── whose it is ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_says_whose_it_is_and_offers_the_public_page(client, siti):
    words = text(client.get(page(siti)))
    assert "Hello, Siti Aminah." in words and "s•••@contoh.example" in words
    assert "siti@contoh.example" not in words, "whoever it was passed on to does not learn the address"
    assert "That is not you?" in words


def test_nothing_keeps_it(client, siti):
    answer = client.get(page(siti))
    assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex" and 'content="noindex"' in answer.content.decode()
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")


def test_the_mailed_link_proves_the_address(client, siti):
    client.head(page(siti))
    client.get(page(siti), headers={"Sec-Purpose": "prefetch"})
    assert siti.addresses.get().verified_at is None, "a program that looked is no proof"
    client.get(page(siti))
    assert siti.addresses.get().verified_at == NOW


def test_the_link_proves_the_address_that_it_went_to(client, siti):
    second = Address.objects.create(learner=siti, value="kantor@contoh.example")
    client.get(page(siti))
    assert not siti.addresses.exclude(verified_at=None).exists(), "sent where? nobody knows"
    client.get(reverse("lms_public:person", args=[personal_token(siti, second)]))
    assert siti.addresses.exclude(verified_at=None).get() == second


def test_looking_changes_nothing_else(client, siti, series):
    seats.register_for_series(series=series, learner=siti)
    client.get(page(siti))
    row = Registration.objects.first()
    wish = SeriesRegistration.objects.get()
    for path in (
        page(siti),
        page(siti, "person_cancel", row.public_id),
        page(siti, "person_leave", wish.public_id),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        assert all(query["sql"].startswith("SELECT") for query in captured)
    assert not JoinClick.objects.exists()


def test_a_newcomer_sees_what_to_do(client, siti):
    assert "Nothing here yet" in text(client.get(page(siti)))


def test_what_it_says_is_only_text(client):
    learner = make_learner("<script>alert(1)</script> أمينة 🙂", "x@contoh.example", language="en")
    body = client.get(page(learner)).content.decode()
    assert "<script>alert" not in body and "أمينة" in body


# ── what stands there ────────────────────────────────────────────────────────────────────────────────────────────


def test_sessions_with_their_time_here_and_at_the_organisers(client, siti, series):
    seats.register_for_series(series=series, learner=siti)
    answer = client.get(page(siti))
    words = text(answer)
    assert "Your next session" in words and "20:00–21:30 WITA" in words and "19:00–20:30 WIB" in words
    assert "The door opens on Tuesday, 2 March 2027 at 19:30 WITA." in words
    token = links.sign(purpose="join", public_id=Registration.objects.first().public_id, version=1)
    assert reverse("lms_public:join", args=[token]) in answer.content.decode()
    assert HIDDEN not in answer.content.decode()


def test_the_join_button_stands_out_when_the_door_is_open(client, siti):
    series = make_offer(sessions=1, first=NOW + dt.timedelta(minutes=20))
    seats.register_for_series(series=series, learner=siti)
    assert "The door is open" in text(client.get(page(siti)))


def test_one_clock_is_enough_where_both_zones_show_the_same(client, series):
    learner = make_learner(language="en", zone="Asia/Pontianak")
    seats.register_for_series(series=series, learner=learner)
    assert text(client.get(page(learner))).count("19:00–20:30 WIB") == 4, "three sessions and the card"


def test_waiting_given_back_and_cancelled_are_said(client, siti, series):
    series.occurrences.update(capacity=1)
    other = make_learner("Budi")
    first, second, third = series.occurrences.all()
    seats.register_for_occurrence(occurrence=first, learner=other)
    seats.register_for_series(series=series, learner=siti)
    seats.cancel_registration(registration=Registration.objects.get(learner=siti, occurrence=second))
    third.status = "cancelled"
    third.save()
    words = text(client.get(page(siti)))
    assert all(badge in words for badge in ("Waiting list", "Given back", "Does not take place"))
    assert "Your next session" not in words, "there is none that one can go to"


def test_minutes_counted_and_why(client, siti):
    series = make_offer(sessions=4, first=NOW - dt.timedelta(days=28), needed=2)
    first, second, third, fourth = series.occurrences.all()
    for each in series.occurrences.all():
        Registration.objects.create(occurrence=each, learner=siti, state="registered", queued_at=NOW)
    attend(siti, first, seconds=83 * 60, attended=True, params={"devices": 2, "report_date": "2027-02-03"})
    attend(siti, second, seconds=40 * 60, attended=False)
    AttendanceImport.objects.create(
        occurrence=third, state="applied", applied_at=NOW, sha256="x", file_name="a.csv", zone="Asia/Jakarta"
    )
    enrol(learner_ids=[siti.pk], activity_id=series.activity_id)
    words = text(client.get(page(siti)))
    assert "You attended 83 of 90 minutes: two devices, report of 3 February 2027." in words
    assert "63 minutes (70%) are needed, so this session counts." in words
    assert "Time on several devices at once counts once." in words
    assert "so this session does not count." in words
    assert "does not list you" in words
    assert "as soon as the organiser's report is in" in words
    assert (
        "1 of 2 sessions that are needed." in words and 'value="1"' in client.get(page(siti)).content.decode()
    )


def test_attendance_without_a_registration_is_shown_too(client, siti):
    series = make_offer(sessions=1, first=NOW - dt.timedelta(days=7))
    attend(siti, series.occurrences.get(), seconds=5400, attended=True)
    assert "You attended 90 of 90 minutes: report of" in text(client.get(page(siti)))


def test_certificates_lead_to_the_pdf_and_to_what_others_see(client, siti):
    certificate_of(siti)
    answer = client.get(page(siti))
    assert "Pemasaran digital" in text(answer)
    body = answer.content.decode()
    assert page(siti, "person_certificate", "0123456789ABC") in body
    assert reverse("lms_public:certificate", args=["0123456789ABC"]) in body


# ── what is done there ───────────────────────────────────────────────────────────────────────────────────────────


def test_giving_back_asks_first_and_then_says_so(client, siti, series):
    seats.register_for_series(series=series, learner=siti)
    row = Registration.objects.filter(learner=siti).first()
    path = page(siti, "person_cancel", row.public_id)
    question = client.get(path)
    assert "Give back your place at this session?" in text(question) and "20:00–21:30 WITA" in text(question)
    row.refresh_from_db()
    assert row.state == "registered"
    answer = client.post(path)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert "You have given back your place." in text(client.get(answer["Location"]))
    assert client.post(path).status_code == 302, "twice is once"


def test_coming_after_all(client, siti, series):
    seats.register_for_series(series=series, learner=siti)
    row = Registration.objects.filter(learner=siti).first()
    seats.cancel_registration(registration=row)
    answer = client.post(page(siti, "person_return", row.public_id))
    assert "Good that you come after all." in text(client.get(answer["Location"]))
    row.refresh_from_db()
    assert row.state == "registered"


def test_leaving_the_whole_series(client, siti, series):
    wish = seats.register_for_series(series=series, learner=siti)
    path = page(siti, "person_leave", wish.public_id)
    assert "Leave the whole series?" in text(client.get(path))
    assert client.post(path).status_code == 302
    assert not Registration.objects.exclude(state="cancelled").exists()


def test_what_is_too_late_is_said_on_the_page(client, siti):
    series = make_offer(sessions=1, first=NOW - dt.timedelta(days=7))
    row = Registration.objects.create(
        occurrence=series.occurrences.get(), learner=siti, state="registered", queued_at=NOW
    )
    answer = client.post(page(siti, "person_cancel", row.public_id))
    assert answer.status_code == 409 and "This session is over." in text(answer)


def test_zone_and_language_are_chosen(client, siti):
    answer = client.post(page(siti, "person_settings"), {"zone": "Asia/Jayapura", "language": "id"})
    assert answer.status_code == 302
    siti.refresh_from_db()
    assert (siti.zone, siti.language) == ("Asia/Jayapura", "id")
    assert '<html lang="id">' in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("typed", [{"zone": "Asia/Atlantis"}, {"language": "<script>"}, {"zone": "x" * 9999}])
def test_a_zone_or_language_that_is_none_is_refused(client, siti, typed):
    answer = client.post(page(siti, "person_settings"), typed)
    assert answer.status_code == 409 and "from the lists" in text(answer)


def test_a_made_up_message_is_not_shown(client, siti):
    assert "pwned" not in text(client.get(page(siti, done="pwned")))


@pytest.mark.parametrize("number", ["0", "-1", "9999", "abc", "%00"])
def test_screens_that_do_not_exist(client, siti, number):
    assert client.get(page(siti, earlier=number)).status_code == 200


# ── who means ill ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_elses_things_open_with_my_link(client, siti, series):
    budi = make_learner("Budi")
    wish = seats.register_for_series(series=series, learner=budi)
    row = Registration.objects.filter(learner=budi).first()
    for name, argument in (
        ("person_cancel", row.public_id),
        ("person_return", row.public_id),
        ("person_leave", wish.public_id),
        ("person_cancel", str(row.pk)),
        ("person_cancel", "x" * 500),
        ("person_cancel", "%00"),
        ("person_leave", "%00"),
        ("person_return", "\x00é🙂"),
    ):
        path = page(siti, name, argument)
        answer = client.post(path)
        assert answer.status_code == 404, name
        if name != "person_return":
            assert client.get(path).status_code == 404
    assert Registration.objects.filter(learner=budi, state="registered").count() == 3


def test_forged_cut_and_foreign_links(client, siti, series):
    seats.register_for_series(series=series, learner=siti)
    token = personal_token(siti)
    join = links.sign(purpose="join", public_id=siti.public_id, version=1)
    for bad in (
        token[:-2],
        token + "A",
        token.replace(".1.", ".9."),
        join,
        "é🙂",
        "%00",
        "x" * 3000,
        siti.public_id,
    ):
        answer = client.get(f"/p/{bad}")
        assert answer.status_code == 404 and "This link does not work." in text(answer), bad
        assert "Siti" not in text(answer)
        assert client.post(f"/p/{bad}/settings/", {"language": "en"}).status_code == 404
        assert client.post(f"/p/{bad}/cancel/x/").status_code == 404


def test_a_revoked_link_and_one_of_somebody_erased(client, siti):
    old = page(siti)
    revoke_links(learner=siti)
    answer = client.get(old)
    assert answer.status_code == 410 and "replaced by a newer one" in text(answer)
    Learner.objects.filter(pk=siti.pk).update(name="", erased_at=NOW)
    siti.refresh_from_db()
    assert client.get(page(siti)).status_code == 410


def test_the_link_of_a_merged_learner_opens_the_other(client, siti):
    merged = make_learner("Siti lama", canonical=siti)
    assert "Hello, Siti Aminah." in text(client.get(page(merged)))


KEY = "00000000-0000-4000-8000-000000000000"
ACTIONS = {
    "person_lesson": [KEY],
    "person_watched": [KEY],
    "person_join": [KEY],
    "person_leave_course": [KEY],
    "person_quiz": [KEY],
    "person_attempt": ["x"],
    "person_answers": ["x"],
    "person_settings": [],
    "person_cancel": None,
    "person_return": None,
    "person_leave": None,
}


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
@pytest.mark.parametrize("name", ACTIONS)
def test_a_form_on_another_site_changes_nothing(siti, series, name, headers):
    """The attack that the exemption from the CSRF cookie must stand."""
    wish = seats.register_for_series(series=series, learner=siti)
    row = Registration.objects.filter(learner=siti).first()
    arguments = ACTIONS[name]
    if arguments is None:
        arguments = [wish.public_id if name == "person_leave" else row.public_id]
    attacker = Client(enforce_csrf_checks=True, headers=headers)
    answer = attacker.post(page(siti, name, *arguments), {"language": "id", "zone": "Asia/Jayapura"})
    assert answer.status_code == 403 and "Nothing was changed." in text(answer)
    siti.refresh_from_db()
    assert siti.language == "en" and Registration.objects.filter(state="registered").count() == 3


def test_our_own_form_works_without_any_cookie_and_without_a_referrer(siti):
    """A page that sends no referrer makes browsers send ``Origin: null``."""
    own = Client(enforce_csrf_checks=True, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    assert own.post(page(siti, "person_settings"), {"language": "id"}).status_code == 302


@pytest.mark.parametrize("name", ["person_return", "person_join"])
def test_state_is_changed_by_post_only(client, siti, name):
    argument = {"person_join": ["00000000-0000-4000-8000-000000000000"]}.get(name, ["x"])
    assert client.get(page(siti, name, *argument)).status_code == 405


def test_settings_are_changed_by_post_only(client, siti):
    asked = client.get(page(siti, "person_settings"), {"zone": "Asia/Jayapura", "language": "id"})
    assert asked.status_code == 200
    siti.refresh_from_db()
    assert (siti.zone, siti.language) != ("Asia/Jayapura", "id") and siti.language == "en"


def test_the_personal_page_leads_to_the_settings_and_does_not_carry_their_long_list(client, siti):
    own = client.get(page(siti, "person")).content.decode()
    assert page(siti, "person_settings") in own and "Africa/Abidjan" not in own
    assert "Africa/Abidjan" in client.get(page(siti, "person_settings")).content.decode()


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def much(learner, count):
    """A learner with so many sessions before and after, in as many series."""
    for number in range(max(count // 20, 1)):
        for first in (NOW + dt.timedelta(days=1), NOW - dt.timedelta(days=60)):
            one = make_offer(
                sessions=count // max(count // 20, 1) // 2,
                first=first,
                every=dt.timedelta(hours=3),
                title=f"Seri {number}",
            )
            rows = Registration.objects.bulk_create(
                Registration(occurrence=each, learner=learner, state="registered", queued_at=NOW)
                for each in one.occurrences.all()
            )
            SeriesRegistration.objects.create(series=one, learner=learner, registered_at=NOW)
            enrol(learner_ids=[learner.pk], activity_id=one.activity_id)
            if first < NOW:
                Attendance.objects.bulk_create(
                    Attendance(
                        occurrence_id=row.occurrence_id,
                        learner=learner,
                        seconds=5000,
                        window_seconds=5400,
                        attended=True,
                    )
                    for row in rows
                )


def test_as_many_queries_for_10_sessions_as_for_1000(client):
    counts = {}
    for count in (10, 1000):
        learner = make_learner(verified=True)
        much(learner, count)
        client.get(page(learner))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(page(learner))
        counts[count] = len(captured)
        assert answer.status_code == 200
    assert counts[10] == counts[1000] <= 12, counts


# ── the document ─────────────────────────────────────────────────────────────────────────────────────────────────


def certificate_of(learner, **earned):
    return Certificate.objects.create(
        serial="0123456789ABC",
        learner=learner,
        **earned,
        holder_name=learner.name,
        title="Pemasaran digital",
        content={},
        design_revision=1,
        issuer_name="Akademi",
        earned_at=NOW,
        issued_at=NOW,
        sha256="0" * 64,
        pdf="certificates/x.pdf",
    )


def test_a_code_is_asked_for_from_a_page_that_sends_no_referrer(siti):
    """Browsers send ``Origin: null`` then, which Django's own check of the CSRF token would refuse."""
    path = page(siti, "person_certificate", certificate_of(siti).serial)
    own = Client(enforce_csrf_checks=True, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    assert own.post(path).status_code == 200
    attacker = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    before = siti.one_time_codes.count()
    assert attacker.post(path).status_code == 403
    assert siti.one_time_codes.count() == before == 1
