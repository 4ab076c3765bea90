"""Rows in numbers, and canaries: what must never be seen."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, ActivityPage, OutlineItem
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage
from lms.progress.services import enrol
from lms.webinars.models import Occurrence, WebinarSeries
from lms.webinars.services.seats import register_for_series
from tests.seating import make_learner

#: Stands in every title and text that nobody may see.
CANARY = "Kenarikuning"


def queries(client, path):
    """Return how many queries an answer costs, without the page cache."""
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def more_courses(count):
    """Add courses to the first curriculum. They share one page, because only rows cost queries."""
    like = Activity.objects.filter(kind="course").first()
    row = ActivityPage.objects.filter(activity=like, owner=True).get()
    item = OutlineItem.objects.filter(activity=like, version__ended_at=None).get()
    made = Activity.objects.bulk_create(
        Activity(
            kind="course",
            title=f"Kursus {n}",
            live=True,
            public=True,
            site=like.site,
            level=like.level,
            hours=2,
        )
        for n in range(count)
    )
    ActivityPage.objects.bulk_create(
        ActivityPage(
            activity=each,
            locale=row.locale,
            page_id=row.page_id,
            title=each.title,
            live=True,
            public=True,
            owner=True,
        )
        for each in made
    )
    last = item.version.items.latest("position").position
    OutlineItem.objects.bulk_create(
        OutlineItem(version=item.version, activity=each, position=last + place)
        for place, each in enumerate(made, start=1)
    )
    for each in made[:50]:
        each.topics.set(like.topics.all())


def more_sessions(count, start):
    """Add sessions to the first series, one an hour.

    Args:
        count: how many.
        start: of the first (aware).
    """
    series = WebinarSeries.objects.first()
    made = Activity.objects.bulk_create(
        Activity(kind="occurrence", title="Sesi", live=True, public=True) for _ in range(count)
    )
    Occurrence.objects.bulk_create(
        Occurrence(
            series=series,
            activity=each,
            original_date=start.date(),
            ordinal=100 + n,
            starts_at=start + dt.timedelta(hours=n),
            ends_at=start + dt.timedelta(hours=n + 1),
            revised_at=start,
        )
        for n, each in enumerate(made)
    )


def plant_canaries():
    """Add a draft, something behind a restriction and something unpublished, of each kind; return their titles."""
    curriculum = Page.objects.get(slug="pemasaran-digital")
    series = WebinarSeriesPage.objects.live().filter(locale=curriculum.locale).first()
    speakers = [("speaker", {"name": f"Ibu {CANARY}", "role": CANARY, "text": CANARY})]
    schedule = {
        name: getattr(series, name)
        for name in ("start_date", "start_time", "duration_minutes", "zone", "recurrence")
    }
    made = []
    for state in ("draf", "tertutup", "ditarik"):
        words = {"summary": f"{CANARY} {state}", "live": state != "draf"}
        course = Page.objects.get(pk=curriculum.pk).add_child(
            instance=CoursePage(title=f"{CANARY} kursus {state}", **words)
        )
        lesson = course.add_child(
            instance=LessonPage(
                title=f"{CANARY} pelajaran {state}", body=[("paragraph", f"<p>{CANARY}</p>")], **words
            )
        )
        talks = Page.objects.get(pk=curriculum.pk).add_child(
            instance=WebinarSeriesPage(title=f"{CANARY} seri {state}", speakers=speakers, **words, **schedule)
        )
        pages = [course, lesson, talks]
        if state != "draf":
            for page in pages:
                page.save_revision().publish()
        for page in (course, talks):
            page = type(page).objects.get(pk=page.pk)
            if state == "tertutup":
                PageViewRestriction.objects.create(page=page, restriction_type="login")
                page.save()
            if state == "ditarik":
                page.unpublish()
        made += pages
    assert [done.error for _, done in compile_all() if done.error] == []
    return made


def plant_person():
    """Add a learner who is everywhere that a learner can be: at a session, in a course, in a report."""
    learner = make_learner(f"{CANARY} Rahasia", f"{CANARY.lower()}@contoh.example", verified=True)
    for series in WebinarSeries.objects.filter(activity__public=True):
        register_for_series(series=series, learner=learner)
    for course in Activity.objects.filter(kind="course", public=True):
        enrol(learner_ids=[learner.pk], activity_id=course.pk)
    return learner


def plant_document():
    """Add a file in a collection that only who has signed in may read."""
    hidden = Collection.get_first_root_node().add_child(name=f"{CANARY} map")
    CollectionViewRestriction.objects.create(collection=hidden, restriction_type="login")
    return Document.objects.create(
        title=f"{CANARY} berkas",
        collection=hidden,
        file=ContentFile(f"{CANARY} isi".encode(), name=f"{CANARY.lower()}.txt"),
    )
