"""A course with three lessons and people, made directly as rows, and what must be true of runs and seats at any time."""

from __future__ import annotations

from django.db.models import Count, F, Q

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.core import clock
from lms.people.models import Address, Learner
from lms.progress import derive, services
from lms.progress.models import ActivityProgress, Cohort, Completion, Enrolment, EnrolmentPolicy


def make_course(mode: str = "open", months: int | None = None, *, lessons: int = 3, **rules) -> Activity:
    """Make a live course with a rule of enrolment; its lessons hang on it as ``lessons``."""
    parts = [
        Activity.objects.create(kind="lesson", title=f"Pelajaran {number}", live=True)
        for number in range(lessons)
    ]
    course = Activity.objects.create(kind="course", title="Foto produk", live=True, public=True)
    write_outline(activity=course, parts=[Part(part.pk) for part in parts], rules=rules)
    if mode != "open" or months:
        EnrolmentPolicy.objects.create(activity=course, mode=mode, valid_months=months)
    course.lessons = parts
    return course


def make_person(name: str = "Siti Aminah", email: str = "") -> Learner:
    learner = Learner.objects.create(name=name)
    Address.objects.create(learner=learner, value=email or f"{learner.pk}@contoh.example")
    return learner


def done(learner: Learner, activity: Activity, at=None, cause: str = "") -> list[int]:
    """Say that a lesson was done."""
    return services.record(
        [
            services.Statement(
                cause=cause or f"done:{learner.pk}:{activity.pk}:{at}",
                learner_id=learner.pk,
                activity_id=activity.pk,
                verb="completed",
                occurred_at=at or clock.now(),
                reason="lesson.marked",
            )
        ]
    )


def runs(learner: Learner, course: Activity) -> list[tuple[int, str]]:
    rows = Enrolment.objects.filter(learner=learner, activity=course).order_by("run")
    return list(rows.values_list("run", "state"))


def seats_are_true() -> bool:
    """Say whether every cohort's counter is the number of active runs in it, within its seats."""
    active = Count("enrolments", filter=Q(enrolments__state="active"))
    return not (
        Cohort.objects.annotate(active=active)
        .exclude(Q(taken=F("active")) & (Q(capacity=None) | Q(taken__lte=F("capacity"))))
        .exists()
    )


def rebuild_agrees() -> bool:
    """Say whether a rebuild from nothing makes the same rows of progress and completion."""

    def rows() -> tuple[list, list]:
        return (
            sorted(ActivityProgress.objects.values_list("enrolment", "activity", "percent", "completed_at")),
            sorted(Completion.objects.values_list("enrolment", "version", "completed_at")),
        )

    before = rows()
    ActivityProgress.objects.all().delete()
    Completion.objects.all().delete()
    derive.rebuild()
    return rows() == before
