"""Every address × every role. An address that is not in the table fails, and so does a row without an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from lms.assessment.models import Quiz, QuizPart
from lms.assessment.services import hand_in_file, start_attempt, submit
from lms.calendars.models import PartnerCalendar
from lms.catalogue.models import Activity, Level, Topic
from lms.core import links
from lms.credentials import services as credentials
from lms.credentials.models import Certificate, CertificateDesign, Issuer
from lms.pages.models import CoursePage, LessonPage, QuizPage
from lms.people.models import Address, Learner, Partner
from lms.progress import services as progress
from lms.webinars.models import AttendanceImport, Occurrence, Registration, ReportPerson
from lms.webinars.services import seats
from tests.assessment.quizzing import make_question, make_quiz

pytestmark = pytest.mark.django_db

VISITOR, STRANGER, OWNER, ADMIN = (
    "visitor",
    "coordinator of other pages",
    "coordinator of these pages",
    "superuser",
)
ROLES = (VISITOR, STRANGER, OWNER, ADMIN)
ALL_200 = (200, 200, 200, 200)
#: A visitor is sent to the login page; who has other pages is told that there is nothing here.
OURS = (302, 404, 200, 200)
#: Screens that everybody in the admin has, each with their own rows.
LISTS = (302, 200, 200, 200)
#: Permissions on models: superusers here, since the coordinators of this test have pages only.
MODELS = (302, 302, 302, 200)
POST_ONLY = (302, 405, 405, 405)

# fmt: off
TABLE: dict[str, tuple[int, ...]] = {
    # the public, addresses that never move
    "lms_public:session": ALL_200,
    "lms_public:session_ics": ALL_200,
    "lms_public:join": ALL_200,  # too early: a page that says when
    "lms_public:person": ALL_200,
    "lms_public:person_settings": ALL_200,
    "lms_public:person_cancel": ALL_200,
    "lms_public:person_return": (405,) * 4,
    "lms_public:person_leave": ALL_200,
    "lms_public:person_course": ALL_200,
    "lms_public:person_join": (405,) * 4,
    "lms_public:person_leave_course": ALL_200,
    "lms_public:person_lesson": ALL_200,
    "lms_public:person_watched": (405,) * 4,
    "lms_public:person_quiz": ALL_200,
    "lms_public:person_attempt": ALL_200,
    "lms_public:person_answers": (405,) * 4,
    "lms_public:person_answer_file": (404,) * 4,  # nothing was handed in
    "lms_public:person_document": (404,) * 4,  # the lesson has no such file
    "lms_public:person_certificate": ALL_200,
    "lms_public:verify": ALL_200,
    "lms_public:certificate": ALL_200,
    "lms_public:feed_series": ALL_200,
    "lms_public:feed_activity": ALL_200,
    "lms_public:feed_partner": ALL_200,
    "lms_public:embed_script": ALL_200,
    "lms_public:embed_agenda": ALL_200,
    "lms_public:embed_style": ALL_200,
    # the public, in the visitor's language
    "lms:register": ALL_200,
    "lms:registered": ALL_200,  # without a receipt: nothing personal
    "lms:enrol": ALL_200,
    "lms:enrolled": ALL_200,
    "lms:me": ALL_200,  # nobody here has a learner: everybody may ask for the link to be sent again
    # the public: pages that list
    "lms_pages:courses": ALL_200,
    "lms_pages:calendar": ALL_200,
    "lms_pages:search": ALL_200,
    "lms_pages:speakers": ALL_200,
    "lms_pages:speaker": ALL_200,
    # the admin: webinars
    "lms_recurrence_preview": LISTS,
    "lms_schedule": LISTS,
    "lms_schedule_results": LISTS,
    "lms_sessions_of_page": (302, 404, 302, 302),  # leads on to the sessions
    "lms_sessions": OURS,
    "lms_changes_confirm": (302, 404, 302, 302),  # nothing proposed: back to the sessions
    "lms_changes_dismiss": (302, 404, 302, 302),
    "lms_session_move": OURS,
    "lms_session_cancel": OURS,
    "lms_impact": OURS,
    "lms_outbox": LISTS,
    "lms_people": LISTS,
    # the admin: attendance
    "lms_attendance": OURS,
    "lms_attendance_csv": OURS,
    "lms_attendance_report": OURS,
    "lms_attendance_person": OURS,
    "lms_attendance_undo": (302, 404, 302, 302),  # not applied: back to the report
    "lms_attendance_again": (302, 404, 405, 405),
    "lms_attendance_apply": (302, 404, 405, 405),
    "lms_attendance_discard": (302, 404, 405, 405),
    # the admin: people, cohorts and results of courses
    "lms_courses": LISTS,
    "lms_courses_results": LISTS,
    "lms_guide": (302, 302, 302, 200),  # coordinators of this test may add no pages
    "lms_guide_course": OURS,
    "lms_enrol_example": LISTS,
    "lms_enrolments_of_page": (302, 404, 302, 302),  # leads on to the people
    "lms_enrolments": OURS,
    "lms_enrolments_decide": (302, 404, 405, 405),
    "lms_enrolment": OURS,
    "lms_enrolment_do": (302, 404, 405, 405),
    "lms_enrol_many": OURS,
    "lms_cohorts": OURS,
    "lms_cohort_add": OURS,
    "lms_cohort": OURS,
    "lms_cohort_delete": (302, 404, 405, 405),
    "lms_course_results": OURS,
    "lms_course_results_file": OURS,
    "lms_course_xapi": OURS,
    # the admin: certificates
    "lms_certificates": LISTS,
    "lms_certificate_revoke": OURS,
    "lms_certificate_correct": OURS,
    "lms_certificate_again": POST_ONLY,
    "lms_certificate_design_preview": (302, 403, 403, 200),
    "lms_certificate_designs:index": MODELS,
    "lms_certificate_designs:index_results": MODELS,
    "lms_certificate_designs:add": MODELS,
    "lms_certificate_designs:edit": MODELS,
    "lms_certificate_designs:delete": MODELS,
    "lms_certificate_designs:history": MODELS,
    "lms_certificate_designs:history_results": MODELS,
    "lms_certificate_designs:usage": MODELS,
    "lms_certificate_designs:copy": MODELS,
    "lms_issuers:index": MODELS,
    "lms_issuers:index_results": MODELS,
    "lms_issuers:add": MODELS,
    "lms_issuers:edit": MODELS,
    "lms_issuers:delete": MODELS,
    "lms_issuers:history": MODELS,
    "lms_issuers:history_results": MODELS,
    "lms_issuers:usage": MODELS,
    "lms_issuers:copy": MODELS,
    # the admin: quizzes
    "lms_quizzes": LISTS,
    "lms_grading_all": LISTS,
    "lms_quiz_analysis": OURS,
    "lms_quiz_of_page": (302, 404, 302, 302),  # leads on to the figures
    "lms_grading": OURS,
    "lms_grade": OURS,
    "lms_task_file": OURS,
    "lms_questions:list": MODELS,
    "lms_questions:list_results": MODELS,
    "lms_questions:add": MODELS,
    "lms_questions:edit": MODELS,
    "lms_questions:copy": MODELS,
    "lms_questions:delete": (302,) * 4,  # archived, never deleted
    "lms_questions:history": MODELS,
    "lms_questions:history_results": MODELS,
    "lms_questions:usage": MODELS,
    "lms_questions:preview_on_add": MODELS,
    "lms_questions:preview_on_edit": MODELS,
    "lms_questions:regrade": MODELS,
    "lms_question_chooser:choose": LISTS,
    "lms_question_chooser:choose_results": LISTS,
    "lms_question_chooser:chosen": LISTS,
    "lms_question_chooser:chosen_multiple": LISTS,
    "lms_question_chooser:create": MODELS,
    "lms_question_banks:list": MODELS,
    "lms_question_banks:list_results": MODELS,
    "lms_question_banks:add": MODELS,
    "lms_question_banks:edit": MODELS,
    "lms_question_banks:delete": (302,) * 4,
    "lms_question_banks:history": MODELS,
    "lms_question_banks:history_results": MODELS,
    "lms_question_banks:usage": MODELS,
    "lms_question_bank_chooser:choose": LISTS,
    "lms_question_bank_chooser:choose_results": LISTS,
    "lms_question_bank_chooser:chosen": LISTS,
    "lms_question_bank_chooser:chosen_multiple": LISTS,
    "lms_question_bank_chooser:create": MODELS,
    "lms_partner_calendars:index": MODELS,
    "lms_partner_calendars:index_results": MODELS,
    "lms_partner_calendars:add": MODELS,
    "lms_partner_calendars:edit": MODELS,
    "lms_partner_calendars:delete": MODELS,
    "lms_partner_calendars:history": MODELS,
    "lms_partner_calendars:history_results": MODELS,
    "lms_partner_calendars:usage": MODELS,
    "lms_partner_calendars:inspect": MODELS,
    "lms_partners:index": MODELS,
    "lms_partners:index_results": MODELS,
    "lms_partners:add": MODELS,
    "lms_partners:edit": MODELS,
    "lms_partners:delete": MODELS,
    "lms_partners:history": MODELS,
    "lms_partners:history_results": MODELS,
    "lms_partners:usage": MODELS,
    # the admin: topics and levels
    "lms_levels:index": MODELS,
    "lms_levels:index_results": MODELS,
    "lms_levels:add": MODELS,
    "lms_levels:edit": MODELS,
    "lms_levels:delete": MODELS,
    "lms_levels:history": MODELS,
    "lms_levels:history_results": MODELS,
    "lms_levels:usage": MODELS,
    "lms_topics:index": MODELS,
    "lms_topics:index_results": MODELS,
    "lms_topics:add": MODELS,
    "lms_topics:edit": MODELS,
    "lms_topics:delete": MODELS,
    "lms_topics:history": MODELS,
    "lms_topics:history_results": MODELS,
    "lms_topics:usage": MODELS,
}
# fmt: on


def names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """Return the names of all addresses of ours, wherever the project includes them."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}"
            module = getattr(getattr(entry.callback, "view_class", entry.callback), "__module__", "")
            if name.startswith("lms") or module.startswith("lms."):
                yield name
        else:
            yield from names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def test_every_address_stands_in_the_table_and_every_row_has_an_address():
    assert sorted(set(names())) == sorted(TABLE)


class World:
    """One of everything that an address may name."""


@pytest.fixture
def world(home, make_series, django_capture_on_commit_callbacks):
    made = World()
    issuer = Issuer.objects.create(name="Akademi Contoh")
    made.design = CertificateDesign.objects.create(name="Klasik", issuer=issuer, language="id")
    with django_capture_on_commit_callbacks(execute=True):
        made.course_page = Page.objects.get(pk=home.pk).add_child(
            instance=CoursePage(title="Kursus", certificate_design=made.design)
        )
        made.quiz_page = made.course_page.add_child(instance=QuizPage(title="Kuis"))
        made.lesson_page = made.course_page.add_child(instance=LessonPage(title="Pelajaran"))
        start = timezone.localdate() + dt.timedelta(days=7)
        made.page = make_series(
            start_date=start,
            recurrence="RRULE:FREQ=WEEKLY;COUNT=2",
            parent=made.course_page,
            speakers=[("speaker", {"name": "Ibu Contoh Sari"})],
        )
    made.series = Activity.objects.get(kind="webinar_series").webinar_series
    made.course = Activity.objects.get(kind="course")
    made.lesson = Activity.objects.get(kind="lesson")
    made.occurrence = Occurrence.objects.order_by("starts_at").first()
    made.learner = Learner.objects.create(name="Ibu Contoh", language="id")
    Address.objects.create(learner=made.learner, value="ibu@contoh.example")
    made.wish = seats.register_for_series(series=made.series, learner=made.learner)
    made.registration = Registration.objects.get(occurrence=made.occurrence)
    progress.enrol(learner_ids=[made.learner.pk], activity_id=made.course.pk)
    made.run = made.learner.enrolments.get(activity=made.course)
    made.cohort = progress.save_cohort(
        activity_id=made.course.pk, title="Maret", starts_on=timezone.localdate()
    )
    made.quiz = make_quiz(course=True)
    progress.enrol(learner_ids=[made.learner.pk], activity_id=made.quiz.course_id_for_tests)
    made.attempt = start_attempt(learner_id=made.learner.pk, activity_id=made.quiz.activity_id, language="id")
    made.certificate = Certificate.objects.create(
        serial=credentials.serials.new_serial(),
        learner=made.learner,
        activity=made.course,
        holder_name="Ibu Contoh",
        title="Kursus",
        content={},
        design_revision=1,
        issuer_name="Akademi Contoh",
        earned_at=made.learner.created_at,
        issued_at=made.learner.created_at,
        sha256="0" * 64,
        pdf="certificates/contoh.pdf",
    )
    made.due = credentials.CertificateDue.objects.create(
        learner=made.learner,
        activity=made.series.activity,
        earned_at=made.learner.created_at,
        due_at=made.learner.created_at,
    )
    made.report = AttendanceImport.objects.create(
        occurrence=made.occurrence, file_name="laporan.csv", sha256="0" * 64, zone="Asia/Jakarta"
    )
    ReportPerson.objects.create(attendance_import=made.report, position=0, name="Tamu Contoh")
    make_handed_in_task(made)
    partner = Partner.objects.create(name="Bank Contoh", slug="bank")
    made.partner = partner
    made.topic = Topic.objects.create(slug="payments", titles={"en": "Payments"})
    made.level = Level.objects.create(slug="beginners", titles={"en": "For beginners"})
    made.calendar = PartnerCalendar.objects.create(
        partner=partner, name="Agenda", zone="Asia/Jakarta", allowed_hosts=["https://bank.example"]
    )
    return made


def make_handed_in_task(made: World) -> None:
    """A task and a file that the learner handed in, in a quiz whose page the coordinator has."""
    made.question = make_question("written_task")
    made.task_quiz = Quiz.objects.exclude(activity__translation_key=None).get()
    QuizPart.objects.create(quiz=made.task_quiz, question=made.question, position=0)
    made.task_attempt = start_attempt(
        learner_id=made.learner.pk, activity_id=made.task_quiz.activity_id, language="id"
    )
    made.task_file = hand_in_file(
        attempt_id=made.task_attempt.pk,
        question_key=made.question.key,
        upload=SimpleUploadedFile("tugas.txt", b"Tugas"),
    )
    submit(attempt_id=made.task_attempt.pk)


def arguments(name: str, made: World) -> list[object]:
    """Return what an address needs, from the world."""
    person = links.sign(purpose="person", public_id=made.learner.public_id, version=made.learner.link_version)
    join = links.sign(
        purpose="join", public_id=made.registration.public_id, version=made.registration.link_version
    )
    area, _, view = name.partition(":")
    models = {
        "lms_questions": made.question.pk,
        "lms_question_banks": made.question.bank_id,
        "lms_certificate_designs": made.design.pk,
        "lms_issuers": made.design.issuer_id,
        "lms_partners": made.partner.pk,
        "lms_partner_calendars": made.calendar.pk,
        "lms_topics": made.topic.pk,
        "lms_levels": made.level.pk,
    }
    if area in models:
        without = ("index", "index_results", "list", "list_results", "add", "preview_on_add")
        return [] if view in without else [models[area]]
    key = made.series.activity.key
    session = [key, made.occurrence.public_id]
    quiz = made.task_quiz.activity.key
    report = [*session, made.report.public_id]
    return {
        "lms_public:session": [made.occurrence.public_id],
        "lms_public:session_ics": [made.occurrence.public_id],
        "lms_public:join": [join],
        "lms_public:person": [person],
        "lms_public:person_settings": [person],
        "lms_public:person_cancel": [person, made.registration.public_id],
        "lms_public:person_return": [person, made.registration.public_id],
        "lms_public:person_leave": [person, made.wish.public_id],
        "lms_public:person_course": [person, made.course.key],
        "lms_public:person_join": [person, made.course.key],
        "lms_public:person_leave_course": [person, made.course.key],
        "lms_public:person_lesson": [person, made.lesson.key],
        "lms_public:person_watched": [person, made.lesson.key],
        "lms_public:person_quiz": [person, made.quiz.activity.key],
        "lms_public:person_attempt": [person, made.attempt.public_id],
        "lms_public:person_answers": [person, made.attempt.public_id],
        "lms_public:person_answer_file": [person, made.attempt.public_id, "x"],
        "lms_public:person_document": [person, made.lesson.key, 1],
        "lms_public:person_certificate": [person, made.certificate.serial],
        "lms_public:certificate": [made.certificate.serial],
        "lms_public:feed_series": [key],
        "lms_public:feed_activity": [made.course.key],
        "lms_public:feed_partner": [made.calendar.public_id],
        "lms_public:embed_agenda": [made.calendar.public_id],
        "lms_public:embed_style": [made.calendar.public_id],
        "lms_pages:speaker": ["ibu-contoh-sari"],
        "lms:register": [key],
        "lms:registered": [key],
        "lms:enrol": [made.course.key],
        "lms:enrolled": [made.course.key],
        "lms_sessions_of_page": [made.page.pk],
        "lms_impact": [made.page.pk, made.page.save_revision().pk],
        "lms_sessions": [key],
        "lms_changes_confirm": [key],
        "lms_changes_dismiss": [key],
        "lms_session_move": session,
        "lms_session_cancel": session,
        "lms_quiz_analysis": [quiz],
        "lms_quiz_of_page": [made.quiz_page.pk],
        "lms_grading": [quiz],
        "lms_grade": [quiz, made.task_attempt.public_id, made.question.key],
        "lms_task_file": [quiz, made.task_file.public_id],
        "lms_question_chooser:chosen": [made.question.pk],
        "lms_question_bank_chooser:chosen": [made.question.bank_id],
        "lms_certificate_revoke": [made.certificate.serial],
        "lms_certificate_correct": [made.certificate.serial],
        "lms_certificate_again": [made.due.pk],
        "lms_certificate_design_preview": [made.design.pk, "png"],
        "lms_enrol_example": ["csv"],
        "lms_enrolments_of_page": [made.course_page.pk],
        "lms_guide_course": [made.course_page.pk],
        "lms_enrolments": [made.course.key],
        "lms_enrolments_decide": [made.course.key],
        "lms_enrolment": [made.course.key, made.run.public_id],
        "lms_enrolment_do": [made.course.key, made.run.public_id],
        "lms_enrol_many": [made.course.key],
        "lms_cohorts": [made.course.key],
        "lms_cohort_add": [made.course.key],
        "lms_cohort": [made.course.key, made.cohort.public_id],
        "lms_cohort_delete": [made.course.key, made.cohort.public_id],
        "lms_course_results": [made.course.key],
        "lms_course_results_file": [made.course.key, "xlsx"],
        "lms_course_xapi": [made.course.key],
        "lms_attendance": session,
        "lms_attendance_csv": session,
        "lms_attendance_report": report,
        "lms_attendance_person": [*report, 0],
        "lms_attendance_undo": report,
        "lms_attendance_again": report,
        "lms_attendance_apply": report,
        "lms_attendance_discard": report,
    }.get(name, [])


def client_of(role: str, made: World) -> Client:
    """Return a browser that is signed in as a role."""
    client = Client()
    users = get_user_model().objects
    if role == ADMIN:
        client.force_login(users.create_superuser("ayu", "ayu@academy.example", "rahasia"))
    elif role != VISITOR:
        place = made.course_page if role == OWNER else made.other_page
        group = Group.objects.create(name=role)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in ("change_page", "publish_page"):
            GroupPagePermission.objects.create(
                group=group,
                page=Page.objects.get(pk=place.pk),
                permission=Permission.objects.get(codename=codename),
            )
        user = users.create_user(role.replace(" ", ""), password="rahasia")
        user.groups.add(group)
        client.force_login(user)
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_what_the_table_says(role, world, home):
    world.other_page = Page.objects.get(pk=home.pk).add_child(instance=CoursePage(title="Kursus lain"))
    client = client_of(role, world)
    place = ROLES.index(role)
    found = {}
    for name, statuses in TABLE.items():
        response = client.get(reverse(name, args=arguments(name, world)))
        if response.status_code != statuses[place]:
            found[name] = f"{response.status_code}, not {statuses[place]}"
    assert found == {}
