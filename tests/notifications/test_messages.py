"""What people are told, when, and with which calendar file."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from lms.calendars.ical import event_bytes
from lms.calendars.queries import event_facts
from lms.catalogue.models import Activity
from lms.notifications import reminders
from lms.notifications.models import OutboxMessage
from lms.notifications.services import send_due
from lms.people.models import Address, Learner
from lms.webinars.models import Occurrence, Registration
from lms.webinars.services import schedule, seats

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "meet.example/rahasia-123"


@pytest.fixture
def learner():
    learner = Learner.objects.create(name="Ibu Contoh", language="en", zone="Asia/Makassar")
    Address.objects.create(learner=learner, value="ibu@contoh.example", verified_at=timezone.now())
    return learner


@pytest.fixture
def series(make_series):
    start = timezone.localdate() + dt.timedelta(days=10)
    make_series(start_date=start, start_time=dt.time(19, 0), recurrence="RRULE:FREQ=DAILY;COUNT=3")
    return Activity.objects.get(kind="webinar_series").webinar_series


def calendar_of(message):
    return [(name, content, kind) for name, content, kind in message.attachments if "calendar" in kind]


def test_registering_for_a_series_is_one_mail_with_all_sessions_in_two_zones(series, learner):
    seats.register_for_series(series=series, learner=learner)
    seats.register_for_series(series=series, learner=learner)
    [sent] = mail.outbox
    assert sent.subject == "You are registered: Jualan lewat WhatsApp"
    assert sent.body.count("20:00–21:30 WITA (19:00–20:30 WIB)") == 3
    assert "/p/" in sent.body and SECRET not in sent.message().as_string()
    [(_, content, kind)] = calendar_of(sent)
    text = content if isinstance(content, str) else content.decode()
    assert "method=PUBLISH" in kind and "METHOD:PUBLISH" in text and text.count("BEGIN:VEVENT") == 3
    assert SECRET not in text


def test_one_session_is_an_invitation_to_the_person(series, learner):
    occurrence = series.occurrences.first()
    seats.register_for_occurrence(occurrence=occurrence, learner=learner)
    [sent] = mail.outbox
    [(_, content, kind)] = calendar_of(sent)
    text = (content if isinstance(content, str) else content.decode()).replace("\r\n ", "")
    assert "method=REQUEST" in kind and "METHOD:REQUEST" in text
    assert f"UID:{occurrence.uid}" in text and "ibu@contoh.example" in text and "ORGANIZER" in text
    assert "/j/" in sent.body


def test_the_calendar_file_leads_to_the_meeting_and_reminds(series, learner):
    """Who has a seat is not asked by their own calendar to register; what everybody reads says nothing of it."""
    from lms.notifications.personal_links import join_link

    first, second, _third = series.occurrences.order_by("starts_at")
    seats.register_for_series(series=series, learner=learner)
    [(_, content, _kind)] = calendar_of(mail.outbox[0])
    text = (content if isinstance(content, str) else content.decode()).replace("\r\n ", "")
    for each in (first, second):
        own = join_link(Registration.objects.get(occurrence=each, learner=learner))
        assert f"URL:{own}\r\n" in text and f"LOCATION:{own}\r\n" in text
        assert f"/s/{each.public_id}" not in text
    assert "to register" not in text
    assert text.count("BEGIN:VALARM\r\nACTION:DISPLAY\r\n") == text.count("TRIGGER:-PT30M\r\n") == 3
    schedule.cancel_occurrence(occurrence=first, user=None)
    [(_, content, _kind)] = calendar_of(mail.outbox[-1])
    text = (content if isinstance(content, str) else content.decode()).replace("\r\n ", "")
    assert "VALARM" not in text and "/j/" not in text and f"/s/{first.public_id}" in text
    public = event_bytes(event_facts([second], language="en")[0]).decode()
    assert "VALARM" not in public and "/j/" not in public


def test_a_moved_session_is_told_once_with_a_higher_sequence(series, learner):
    seats.register_for_series(series=series, learner=learner)
    mail.outbox.clear()
    occurrence = series.occurrences.first()
    hour = dt.timedelta(hours=1)
    for _ in range(2):
        schedule.move_occurrence(
            occurrence=occurrence,
            starts_at=occurrence.starts_at + hour,
            ends_at=occurrence.ends_at + hour,
            user=None,
        )
    occurrence = Occurrence.objects.get(pk=occurrence.pk)
    [sent] = mail.outbox
    assert sent.subject.startswith("New time: ")
    [(_, content, _kind)] = calendar_of(sent)
    text = content if isinstance(content, str) else content.decode()
    assert f"SEQUENCE:{occurrence.sequence}" in text


def test_a_cancelled_session_is_taken_out_of_the_calendar(series, learner):
    seats.register_for_series(series=series, learner=learner)
    mail.outbox.clear()
    schedule.cancel_occurrence(occurrence=series.occurrences.first(), user=None)
    [sent] = mail.outbox
    [(_, content, kind)] = calendar_of(sent)
    assert sent.subject.startswith("Cancelled: ") and "method=CANCEL" in kind


def test_leaving_a_series_is_one_mail_that_takes_its_sessions_out_of_the_calendar(series, learner):
    wish = seats.register_for_series(series=series, learner=learner)
    first, *others = series.occurrences.order_by("starts_at")
    seats.cancel_registration(registration=Registration.objects.get(occurrence=first, learner=learner))
    mail.outbox.clear()
    seats.cancel_series_registration(series_registration=wish)
    [sent] = mail.outbox
    assert sent.subject == "You are no longer registered: Jualan lewat WhatsApp"
    files = calendar_of(sent)
    texts = [content if isinstance(content, str) else content.decode() for _, content, _ in files]
    # The first one was left before, and has been taken out by a mail of its own.
    assert len(files) == len(others) == 2 and len({name for name, _, _ in files}) == 2
    for each, text, (_, _, kind) in zip(others, texts, files, strict=True):
        assert "method=CANCEL" in kind and "METHOD:CANCEL" in text and f"UID:{each.uid}" in text


def test_a_mail_that_waits_until_after_its_session_is_not_sent(series, learner, monkeypatch):
    from lms.notifications import tasks

    monkeypatch.setattr(tasks.services, "send_due", lambda: 0)
    seats.register_for_occurrence(occurrence=series.occurrences.first(), learner=learner)
    monkeypatch.undo()
    past = timezone.now() - dt.timedelta(days=2)
    series.occurrences.update(starts_at=past, ends_at=past + dt.timedelta(hours=1))
    send_due()
    assert not mail.outbox
    assert OutboxMessage.objects.get().state == OutboxMessage.State.SKIPPED


def test_reminders_go_once_to_those_with_a_seat_and_again_when_the_session_moved(series, learner):
    seats.register_for_series(series=series, learner=learner)
    other = Learner.objects.create(name="Pak Contoh", language="en")
    Address.objects.create(learner=other, value="pak@contoh.example")
    occurrence = series.occurrences.first()
    Registration.objects.create(
        occurrence=occurrence, learner=other, state=Registration.State.WAITLISTED, queued_at=timezone.now()
    )
    mail.outbox.clear()
    soon = timezone.now() + dt.timedelta(hours=24) - dt.timedelta(minutes=2)
    Occurrence.objects.filter(pk=occurrence.pk).update(starts_at=soon, ends_at=soon + dt.timedelta(hours=1))
    Registration.objects.update(queued_at=timezone.now() - dt.timedelta(days=3))
    assert reminders.queue_due() == 1
    assert reminders.queue_due() == 0
    assert [sent.to for sent in mail.outbox] == [["Ibu Contoh <ibu@contoh.example>"]]
    Occurrence.objects.filter(pk=occurrence.pk).update(sequence=5)
    assert reminders.queue_due() == 1
    assert len(mail.outbox) == 2


def test_a_tick_with_nothing_due_costs_five_queries_at_most(series, django_assert_max_num_queries):
    from lms.notifications import tasks

    with django_assert_max_num_queries(5):
        assert tasks.sweep() == 0


def test_the_mail_is_written_in_the_readers_language_and_says_the_name_as_it_is(series, learner):
    Learner.objects.filter(pk=learner.pk).update(name="Siti <b>Aminah</b> & Co سارة 🌸")
    learner.refresh_from_db()
    seats.register_for_series(series=series, learner=learner)
    [sent] = mail.outbox
    assert "Siti <b>Aminah</b> & Co سارة 🌸" in sent.body
    [(html, _)] = sent.alternatives
    assert "<b>Aminah" not in html and "&lt;b&gt;Aminah" in html
