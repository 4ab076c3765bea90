"""Canaries: what nobody may see is planted in every form, and looked for in everything that anybody can ask for."""

from __future__ import annotations

import re
from dataclasses import asdict
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from wagtail.models import Page

from academy.home import share
from academy.home.demo.partners import make_partner
from lms.calendars.models import PartnerCalendar
from lms.catalogue.compile import compile_all
from lms.catalogue.models import Activity
from lms.core import clock
from lms.credentials.models import Certificate
from lms.webinars.models import Occurrence
from tests.academy.listing import CANARY, plant_canaries, plant_document, plant_person

pytestmark = pytest.mark.django_db

TYPED = (
    "/id/cari/?q={}",
    "/en/search/?q={}",
    "/id/kursus/?curriculum={}",
    "/id/kursus/?topic={}",
    "/id/kalender/?series={}",
    "/c/?serial={}",
)


@pytest.fixture
def planted(settings, tmp_path):
    """Return what gives each canary away: its words, and the ids and addresses of what must not be named."""
    settings.MEDIA_ROOT = str(tmp_path)
    make_partner(origins=["https://bank.example"])
    pages, person, document = plant_canaries(), plant_person(), plant_document()
    cache.clear()
    hidden = Occurrence.objects.filter(series__activity__title__startswith=CANARY)
    assert hidden.count() > 3, "the restricted and the withdrawn series have sessions"
    signs = {CANARY, CANARY.lower(), *(page.slug for page in pages), person.public_id, document.url}
    signs |= {each.public_id for each in hidden} | {each.uid for each in hidden}
    return signs


def outputs(client, only=None):
    """Yield name and text of everything that a stranger can ask for, as far as our own pages and lists lead.

    ``only``: says of a name whether it is asked for.
    """
    found = set()
    sitemap = client.get("/sitemap.xml").content.decode()
    yield "/sitemap.xml", sitemap
    for address in re.findall(r"<loc>([^<]+)</loc>", sitemap):
        found.add(urlsplit(address).path)
    assert len(found) > 200
    found |= {
        "/robots.txt",
        "/offline/",
        "/offline.js",
        "/c/",
        "/id/tidak-ada/",
        "/en/not-there/",
        "/tidak-ada",
    }
    found |= {"/id/me/", "/en/me/", "/id/account/login/", "/id/account/signup/", "/id/kalender/?view=month"}
    found |= {"/en/calendar/?view=month&zone=wita", "/id/", "/en/"}
    for calendar in PartnerCalendar.objects.all():
        for name in ("feed_partner", "embed_agenda", "embed_style"):
            path = reverse(f"lms_public:{name}", args=[calendar.public_id])
            found |= {path, f"{path}?lang=en"}
    # Feeds, forms and sessions of everything there is, whoever knows an id or guesses one.
    for activity in Activity.objects.filter(kind__in=("course", "webinar_series", "curriculum")):
        found.add(reverse("lms_public:feed_activity", args=[activity.key]))
        found.add(reverse("lms_public:feed_series", args=[activity.key]))
        for language in ("id", "en"):
            found |= {
                f"/{language}/{name}/{activity.key}/"
                for name in ("register", "registered", "enrol", "enrolled")
            }
    for occurrence in Occurrence.objects.all():
        found |= {
            f"/s/{occurrence.public_id}",
            f"/s/{occurrence.public_id}.ics",
            f"/s/{occurrence.public_id}?lang=en",
        }
    for certificate in Certificate.objects.all()[:3]:
        found.add(f"/c/{certificate.serial}")
    for path in sorted(filter(only, found)):
        own = path.split("?")[0].removesuffix(".ics").split("/")[-1]
        yield path, client.get(path).content.decode().replace(own or path, "")
    for path in TYPED:
        text = client.get(path.format(CANARY)).content.decode()
        # What was typed may be said back, and nothing beside it.
        yield path, re.sub(rf"(“|value=\"|q=|=|: ){CANARY}", r"\1", text)
    for page in share.drawn_pages().specific():
        yield f"picture of {page.pk}", str(asdict(share.wanted(page, clock.now()).card))


def leaks(client, signs, only=None):
    """Return where a sign was seen; the ids of what is asked for stand in its own address only."""
    return [(name, sign) for name, text in outputs(client, only) for sign in signs if sign in text]


def test_nothing_hidden_is_seen_anywhere(client, planted):
    assert leaks(client, planted) == []
    for page in Page.objects.filter(title__startswith=CANARY):
        answer = client.get(page.url)
        assert answer.status_code in (302, 404), page.url
        assert CANARY not in answer.content.decode()
    document = next(sign for sign in planted if "/documents/" in sign)
    answer = client.get(document)
    assert answer.status_code == 302 and "login" in answer["Location"]


def test_a_leak_of_any_kind_is_seen(client, planted):
    """The search itself: each canary let out on purpose is found where it must be."""
    withdrawn = Page.objects.get(title=f"{CANARY} seri ditarik").specific
    withdrawn.save_revision().publish()
    assert [done.error for _, done in compile_all() if done.error] == []
    cache.clear()
    series = Activity.objects.get(pages__page=withdrawn)
    session = Occurrence.objects.filter(series__activity=series, ends_at__gt=clock.now()).first()
    calendar = PartnerCalendar.objects.get().public_id
    places = {
        "/id/kalender/",
        "/id/pembicara/",
        "/id/pemasaran-digital/",
        withdrawn.url,
        f"/id/register/{series.key}/",
        f"/s/{session.public_id}",
        f"/s/{session.public_id}.ics",
        reverse("lms_public:feed_series", args=[series.key]),
        reverse("lms_public:embed_agenda", args=[calendar]),
        reverse("lms_public:feed_partner", args=[calendar]),
    }
    seen = {name for name, _sign in leaks(client, planted, only=places.__contains__)}
    assert places | {"/sitemap.xml", "/id/cari/?q={}", f"picture of {withdrawn.pk}"} <= seen
