"""Law 3: whatever happens to pages, signals alone leave the catalogue as ``compile_catalogue`` would."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from treebeard.exceptions import InvalidMoveToDescendant
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import (
    CopyPageForTranslationAction,
    ParentNotTranslatedError,
)
from wagtail.actions.copy_page import CopyPageIntegrityError
from wagtail.actions.create_alias import CreatePageAliasIntegrityError
from wagtail.actions.unpublish_page import UnpublishPageAction, UnpublishPagePermissionError
from wagtail.models import Locale, Page, PageViewRestriction

from lms.catalogue import kinds
from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, ActivityPage, OutlineVersion
from lms.catalogue.tree import identity
from lms.pages.models import CoursePage, CurriculumPage, LessonPage, ModulePage, WebinarSeriesPage
from lms.progress.models import StaleOutline
from lms.webinars.models import Occurrence, ScheduleChange, WebinarSeries
from tests.conftest import build_home

pytestmark = pytest.mark.django_db(transaction=True)

TYPES = (CurriculumPage, CoursePage, ModulePage, LessonPage, WebinarSeriesPage, Page)
real_now = timezone.now
#: How many random sequences are tried. Raise it to hunt: KELAS_EXAMPLES=300 pytest tests/catalogue/test_compile.py.
EXAMPLES = int(os.environ.get("KELAS_EXAMPLES", "8"))


class World:
    """A site with two languages, and the things that people and programs do to its pages."""

    def __init__(self) -> None:
        self.home = build_home()
        self.tear_down()
        self.editor = get_user_model().objects.filter(is_superuser=True).first()
        self.editor = self.editor or get_user_model().objects.create_superuser("editor")
        self.number = 0
        self.passed = dt.timedelta(0)
        en = Locale.objects.get(language_code="en")
        self.languages = [en, Locale.objects.get_or_create(language_code="id")[0]]
        curriculum = self.add(CurriculumPage, self.home, live=True)
        course = self.add(CoursePage, curriculum, live=True)
        module = self.add(ModulePage, course, live=True)
        self.add(LessonPage, module, live=True)
        self.add(LessonPage, course, live=True)
        self.add(WebinarSeriesPage, course, live=True)

    def tear_down(self) -> None:
        for page in Page.objects.filter(depth__gte=2).exclude(pk=self.home.pk).order_by("-depth"):
            if page_again := Page.objects.filter(pk=page.pk).first():
                page_again.delete()
        ScheduleChange.objects.all().delete()
        Occurrence.objects.all().delete()
        WebinarSeries.objects.all().delete()
        StaleOutline.objects.all().delete()
        OutlineVersion.objects.all().delete()
        Activity.objects.all().delete()

    # choosing

    def pages(self) -> list[Page]:
        return list(Page.objects.filter(depth__gte=3).order_by("pk"))

    def choose(self, number: int, *, editable: bool = False) -> Page:
        # Wagtail lets nobody edit an alias: it follows its source.
        pages = [page for page in self.pages() if not (editable and page.alias_of_id)]
        return pages[number % len(pages)] if pages else self.home

    def place(self, number: int) -> Page:
        pages = [Page.objects.get(pk=self.home.pk), *self.pages()]
        return pages[number % len(pages)]

    # doing

    def add(self, model: type[Page], parent: Page, *, live: bool) -> Page:
        self.number += 1
        fields = {"title": f"{model.__name__} {self.number}", "slug": f"halaman-{self.number}"}
        if model is WebinarSeriesPage:
            fields |= {
                "start_date": timezone.localdate() + dt.timedelta(days=30),
                "recurrence": "RRULE:FREQ=WEEKLY;COUNT=3",
                "zone": "Asia/Jakarta",
            }
        parent = Page.objects.get(pk=parent.pk)
        return parent.add_child(instance=model(**fields, live=live, locale=parent.locale))

    def create(self, a: int, b: int) -> None:
        self.add(TYPES[a % len(TYPES)], self.place(b), live=bool(a // len(TYPES) % 2))

    def publish(self, a: int, b: int) -> None:
        page = self.choose(a, editable=True).specific
        page.title += "'" if b % 2 else ""
        if hasattr(page, "required"):
            page.required = bool(b % 3)
        if isinstance(page, ModulePage | CoursePage):
            page.needed = b % 4 or None
        page.save_revision().publish()

    def edit_schedule(self, a: int, b: int) -> None:
        series = list(WebinarSeriesPage.objects.filter(alias_of=None).order_by("pk"))
        if series:
            page = series[a % len(series)]
            page.recurrence = f"RRULE:FREQ=WEEKLY;COUNT={b % 5 + 1}"
            page.start_time = dt.time(b % 24)
            page.save_revision().publish()

    def need_before(self, a: int, b: int) -> None:
        """A course needs something before it; itself, an alias, a draft or a loop, too."""
        courses = list(CoursePage.objects.filter(alias_of=None).order_by("pk"))
        if courses:
            page = courses[a % len(courses)]
            page.prerequisites = [("page", self.choose(b)), ("page", self.choose(b // 2))][: b % 3]
            page.save_revision().publish()

    def save_draft(self, a: int, b: int) -> None:
        page = self.choose(a, editable=True).specific
        page.title += "?"
        page.save_revision()

    def schedule(self, a: int, b: int) -> None:
        page = self.choose(a, editable=True).specific
        page.go_live_at = timezone.now() + dt.timedelta(hours=1)
        page.save_revision().publish()
        if b % 2:
            self.pass_time(hours=2)

    def expire(self, a: int, b: int) -> None:
        page = self.choose(a, editable=True).specific
        page.expire_at = timezone.now() + dt.timedelta(hours=1)
        page.save_revision().publish()
        if b % 2:
            self.pass_time(hours=2)

    def pass_time(self, hours: int) -> None:
        """Let time pass, and cron run."""
        self.passed += dt.timedelta(hours=hours)
        moment = real_now() + self.passed
        with mock.patch("django.utils.timezone.now", lambda: moment):
            call_command("publish_scheduled", verbosity=0)

    def unpublish(self, a: int, b: int) -> None:
        UnpublishPageAction(self.choose(a), user=self.editor, include_descendants=bool(b % 2)).execute()

    def move(self, a: int, b: int) -> None:
        self.choose(a).move(self.place(b), pos="last-child")

    def reorder(self, a: int, b: int) -> None:
        page = self.choose(a)
        siblings = list(page.get_siblings().exclude(pk=page.pk))
        if siblings:
            page.move(siblings[b % len(siblings)], pos="left" if b % 2 else "right")

    def copy(self, a: int, b: int) -> None:
        if len(self.pages()) > 25:
            return
        self.number += 1
        self.choose(a).specific.copy(
            recursive=bool(b % 2),
            keep_live=bool(b // 2 % 2),
            copy_revisions=bool(b // 4 % 2),
            to=self.place(b),
            update_attrs={"slug": f"salinan-{self.number}", "title": f"Salinan {self.number}"},
        )

    def alias(self, a: int, b: int) -> None:
        if len(self.pages()) > 25:
            return
        self.number += 1
        self.choose(a).create_alias(
            parent=self.place(b), update_slug=f"alias-{self.number}", recursive=bool(b % 2)
        )

    def convert_alias(self, a: int, b: int) -> None:
        aliases = list(Page.objects.exclude(alias_of=None).order_by("pk"))
        if aliases:
            ConvertAliasPageAction(aliases[a % len(aliases)].specific).execute(skip_permission_checks=True)

    def translate(self, a: int, b: int) -> None:
        if len(self.pages()) > 25:
            return
        page = self.choose(a).specific
        target = next(each for each in self.languages if each != page.locale)
        CopyPageForTranslationAction(
            page,
            target,
            copy_parents=bool(b % 2),
            alias=b % 5 == 0,
            include_subtree=bool(b // 2 % 2),
        ).execute(skip_permission_checks=True)

    def delete(self, a: int, b: int) -> None:
        if b % 2:  # deleting is rarer than the rest, or little is left to play with
            self.choose(a).delete()

    def make_private(self, a: int, b: int) -> None:
        PageViewRestriction.objects.create(page=self.choose(a), restriction_type=PageViewRestriction.LOGIN)

    def make_public(self, a: int, b: int) -> None:
        restriction = PageViewRestriction.objects.order_by("pk").first()
        if restriction:
            restriction.delete()

    def load(self, a: int, b: int) -> None:
        """What ``loaddata`` does: rows are written raw, and ``compile_catalogue`` follows."""
        page = self.choose(a, editable=True).specific
        page.title += "+"
        text = serializers.serialize("json", [page])
        for loaded in serializers.deserialize("json", text):
            loaded.save()
        Page.objects.filter(pk=page.pk).update(title=page.title)
        for _ in compile_all():
            pass


OPERATIONS = (
    "create",
    "publish",
    "edit_schedule",
    "need_before",
    "need_before",
    "save_draft",
    "schedule",
    "expire",
    "unpublish",
    "move",
    "reorder",
    "copy",
    "alias",
    "convert_alias",
    "translate",
    "delete",
    "make_private",
    "make_public",
    "load",
)
#: What Wagtail itself refuses; nothing is to be compiled then, or what it did before it refused.
REFUSALS = (
    ValidationError,
    InvalidMoveToDescendant,
    ParentNotTranslatedError,
    CreatePageAliasIntegrityError,
    CopyPageIntegrityError,
    UnpublishPagePermissionError,  # of a draft
    IntegrityError,  # a page that is translated already
)

operations = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 40), st.integers(0, 40), st.booleans()),
    min_size=1,
    max_size=9,
)


@pytest.fixture
def world():
    build_home()
    return World


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(operations)
def test_after_any_page_operation_nothing_is_left_to_compile(world, steps):
    there = world()
    try:
        check("the beginning")
        for name, a, b, in_one_transaction in steps:
            note(f"{name} {a} {b} {in_one_transaction}")
            try:
                if in_one_transaction:
                    with transaction.atomic():
                        getattr(there, name)(a, b)
                else:
                    getattr(there, name)(a, b)
            except REFUSALS as refusal:
                note(f"refused: {refusal!r}")
            check(name)
    finally:
        there.tear_down()


def check(after: str) -> None:
    """Nothing is left to compile, and what was compiled is what a reader of the live tree sees."""
    left = {key: done for key, done in compile_all() if done.changes or done.error}
    assert not left, f"After {after}: {left}"
    for page in Page.objects.filter(depth__gte=2).specific():
        kind = kinds.kind_of(page)
        if kind is None:
            continue
        activity = Activity.objects.filter(translation_key=identity(page)).first()
        # Publishing a source for later makes its aliases live at once (Wagtail 8.0); ours follow the source.
        if page.live and not page.alias_of_id:
            assert activity is not None and activity.live, f"After {after}: {page} is not in the catalogue."
            row = ActivityPage.objects.filter(activity=activity, page_id=page.pk).first()
            assert (row.title, row.live) == (page.title, True)
    for activity in Activity.objects.exclude(translation_key=None):
        rows = list(activity.pages.all())
        assert activity.live == any(row.live for row in rows)
        assert activity.public == any(row.public for row in rows)
        owner = next((row for row in rows if row.owner), None)
        assert (owner is not None) == activity.live
        if owner and kinds.get(activity.kind).outline_from_pages:
            expected = list(dict.fromkeys(walk(Page.objects.get(pk=owner.page_id))))
            version = activity.outline_versions.get(ended_at=None)
            found = [item.activity.translation_key for item in version.items.select_related("activity")]
            assert found == expected, f"After {after}: {activity}"
        if owner and activity.kind == "webinar_series":
            page = WebinarSeriesPage.objects.get(pk=owner.page_id)
            takes_place = activity.webinar_series.occurrences.filter(status="scheduled")
            count = int(str(page.recurrence).partition("COUNT=")[2].partition(";")[0])
            assert takes_place.count() == count
            assert set(takes_place.values_list("activity__public", flat=True)) == {activity.public}


def walk(page: Page) -> Iterator[object]:
    """Read an outline the slow way, page by page, as a visitor would."""
    for child in Page.objects.get(pk=page.pk).get_children():
        child = child.specific
        kind = kinds.kind_of(child)
        if kind is None:
            yield from walk(child)
        elif child.live:
            yield identity(child)
            if kind.groups:
                yield from walk(child)


@pytest.fixture(autouse=True)
def _content_types():
    # A flushed database has other numbers for content types.
    ContentType.objects.clear_cache()
    yield
    ContentType.objects.clear_cache()
