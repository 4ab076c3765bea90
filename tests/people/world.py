"""Somebody who has left a trace in every table, and somebody else beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.assessment import services as assessment
from lms.catalogue.models import Activity
from lms.core import clock
from lms.credentials.models import Certificate, CertificateDue
from lms.notifications.models import OutboxMessage
from lms.people import services
from lms.people.models import Learner, OneTimeCode, Partner
from lms.progress import services as progress
from lms.progress.models import EnrolmentPolicy, Watching
from lms.progress.services import Statement, record
from lms.webinars.models import (
    AttendanceImport,
    JoinClick,
    Occurrence,
    PresenceInterval,
    Registration,
    ReportPerson,
    ScheduleChange,
    WebinarSeries,
)
from lms.webinars.services.attendance_derive import derive_attendance
from lms.webinars.services.seats import register_for_series
from tests.assessment.quizzing import make_question, make_quiz


@dataclass
class Somebody:
    """A learner, and every text that names them."""

    learner: Learner
    texts: tuple[str, ...]
    files: list[Any]


def live(series: WebinarSeries, name: str, email: str, *, other: str) -> Somebody:
    """Have somebody register, attend, earn, receive and organise.

    Args:
        series: with one session that is over and some to come.
        name: theirs.
        email: theirs.
        other: another name of theirs, on a report only.
    """
    now = clock.now()
    account = get_user_model().objects.create_user(f"akun-{name.split()[0].lower()}")
    learner = services.find_or_create_learner(name=name, email=email, zone="Asia/Makassar")
    services.attach(user=account, address=learner.addresses.get())
    services.give_consent(learner=learner, purpose="taking-part", version="1", wording="Saya setuju.")
    OneTimeCode.objects.create(learner=learner, purpose="certificate:1", made_at=now, expires_at=now)
    partner = Partner.objects.get_or_create(name="Bank Contoh", slug="bank")[0]
    register_for_series(series=series, learner=learner, partner=partner)
    past = series.occurrences.filter(ends_at__lte=now).first()
    place = Registration.objects.create(occurrence=past, learner=learner, state="registered", queued_at=now)
    Occurrence.objects.filter(pk=past.pk).update(taken=past.taken + 1)
    JoinClick.objects.create(registration=place, clicked_at=past.starts_at)
    report = _report(past, learner, account, name, email, other)
    derive_attendance(occurrence_id=past.pk)
    lesson = Activity.objects.create(kind="lesson", title="Pelajaran", live=True, public=True)
    record(
        [
            Statement(
                cause=f"lesson:{learner.public_id}",
                learner_id=learner.pk,
                activity_id=lesson.pk,
                verb="completed",
                occurred_at=now,
                reason="lesson.marked",
                reason_params={"by": f"ditandai oleh {name}", "minutes": 5, email: "x"},
            )
        ]
    )
    handed_in = _learn(learner, account, name)
    ScheduleChange.objects.create(
        occurrence=past, kind="cancel", state="dismissed", decided_by=account, decided_at=now
    )
    CertificateDue.objects.create(
        learner=learner, activity=lesson, earned_at=now, due_at=now, refusal=f"Nama {name} tak tercetak"
    )
    certificate = _certificate(learner, series, name)
    OutboxMessage.objects.create(
        learner=learner,
        address=learner.addresses.get(),
        kind="reminder",
        about="occurrence:1",
        params={"to": name},
        outcome=f"550 <{email}> unknown",
        send_after=now + dt.timedelta(days=1),
    )
    return Somebody(learner, (name, email, other), [report.file, certificate.pdf, handed_in])


def _learn(learner: Learner, account: Any, name: str) -> Any:
    """Have them complete a course, be refused in another, be exempted, watch, and hand in what they themselves grade."""
    quiz = make_quiz([make_question("written_task")], course=True)
    refused = Activity.objects.create(kind="course", title="Kursus tertutup", live=True)
    EnrolmentPolicy.objects.create(activity=refused, mode="approval")
    request = progress.request_enrolment(learner_id=learner.pk, activity_id=refused.pk)
    progress.decline(enrolment_ids=[request.pk], reason=f"Maaf, {name}, kelas ini penuh.")
    course_id = quiz.course_id_for_tests
    progress.enrol(learner_ids=[learner.pk], activity_id=course_id)
    attempt = assessment.start_attempt(learner_id=learner.pk, activity_id=quiz.activity_id, language="id")
    key = attempt.paper["questions"][0]["key"]
    assessment.save_answer(attempt_id=attempt.pk, question_key=key, response=f"Tugas {name}")
    handed_in = assessment.hand_in_file(
        attempt_id=attempt.pk,
        question_key=key,
        upload=SimpleUploadedFile(f"tugas {name}.txt", f"Tugas {name}".encode()),
    )
    assessment.submit(attempt_id=attempt.pk)
    assessment.grade_task(
        answer_id=attempt.answers.get().pk,
        points={"isi": Decimal(6), "bahasa": Decimal(4)},
        comment=f"Bagus, {name}.",
        graded_by_id=account.pk,
    )
    progress.waive(
        learner_id=learner.pk,
        course_id=course_id,
        activity_id=course_id,
        reason=f"{name} sudah mahir.",
        by="Koordinator",
    )
    Watching.objects.create(learner=learner, activity=quiz.activity, spans=[[0, 30]], seconds=30)
    return handed_in.file


def _report(
    occurrence: Occurrence, learner: Learner, account: Any, name: str, email: str, other: str
) -> AttendanceImport:
    report = AttendanceImport(
        occurrence=occurrence,
        state="applied",
        applied_at=clock.now(),
        file_name=f"hadir {name}.csv",
        sha256=f"{learner.pk:064x}",
        zone="Asia/Jakarta",
        warnings=[{"code": "renamed", "name": other}, {"code": "order", "text": "dd/mm"}],
        uploaded_by=account,
    )
    report.file.save(f"{learner.pk}.csv", ContentFile(f"{name},{email}".encode()), save=False)
    report.save()
    lines = [
        ReportPerson(name=f"{name}\n{other}", email=email, learner=learner, match="email"),
        # Their second phone, which nobody matched, and their address in another spelling.
        ReportPerson(name=name.upper(), email="", match="none"),
        ReportPerson(name="iPhone", email=email.upper(), match="none"),
    ]
    for position, line in enumerate(lines):
        line.attendance_import, line.position = report, position
        line.save()
    PresenceInterval.objects.create(
        person=lines[0],
        joined_at=occurrence.starts_at,
        left_at=occurrence.starts_at + dt.timedelta(minutes=80),
    )
    return report


def _certificate(learner: Learner, series: WebinarSeries, name: str) -> Certificate:
    now = clock.now()
    certificate = Certificate(
        serial=f"{learner.pk:013d}",
        learner=learner,
        activity=series.activity,
        holder_name=name,
        title="Pemasaran digital",
        content={"holder_name": name, "details": [name]},
        design_revision=1,
        issuer_name="Akademi Contoh",
        earned_at=now,
        issued_at=now,
        sha256="a" * 64,
        state="revoked",
        revoked_at=now,
        revocation_reason=f"{name} meminta perbaikan.",
    )
    certificate.pdf.save(f"{learner.pk}.pdf", ContentFile(f"%PDF {name}".encode()), save=False)
    certificate.save()
    return certificate
