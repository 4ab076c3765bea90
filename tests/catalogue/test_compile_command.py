"""``compile_catalogue``, loading fixtures, translations, ownership, and failures that never break publishing."""

from __future__ import annotations

import datetime as dt
import io
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale, Page, Site

from lms import signals
from lms.catalogue import compile as compiling
from lms.catalogue.compile import compile_activity, compile_all, compile_safely
from lms.catalogue.models import Activity, ActivityPage, OutlineItem, OutlineVersion
from lms.catalogue.queries import holds_rules, owner_page_of
from lms.pages.models import CoursePage, LessonPage, ModulePage, WebinarSeriesPage
from lms.webinars.models import Occurrence, WebinarSeries
from tests.conftest import build_home

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _content_types():
    ContentType.objects.clear_cache()
    yield
    ContentType.objects.clear_cache()


@pytest.fixture
def course():
    """A live course with a module, two lessons and a series, all published by signals alone."""
    home = build_home()
    course = home.add_child(instance=CoursePage(title="Pembayaran digital", slug="pembayaran"))
    module = course.add_child(instance=ModulePage(title="QRIS", slug="qris"))
    module.add_child(instance=LessonPage(title="Apa itu QRIS", slug="apa-itu"))
    Page.objects.get(pk=course.pk).add_child(instance=LessonPage(title="Lanjut", slug="lanjut"))
    Page.objects.get(pk=course.pk).add_child(
        instance=WebinarSeriesPage(
            title="Tanya jawab",
            slug="tanya",
            start_date=dt.date(2099, 3, 3),
            start_time=dt.time(6),
            zone="Asia/Makassar",
            recurrence="RRULE:FREQ=WEEKLY;COUNT=4",
        )
    )
    return CoursePage.objects.get(pk=course.pk)


def run(**options):
    out, err = io.StringIO(), io.StringIO()
    call_command("compile_catalogue", stdout=out, stderr=err, no_color=True, **options)
    return out.getvalue(), err.getvalue()


def translate(page, *, publish=True):
    target = Locale.objects.get_or_create(language_code="id")[0]
    translation = CopyPageForTranslationAction(page.specific, target, copy_parents=True).execute(
        skip_permission_checks=True
    )
    if publish:
        translation.specific.save_revision().publish()
    return type(page).objects.get(pk=translation.pk)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_says_that_nothing_is_to_be_changed(course):
    assert run() == ("5 activities looked at, nothing to change.\n", "")


def test_the_command_says_what_changed(course):
    LessonPage.objects.filter(slug="lanjut").update(title="Lebih lanjut")  # no signal tells of this
    out, err = run()
    assert "lesson “Lebih lanjut”: 2 rows written\n" in out
    assert "5 activities looked at, 1 changed (2 rows), 0 failed." in out
    assert err == ""
    assert run()[0].endswith("nothing to change.\n")


def test_the_command_names_what_fails_and_goes_on(course):
    WebinarSeriesPage.objects.update(recurrence="RRULE:FREQ=SECONDLY")
    LessonPage.objects.filter(slug="lanjut").update(title="Lebih lanjut")
    out, err = run()
    assert "webinar_series “Tanya jawab”: RuleError: A series can repeat daily" in err
    assert "1 changed (2 rows), 1 failed." in out
    assert Occurrence.objects.count() == 4
    with pytest.raises(SystemExit):
        run(strict=True)


def test_loaddata_then_the_command_rebuilds_the_same_catalogue(course, tmp_path):
    fixture = tmp_path / "pages.json"
    models = ["wagtailcore.locale", "wagtailcore.page", "lms_pages", "wagtailcore.site"]
    call_command("dumpdata", *models, output=str(fixture), natural_foreign=True, verbosity=0)

    def picture():
        return (
            sorted(
                Activity.objects.exclude(translation_key=None).values_list(
                    "translation_key", "kind", "title", "live", "public"
                )
            ),
            sorted(ActivityPage.objects.values_list("activity__translation_key", "page_id", "live", "owner")),
            list(
                OutlineItem.objects.filter(version__ended_at=None, version__activity__kind="course")
                .order_by("position")
                .values_list("activity__translation_key", "group", "required")
            ),
            list(Occurrence.objects.order_by("starts_at").values_list("original_date", "starts_at")),
        )

    before = picture()
    call_command("flush", interactive=False, verbosity=0)
    ContentType.objects.clear_cache()
    call_command("loaddata", str(fixture), verbosity=0)
    assert not Activity.objects.exists(), "Raw rows compile nothing."
    run()
    assert picture() == before
    assert run()[0].endswith("nothing to change.\n")


# ── one identity, one owner ──────────────────────────────────────────────────────────────────────────────────────


def test_languages_share_one_activity_each(course):
    translate(course)
    lesson = translate(LessonPage.objects.get(slug="lanjut"))
    series = translate(WebinarSeriesPage.objects.get(slug="tanya"))
    assert Activity.objects.filter(kind="course").count() == 1
    assert Activity.objects.filter(kind="lesson").count() == 2
    activity = Activity.objects.get(translation_key=lesson.translation_key)
    assert {row.locale.language_code: row.owner for row in activity.pages.all()} == {"en": True, "id": False}
    assert WebinarSeries.objects.count() == 1
    assert WebinarSeries.objects.get().activity.translation_key == series.translation_key
    assert Occurrence.objects.count() == 4
    assert run()[0].endswith("nothing to change.\n")


def test_a_translation_cannot_change_the_schedule(course):
    translation = translate(WebinarSeriesPage.objects.get(slug="tanya"))
    before = list(Occurrence.objects.order_by("pk").values())
    translation.start_time = dt.time(20)
    translation.save_revision().publish()
    assert list(Occurrence.objects.order_by("pk").values()) == before
    assert not holds_rules(translation)


def test_ownership_passes_on_and_comes_back(course):
    source = WebinarSeriesPage.objects.get(slug="tanya")
    translation = translate(source)
    activity = Activity.objects.get(kind="webinar_series")
    assert owner_page_of(activity) == source
    uids = set(Occurrence.objects.values_list("uid", flat=True))
    source.unpublish()
    assert owner_page_of(activity) == translation
    source.save_revision().publish()
    assert owner_page_of(activity) == source
    WebinarSeriesPage.objects.get(pk=source.pk).delete()
    assert owner_page_of(activity) == translation
    assert holds_rules(translation)
    activity.refresh_from_db()
    assert activity.live
    assert set(Occurrence.objects.values_list("uid", flat=True)) == uids
    assert run()[0].endswith("nothing to change.\n")


def test_an_alias_is_no_activity_of_its_own_until_it_is_converted(course):
    lesson = LessonPage.objects.get(slug="lanjut")
    module = ModulePage.objects.get()
    alias = lesson.create_alias(parent=Page.objects.get(pk=module.pk), update_slug="juga")
    assert Activity.objects.filter(kind="lesson").count() == 2
    outline = Activity.objects.get(kind="course").outline_versions.get(ended_at=None)
    assert outline.items.filter(activity__translation_key=lesson.translation_key).count() == 1
    ConvertAliasPageAction(LessonPage.objects.get(pk=alias.pk)).execute(skip_permission_checks=True)
    assert Activity.objects.filter(kind="lesson").count() == 3
    assert run()[0].endswith("nothing to change.\n")


def test_the_site_is_that_of_the_owner_page(course):
    assert Activity.objects.get(kind="course").site == Site.objects.get(is_default_site=True)


# ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def broken():
    """A receiver of ``compiled`` that fails for series; returns the function that mends it."""

    def fail(sender, activity, **kwargs):
        if activity.kind == "webinar_series":
            raise RuntimeError("The provider's module is broken.")

    signals.compiled.connect(fail)
    yield lambda: signals.compiled.disconnect(fail)
    signals.compiled.disconnect(fail)


def test_a_failing_compilation_never_breaks_publishing_and_is_stored(course, broken):
    page = WebinarSeriesPage.objects.get(slug="tanya")
    page.title = "Tanya jawab lagi"
    page.save_revision().publish()
    page.refresh_from_db()
    assert page.live and page.title == "Tanya jawab lagi"
    activity = Activity.objects.get(kind="webinar_series")
    assert activity.compile_error == "RuntimeError: The provider's module is broken."
    assert activity.title == "Tanya jawab", "Half a compilation is none."


def test_a_first_failure_is_stored_too_and_heals(course, broken):
    page = course.add_child(
        instance=WebinarSeriesPage(
            title="Baru", slug="baru", start_date=dt.date(2099, 3, 3), zone="Asia/Jakarta"
        )
    )
    activity = Activity.objects.get(translation_key=page.translation_key)
    assert activity.compile_error and not activity.live and activity.title == "Baru"
    broken()
    run()
    activity.refresh_from_db()
    assert activity.live and not activity.compile_error
    assert activity.webinar_series.occurrences.count() == 1


def test_the_next_compilation_clears_the_failure(course):
    page = WebinarSeriesPage.objects.get(slug="tanya")
    WebinarSeriesPage.objects.update(recurrence="RRULE:FREQ=SECONDLY")
    assert compile_safely(page.translation_key).error
    WebinarSeriesPage.objects.update(recurrence="RRULE:FREQ=WEEKLY;COUNT=4")
    assert not compile_safely(page.translation_key).error
    assert Activity.objects.get(translation_key=page.translation_key).compile_error == ""


def test_compiling_costs_the_same_however_many_lessons(course, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(200) as captured:
            assert compile_activity(course.translation_key).changes == 0
        return len(captured)

    few = cost()
    for number in range(20):
        CoursePage.objects.get(pk=course.pk).add_child(
            instance=LessonPage(title=f"Pelajaran {number}", slug=f"pelajaran-{number}")
        )
    assert cost() == few


# ── at the same time ─────────────────────────────────────────────────────────────────────────────────────────────


def test_many_compile_the_same_at_once_and_one_catalogue_comes_out(course):
    key = WebinarSeriesPage.objects.get().translation_key
    Occurrence.objects.all().delete()
    WebinarSeries.objects.all().delete()
    OutlineVersion.objects.all().delete()
    Activity.objects.all().delete()
    start = threading.Barrier(6)
    found = []

    def compile_once():
        try:
            start.wait()
            found.append(compiling.compile_safely(key))
        finally:
            connection.close()

    threads = [threading.Thread(target=compile_once) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.error for done in found] == [""] * 6
    assert Activity.objects.filter(translation_key=key).count() == 1
    assert Occurrence.objects.count() == 4
    assert OutlineVersion.objects.filter(activity__translation_key=key).count() == 1
    list(compile_all())
    assert run()[0].endswith("nothing to change.\n")
