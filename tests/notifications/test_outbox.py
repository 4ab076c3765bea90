"""One message once: queued with what caused it, composed from what is true, sent by one worker."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from lms.notifications import channels, messages, services
from lms.notifications.channels import Composed
from lms.notifications.models import OutboxMessage
from lms.notifications.services import Notice, queue, send_due
from lms.people.models import Address, Learner

State = OutboxMessage.State


@pytest.fixture
def learner(db):
    learner = Learner.objects.create(name="Ibu Contoh", language="en")
    Address.objects.create(learner=learner, value="ibu@contoh.example")
    return learner


@pytest.fixture
def said(monkeypatch):
    """A kind of message that needs no other rows."""
    monkeypatch.setitem(messages.COMPOSERS, "test", lambda message, address: ({}, ()))
    monkeypatch.setattr(
        messages,
        "render_to_string",
        lambda template, values: f"Subject\nHello {values['learner'].name}\n{values['personal_link']}",
    )


def test_the_same_notice_is_one_message(learner, said):
    for _ in range(3):
        queue([Notice(learner.pk, "test", "thing:1", sequence=2)])
    assert OutboxMessage.objects.count() == 1
    assert send_due() == 1
    assert send_due() == 0
    assert len(mail.outbox) == 1
    queue([Notice(learner.pk, "test", "thing:1", sequence=2)])
    send_due()
    assert len(mail.outbox) == 1


def test_another_sequence_or_revision_is_another_message(learner, said):
    queue([Notice(learner.pk, "test", "thing:1", sequence=n, revision=m) for n in (0, 1) for m in (0, 1)])
    assert send_due() == 4


def test_a_mail_has_a_constant_id_and_the_personal_link(learner, said):
    queue([Notice(learner.pk, "test", "thing:1")])
    send_due()
    [sent] = mail.outbox
    message = OutboxMessage.objects.get()
    assert sent.extra_headers["Message-ID"] == f"<{message.public_id}@academy.example>"
    assert "/p/" in sent.body
    assert sent.to == ["Ibu Contoh <ibu@contoh.example>"]
    assert message.state == State.SENT and message.sent_at and message.address.value == "ibu@contoh.example"


def test_a_name_cannot_add_headers(learner, said):
    learner.name = "Ibu\r\nBcc: semua@contoh.example"
    learner.save()
    queue([Notice(learner.pk, "test", "thing:1")])
    send_due()
    message = OutboxMessage.objects.get()
    assert message.state == State.PENDING or all(
        "Bcc" not in dict(sent.message().items()) for sent in mail.outbox
    )
    assert all(sent.recipients() == ["ibu@contoh.example"] or len(sent.to) == 1 for sent in mail.outbox)


def test_what_is_no_longer_true_is_skipped(learner, monkeypatch):
    monkeypatch.setitem(messages.COMPOSERS, "test", lambda message, address: None)
    queue([Notice(learner.pk, "test", "thing:1")])
    assert send_due() == 1
    assert OutboxMessage.objects.get().state == State.SKIPPED
    assert not mail.outbox


def test_nobody_writes_to_the_erased_or_to_those_without_an_address(learner, said):
    other = Learner.objects.create(name="Pak Contoh")
    queue([Notice(each.pk, "test", "thing:1") for each in (learner, other)])
    Learner.objects.filter(pk=learner.pk).update(erased_at=timezone.now(), name="")
    send_due()
    assert {row.state for row in OutboxMessage.objects.all()} == {State.SKIPPED}


def test_a_verified_address_goes_before_a_newer_one(learner):
    Address.objects.filter(value="ibu@contoh.example").update(verified_at=timezone.now())
    Address.objects.create(learner=learner, value="baru@contoh.example")
    assert channels.address_for(learner).value == "ibu@contoh.example"


def test_a_failure_waits_longer_each_time_and_is_put_aside_at_last(learner, said, monkeypatch, settings):
    settings.LMS = {"OUTBOX_MAX_ATTEMPTS": 3}

    def broken(*args, **kwargs):
        raise OSError("ibu@contoh.example refused")

    monkeypatch.setattr(channels, "send_mail", broken)
    queue([Notice(learner.pk, "test", "thing:1")])
    waits = []
    for _ in range(3):
        before = timezone.now()
        OutboxMessage.objects.update(send_after=before)
        send_due()
        waits.append(round((OutboxMessage.objects.get().send_after - before).total_seconds() / 60))
    message = OutboxMessage.objects.get()
    assert waits == [1, 2, 4]
    assert (message.state, message.attempts, message.outcome) == (State.FAILED, 3, "OSError")


def test_one_broken_message_does_not_stop_the_others(learner, said, monkeypatch):
    other = Learner.objects.create(name="Pak Contoh")
    Address.objects.create(learner=other, value="pak@contoh.example")
    send = channels.send_mail

    def picky(composed, *, message, address):
        if message.learner_id == learner.pk:
            raise OSError
        send(composed, message=message, address=address)

    monkeypatch.setattr(channels, "send_mail", picky)
    queue([Notice(each.pk, "test", "thing:1") for each in (learner, other)])
    send_due()
    assert [sent.to for sent in mail.outbox] == [["Pak Contoh <pak@contoh.example>"]]


def test_what_a_killed_worker_left_is_sent_after_its_claim(learner, said):
    queue([Notice(learner.pk, "test", "thing:1")])
    [pk] = services._claim()
    assert send_due() == 0
    OutboxMessage.objects.filter(pk=pk).update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert send_due() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_each_message_once(said):
    learners = [Learner.objects.create(name=f"Contoh {n}") for n in range(20)]
    for learner in learners:
        Address.objects.create(learner=learner, value=f"{learner.pk}@contoh.example")
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(learner=each, kind="test", about="thing:1", send_after=timezone.now())
            for each in learners
        ]
    )
    errors = []

    def worker():
        try:
            send_due()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(
        f"{each.name} <{each.pk}@contoh.example>" for each in learners
    )


def test_a_message_that_waits_is_not_sent_before_its_time(learner, said):
    queue([Notice(learner.pk, "test", "thing:1", send_after=timezone.now() + dt.timedelta(hours=1))])
    assert send_due() == 0


def test_composed_is_plain():
    assert Composed("a", "b").attachments == ()
