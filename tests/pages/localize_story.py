"""A course is translated with wagtail-localize. Runs in a project of its own: see test_translation.py."""

from __future__ import annotations

import sys

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity, ActivityPage, OutlineVersion
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage
from tests.conftest import build_home
from tests.pages.bodies import everything


def translate(page: Page, locale: Locale) -> Translation:
    """Submit a page for translation, and turn every string around, as a translator would."""
    source, _ = TranslationSource.update_or_create_from_instance(page)
    translation, _ = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={"data": f"ID {segment.string.data}"},
        )
    translation.save_target()
    return translation


def document(name: str):
    return get_document_model().objects.create(title=name, file=ContentFile(b"x", name=name))


def main() -> None:
    """Tell the story; every step says what must hold."""
    import datetime as dt

    home = build_home()
    indonesian = Locale.objects.get_or_create(language_code="id")[0]
    course = home.add_child(
        instance=CoursePage(title="Sales", needed=2, sequential=True, outcomes=[("outcome", "Take a photo")])
    )
    series = Page.objects.get(pk=course.pk).add_child(
        instance=WebinarSeriesPage(title="Breakfast", start_date=dt.date(2126, 3, 2), zone="Asia/Jakarta")
    )
    picture = get_image_model().objects.create(title="Cloth", file=get_test_image_file(size=(80, 50)))
    lesson = Page.objects.get(pk=course.pk).add_child(
        instance=LessonPage(title="Photos", min_minutes=5, body=everything(picture, document, series))
    )
    for page in (course, series, lesson):
        page.save_revision().publish()
    list(compile_all())
    versions = OutlineVersion.objects.count()

    for model in (CoursePage, LessonPage, WebinarSeriesPage):
        kept = {field.field_name for field in get_translatable_fields(model) if not field.is_translated(None)}
        assert set(model.lms_owner_fields) - {"topics"} <= kept, model

    home.copy_for_translation(indonesian).save_revision().publish()
    for page in (course, series, lesson):
        translate(type(page).objects.get(pk=page.pk), indonesian)
    list(compile_all())

    translated = LessonPage.objects.get(locale=indonesian)
    assert translated.title == "ID Photos" and translated.live
    html = translated.body.render_as_block()
    for words in ("ID Heading", "ID Words", "ID QRIS", "ID Good morning", "ID One", "ID Fees"):
        assert words in html, words
    assert translated.min_minutes == 5
    assert CoursePage.objects.get(locale=indonesian).sequential
    assert WebinarSeriesPage.objects.get(locale=indonesian).zone == "Asia/Jakarta"

    # Two languages share one record, and translating changed no rule.
    assert Activity.objects.filter(kind="lesson").count() == 1
    rows = ActivityPage.objects.filter(activity__kind="lesson").order_by("locale__language_code")
    assert [(row.locale.language_code, row.title, row.owner) for row in rows] == [
        ("en", "Photos", True),
        ("id", "ID Photos", False),
    ]
    assert OutlineVersion.objects.count() == versions

    # The source changes: the rule follows, the outline has one more version, the translation keeps its words.
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.min_minutes = 20
    lesson.save_revision().publish()
    translate(lesson, indonesian)
    list(compile_all())
    assert LessonPage.objects.get(locale=indonesian).min_minutes == 20
    assert OutlineVersion.objects.count() == versions + 1
    sys.stdout.write("told")
