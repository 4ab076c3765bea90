"""Certificates: earned, issued once, frozen for ever."""

from __future__ import annotations

import hashlib
import threading

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from lms.core.exceptions import KelasError
from lms.credentials import services
from lms.credentials.models import Certificate, CertificateDesign, CertificateDue, CertificateOffer
from lms.notifications.models import OutboxMessage
from lms.people.models import Learner
from lms.progress import services as progress

State = Certificate.State


@pytest.mark.django_db(transaction=True)
def test_completion_makes_a_certificate_and_one_mail(course, make_learner, complete):
    learner = make_learner()
    complete(learner)
    certificate = Certificate.objects.get()
    with certificate.pdf.open() as stored:
        pdf = stored.read()
    assert pdf.startswith(b"%PDF") and hashlib.sha256(pdf).hexdigest() == certificate.sha256
    assert certificate.holder_name == "Ibu Contoh Sari" and certificate.title == "Foto produk dengan ponsel"
    assert certificate.content["verify_url"] == f"http://testserver/c/{certificate.serial}"
    assert not CertificateDue.objects.exists()
    assert len(mail.outbox) == 1 and certificate.serial in mail.outbox[0].body


@pytest.mark.django_db
def test_an_activity_without_an_offer_makes_nothing_due(course, make_learner, complete):
    CertificateOffer.objects.all().delete()
    complete(make_learner())
    assert not CertificateDue.objects.exists()


@pytest.mark.django_db
def test_evidence_taken_back_before_the_issue_takes_the_certificate_back(course, make_learner, complete):
    ids = complete(make_learner())
    assert CertificateDue.objects.count() == 1
    progress.void(record_ids=ids, reason="mistake")
    assert not CertificateDue.objects.exists()
    assert services.issue_due() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["withdrawn", "erased", "not earned", "no offer"])
def test_who_has_not_earned_it_gets_none(course, make_learner, complete, change):
    from django.utils import timezone

    from lms.progress.models import Completion

    learner = make_learner()
    complete(learner)
    due = CertificateDue.objects.get()
    if change == "withdrawn":
        progress.withdraw(learner_id=learner.pk, activity_id=course.pk)
    elif change == "erased":
        Learner.objects.filter(pk=learner.pk).update(name="", erased_at=timezone.now())
    elif change == "not earned":
        Completion.objects.all().delete()
    else:
        CertificateOffer.objects.all().delete()
    assert services.issue(due_id=due.pk) is None
    assert not Certificate.objects.exists() and not CertificateDue.objects.exists()


@pytest.mark.django_db
def test_who_withdrew_before_completing_makes_nothing_due(course, make_learner, complete):
    learner = make_learner()
    progress.enrol(learner_ids=[learner.pk], activity_id=course.pk)
    progress.withdraw(learner_id=learner.pk, activity_id=course.pk)
    from django.utils import timezone

    progress.record(
        [
            progress.Statement(
                cause="late",
                learner_id=learner.pk,
                activity_id=course.lesson.pk,
                verb="completed",
                occurred_at=timezone.now(),
                reason="lesson.marked",
            )
        ]
    )
    assert not CertificateDue.objects.exists()


@pytest.mark.django_db
def test_an_issued_one_never_changes(course, make_learner, complete, design):
    learner = make_learner()
    complete(learner)
    services.issue_due()
    before = Certificate.objects.values().get()
    with Certificate.objects.get().pdf.open() as stored:
        file = stored.read()
    Learner.objects.update(name="Nama Lain")
    CertificateDesign.objects.update(
        signatory_name="Orang Lain", accent="#aa0000", template="modern", revision=2
    )
    type(course).objects.filter(pk=course.pk).update(title="Judul lain")
    complete(learner)
    services.issue_due()
    CertificateOffer.objects.all().delete()
    learner.delete()
    after = Certificate.objects.values().get()
    with Certificate.objects.get().pdf.open() as stored:
        assert stored.read() == file
    for key in set(before) - {"learner_id", "updated_at"}:
        assert before[key] == after[key], key


@pytest.mark.django_db
def test_a_name_that_cannot_be_printed_waits_for_an_officer_and_is_issued_when_corrected(
    course, make_learner, complete
):
    learner = make_learner(name="Ibu 𒀀𒀁")
    complete(learner)
    assert services.issue_due() == 0
    due = CertificateDue.objects.get()
    assert due.attempts == 1 and "U+12000" in due.refusal
    for _ in range(5):
        services.issue_due()
    assert CertificateDue.objects.get().attempts == services.MOST_ATTEMPTS
    Learner.objects.update(name="Ibu Contoh")
    services.try_again(due=due)
    assert services.issue_due() == 1


@pytest.mark.django_db
def test_ornaments_are_left_out_and_that_is_kept(course, make_learner, complete):
    complete(make_learner(name="Sari 🌸"))
    services.issue_due()
    certificate = Certificate.objects.get()
    assert certificate.holder_name == "Sari"
    assert certificate.content["dropped"] == [["holder_name", "🌸"]]


@pytest.mark.django_db
def test_revoking_marks_and_needs_a_reason(course, make_learner, complete):
    complete(make_learner())
    services.issue_due()
    certificate = Certificate.objects.get()
    with pytest.raises(KelasError):
        services.revoke(certificate=certificate, reason=" ")
    first = services.revoke(certificate=certificate, reason="Salah orang").revoked_at
    assert services.revoke(certificate=certificate, reason="lagi").revoked_at == first
    assert Certificate.objects.get().state == State.REVOKED


@pytest.mark.django_db
def test_a_correction_takes_its_place_and_the_old_one_points_at_it(course, make_learner, complete):
    complete(make_learner())
    services.issue_due()
    old = Certificate.objects.get()
    new = services.correct(certificate=old, holder_name="Ibu Contoh  Sarinah")
    old.refresh_from_db()
    assert (old.state, new.state, new.holder_name) == (State.SUPERSEDED, State.VALID, "Ibu Contoh Sarinah")
    assert new.supersedes == old and new.serial != old.serial and new.earned_at == old.earned_at
    assert services.correct(certificate=new, holder_name="Ibu Contoh Sarinah") == new
    with pytest.raises(KelasError):
        services.correct(certificate=old, holder_name="X")
    with pytest.raises(KelasError):
        services.revoke(certificate=old, reason="x")


@pytest.mark.django_db
def test_the_database_allows_one_live_certificate(course, make_learner, complete):
    complete(make_learner())
    services.issue_due()
    row = Certificate.objects.get()
    row.pk, row.serial, row.public_id = None, "0" * 13, "x" * 22
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def together(count, work):
    """Run something in many threads at once; return what went wrong."""
    errors, barrier = [], threading.Barrier(count)

    def run(number):
        try:
            barrier.wait(30)
            work(number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_make_it_due_and_issue_it_once(course, make_learner, complete, stored):
    from lms.progress.models import Completion

    learner = make_learner()
    files = stored()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
        complete(learner)
    ids = list(Completion.objects.values_list("pk", flat=True))

    def click(number):
        services.make_due(completion_ids=ids)
        services.issue_due()

    assert together(20, click) == []
    assert Certificate.objects.count() == 1
    assert CertificateDue.objects.count() == 0
    assert stored() - files == 1
    assert OutboxMessage.objects.filter(kind="certificate_issued").count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_statement_loses_and_doubles_nothing(
    course, make_learner, complete, monkeypatch
):
    """The k-th SQL statement of the issue dies, for every k; the next worker finishes."""
    learner = make_learner()
    monkeypatch.setattr("lms.core.work.import_string", lambda path: (_ for _ in ()).throw(ConnectionError))
    complete(learner)
    due = CertificateDue.objects.get()

    class Killed(BaseException):
        pass

    statement = 0
    while True:
        statement += 1
        left = statement

        def dies(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(dies):
                services.issue(due_id=due.pk)
        except Killed:
            assert CertificateDue.objects.count() == 1 and Certificate.objects.count() == 0
            assert not OutboxMessage.objects.exists()
            continue
        break
    assert statement > 10
    assert (CertificateDue.objects.count(), Certificate.objects.count(), OutboxMessage.objects.count()) == (
        0,
        1,
        1,
    )
    services.issue_due()
    assert Certificate.objects.count() == 1
