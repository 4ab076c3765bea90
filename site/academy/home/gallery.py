"""The gallery: every component of the public side in all its states, from the real templates and the demo's own content."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import lms
from lms.pages.blocks import lesson_blocks
from lms.pages.listing_choices import Chip, Choice, Filter
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage
from lms.people.forms import PersonForm

ICONS = Path(lms.__file__).parent / "templates" / "lms" / "components" / "icons"
#: The colours of curricula, and the academy's own.
ACCENTS = ("leaf", "clay", "indigo", "plum")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show everything that a page is made of."""
    language = get_language() or "id"
    live = {"locale__language_code": language}
    course = CoursePage.objects.live().filter(**live).order_by("path").first()
    series = WebinarSeriesPage.objects.live().filter(**live).order_by("path").first()
    lesson = LessonPage.objects.live().filter(**live).order_by("path").last()
    if course is None or series is None or lesson is None:
        raise Http404("The gallery shows the demo's content, which is not loaded.")
    in_series = series.get_context(request)
    values = {
        "title": _("Building blocks"),
        "accents": ACCENTS,
        "icons": sorted(path.stem for path in ICONS.glob("*.html")),
        "course": course.get_context(request),
        "series": in_series,
        "lesson": lesson.get_context(request),
        "sessions": list(_states(in_series.get("coming") or [])),
        "cards": [_card(accent, number) for number, accent in enumerate(ACCENTS, start=1)],
        "filters": _filters(),
        "chips": [Chip(title=_("Beginner"), url="#filters")],
        "unknown": ["ahli"],
        "pages": SimpleNamespace(pages=3, page=2, before="#navigation", after="#navigation"),
        "form": PersonForm(auto_id="empty_%s"),
        "wrong_form": PersonForm(
            {"name": "12", "email": "siti@", "zone": "Asia/Makassar"}, auto_id="wrong_%s"
        ),
        "questions": list(_questions()),
        "paper": SimpleNamespace(questions=range(4)),
        "blocks": list(_blocks(request)),
        "page_language": language,
    }
    return render(request, "home/gallery.html", values)


def _states(coming: list[Any]) -> Iterator[Any]:
    """Yield the next sessions as they are, then as one that is running and one that does not take place."""
    yield from coming[:1]
    if coming:
        yield dataclasses.replace(coming[0], running=True)
        yield dataclasses.replace(coming[-1], cancelled=True)


def _card(accent: str, number: int) -> SimpleNamespace:
    """Return a card of the catalogue, with less and less that is known of the course."""
    return SimpleNamespace(
        curriculum=SimpleNamespace(title=accent.title(), accent=accent) if number < 4 else None,
        url="#cards",
        other_language="",
        title=_("A course of the colour %(accent)s") % {"accent": accent},
        summary=_("One or two sentences that say what one can do afterwards.") if number < 3 else "",
        level=_("Beginner") if number < 3 else "",
        lessons=5 if number < 4 else 0,
        hours_words=_("about 3 hours") if number < 3 else "",
        activity=SimpleNamespace(offers_certificate=number == 1),
    )


def _filters() -> list[Filter]:
    choices = [Choice("pemula", _("Beginner"), 3, chosen=True), Choice("lanjut", _("Advanced"), 0)]
    return [Filter(name="level", title=_("Level"), choices=choices)]


def _questions() -> Iterator[SimpleNamespace]:
    """Yield questions as the learner's room shows them; the last two were answered in a way that cannot be saved."""
    options = [_("By QRIS"), _("In cash"), _("By transfer")]
    choices = [
        SimpleNamespace(name="q-one", value=str(place), text=text, chosen=place == 1)
        for place, text in enumerate(options)
    ]
    steps = [
        SimpleNamespace(
            name=f"q-steps-{place}",
            id=str(place),
            text=text,
            choices=[(str(n), n, n == 1) for n in (1, 2, 3)],
        )
        for place, text in enumerate(options)
    ]
    typed = [SimpleNamespace(name="q-number", value="2".ljust(12, "0"))]
    for number, (kind, fields, error) in enumerate(
        [
            ("single", choices, ""),
            ("multiple", choices, ""),
            ("ordering", steps, _("Give each step a place of its own, from 1 to %(count)s.") % {"count": 3}),
            ("number", typed, _("This is too long.")),
        ],
        start=1,
    ):
        question = SimpleNamespace(
            number=number,
            kind=kind,
            key=f"sample-{number}",
            revision=0,
            unit="Rp",
            stem=_("How was it paid?"),
        )
        yield SimpleNamespace(question=question, fields=fields, error=error, points=1)


def _blocks(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield each teaching block's name, and how it shows itself to editors before they choose it."""
    for name, block in lesson_blocks():
        block.set_name(name)
        shown = {"bound_block": block.bind(block.get_preview_value()), "page_title": name}
        page = get_template(block.meta.preview_template).render(shown, request)
        inside = page.partition('<div class="prose">')[2].partition("</div></main>")[0]
        yield str(block.label), mark_safe(inside)
