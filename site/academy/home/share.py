"""Pictures of pages for messengers: what is due is found by a sweep and drawn by the worker, never in a request."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from academy.home.models import HomePage, PlainPage, SharePicture
from lms import signals
from lms.catalogue.models import Activity, ActivityPage
from lms.core import clock
from lms.core.dates import date_words, span_words
from lms.credentials.render.exceptions import CertificateRefused
from lms.credentials.render.share import ShareCard, render_share_card
from lms.pages.facts import Facts
from lms.pages.models import CoursePage, CurriculumPage, LessonPage, WebinarSeriesPage
from lms.webinars.queries.schedule import upcoming

logger = logging.getLogger(__name__)

#: Page types that have a picture of their own; modules and quizzes show the academy's.
DRAWN = (HomePage, CurriculumPage, CoursePage, WebinarSeriesPage, LessonPage, PlainPage)
#: Colours as in kelas.css.
ACCENTS = {"leaf": "#0b6e4f", "clay": "#a3401a", "indigo": "#33499e", "plum": "#85316f"}
#: Pictures that one sweep draws at most.
BATCH = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a picture should say, and until when that is right."""

    card: ShareCard
    good_until: dt.datetime | None

    @property
    def digest(self) -> str:
        """Changes when anything on the picture does."""
        return hashlib.sha256(json.dumps(asdict(self.card), sort_keys=True).encode()).hexdigest()


def sweep() -> int:
    """Draw pictures that are missing or no longer right, and throw away those of pages that are not public any more.

    Returns:
        How many were drawn or thrown away. Twice does nothing more.
    """
    now, public = clock.now(), drawn_pages()
    gone = list(SharePicture.objects.exclude(page__in=public.order_by().values("pk")))
    for row in gone:
        _forget(row)
    # A picture also names the course and the curriculum above its page.
    renamed = _above(OuterRef("path")).filter(
        depth__gte=3, last_published_at__gt=OuterRef("share_picture__drawn_at")
    )
    due = public.filter(Q(share_picture=None) | Exists(renamed) | Q(share_picture__good_until__lt=now))
    drawn = 0
    # What is shared most stands highest in the tree, and is drawn first.
    for page in due.order_by("depth", "pk").specific()[:BATCH]:
        drawn += _draw(page, now)
    if drawn or gone:
        # Pages in the cache name the picture that was.
        with transaction.atomic():
            signals.public_content_changed.send(sender=None)
    return drawn + len(gone)


def drawn_pages() -> PageQuerySet:
    """Return the pages that have a picture of their own: public ones of certain types, below nothing that was withdrawn."""
    hidden = ActivityPage.objects.filter(public=False, page__isnull=False).values("page_id")
    public = Page.objects.live().public().type(DRAWN).filter(depth__gte=2).exclude(pk__in=hidden)
    return public.exclude(Exists(_above(OuterRef("path")).filter(live=False)))


def _above(path: OuterRef) -> PageQuerySet:
    """Return the pages above one and itself, the root of all pages apart."""
    pages = Page.objects.filter(depth__gte=2)
    below = ExpressionWrapper(path, output_field=CharField())
    return pages.annotate(below=below).filter(below__startswith=F("path"))


def wanted(page: Any, now: dt.datetime) -> Wanted:
    """Return what the picture of a page should say, in the page's language.

    Args:
        page: as its own type.
        now: aware.
    """
    language = page.locale.language_code
    with translation.override(language):
        above = [each for each in page.get_ancestors().type(CurriculumPage).specific() if each.live]
        curriculum = page if isinstance(page, CurriculumPage) else (above[-1] if above else None)
        site = Site.objects.filter(is_default_site=True).first()
        title, eyebrow, note, until = page.title, "", "", None
        if isinstance(page, HomePage):
            title, note = page.heading, gettext("Free courses and live sessions")
        elif isinstance(page, CurriculumPage):
            eyebrow, note = gettext("Curriculum"), gettext("Free courses and live sessions")
        elif isinstance(page, CoursePage):
            activity = Activity.objects.filter(pages__page=page).first()
            hours = Facts(activity.hours if activity else page.hours, "", [], "open", None).hours_words
            eyebrow = gettext("Course")
            note = " · ".join(each for each in (hours, gettext("free")) if each)
        elif isinstance(page, WebinarSeriesPage):
            eyebrow = gettext("Webinar series")
            note, until = _next_date(page, now)
        elif isinstance(page, LessonPage):
            course = page.get_ancestors().type(CoursePage).filter(live=True).last()
            eyebrow, note = gettext("Lesson"), course.title if course else gettext("free")
        if curriculum is not None and curriculum is not page:
            eyebrow = f"{eyebrow} · {curriculum.title}"
    card = ShareCard(
        title=title,
        eyebrow=eyebrow,
        note=note,
        name=site.site_name if site else "",
        accent=ACCENTS.get(curriculum.accent if curriculum else "leaf", ACCENTS["leaf"]),
        language=language[:2],
    )
    return Wanted(card, until)


def _next_date(page: WebinarSeriesPage, now: dt.datetime) -> tuple[str, dt.datetime | None]:
    activity = Activity.objects.filter(pages__page=page, public=True).first()
    coming = upcoming(activity=activity, now=now).first() if activity else None
    if coming is None:
        return "", now + dt.timedelta(days=1)  # one may be added without the page being published again
    zone = coming.series.zone
    words = f"{date_words(coming.starts_at, zone)}, {span_words(coming.starts_at, coming.ends_at, zone)}"
    return words, min(coming.ends_at, now + dt.timedelta(days=1))


def _draw(page: Any, now: dt.datetime) -> int:
    found = wanted(page, now)
    row = SharePicture.objects.filter(page_id=page.pk).first()
    if row is not None and row.digest == found.digest:
        SharePicture.objects.filter(pk=row.pk).update(drawn_at=now, good_until=found.good_until)
        return 0
    file = ""
    try:
        picture = render_share_card(found.card)
    except (
        CertificateRefused
    ) as refusal:  # a title in a script that has no font here: the academy's own picture stands
        logger.warning("No picture for page %s: %s", page.pk, refusal)
    else:
        file = default_storage.save(f"share/{found.digest[:24]}.png", ContentFile(picture))
    SharePicture.objects.update_or_create(
        page_id=page.pk,
        defaults={"file": file, "digest": found.digest, "drawn_at": now, "good_until": found.good_until},
    )
    if row is not None and row.file:
        default_storage.delete(row.file)
    return 1


def _forget(row: SharePicture) -> None:
    row.delete()
    if row.file:
        default_storage.delete(row.file)
