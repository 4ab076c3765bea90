"""The catalogue of courses: what everybody may see, by curriculum, topic, level and hours; a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail.models import Site

from lms.catalogue import kinds
from lms.catalogue.models import Activity, ActivityPage, OutlineItem
from lms.credentials.models import CertificateOffer
from lms.pages.facts import Facts
from lms.pages.listing_choices import Choice, Filter

#: Courses on one page of the catalogue.
PER_PAGE = 24
#: Longest short course and longest middle one, in hours.
SHORT, MIDDLE = Decimal(2), Decimal(5)


@dataclass(frozen=True, slots=True)
class CurriculumName:
    """A curriculum that something belongs to. ``slug`` is its owner page's, the same in all languages."""

    slug: str
    title: str
    url: str
    accent: str
    place: str


@dataclass(slots=True)
class CourseCard:
    """A course to choose."""

    activity: Activity
    page: ActivityPage
    url: str
    curriculum: CurriculumName | None
    place: int
    level: str
    topics: dict[str, str]
    lessons: int = 0
    summary: str = ""
    other_language: str = ""

    @property
    def title(self) -> str:
        """What the course is called on the page that is led to."""
        return self.page.title

    @property
    def length(self) -> str:
        """How long it takes, as the filter calls it; empty where nobody said."""
        hours = self.activity.hours
        if not hours:
            return ""
        return "short" if hours <= SHORT else "middle" if hours <= MIDDLE else "long"

    @property
    def hours_words(self) -> str:
        """How long it takes, in words."""
        return Facts(self.activity.hours, "", [], "open", None).hours_words

    def terms(self) -> dict[str, dict[str, str]]:
        """Return filter → value → its title, for what this course is found by."""
        activity = self.activity
        return {
            "curriculum": {self.curriculum.slug: self.curriculum.title} if self.curriculum else {},
            "topic": self.topics,
            "level": {activity.level.slug: self.level} if activity.level else {},
            "hours": {self.length: length_words(self.length)} if self.length else {},
        }


@dataclass(slots=True)
class Catalogue:
    """One page of the catalogue, and the filters beside it."""

    cards: list[CourseCard]
    filters: list[Filter]
    found: int
    total: int
    page: int = 1
    pages: int = 1
    unknown: list[str] = field(default_factory=list)


def length_words(length: str) -> str:
    """Return what the filter calls a length."""
    return {
        "short": gettext("up to 2 hours"),
        "middle": gettext("2 to 5 hours"),
        "long": gettext("more than 5 hours"),
    }[length]


def read_catalogue(
    *, asked: Mapping[str, str], language: str, request: HttpRequest, site: Site | None, page: int = 1
) -> Catalogue:
    """Return the courses that everybody may see and that fit what is asked.

    Args:
        asked: filter → value, of ``curriculum``, ``topic``, ``level`` and ``hours``. A value that no course has is told
            of in ``unknown`` and passed over.
        language: for titles and addresses; a course that has no page in it is shown in the language that it has.
        request: for addresses.
        site: only what belongs to it.
        page: from 1; beyond the last one is the last one.
    """
    cards = _all_cards(language=language, request=request, site=site)
    names = {
        "curriculum": gettext("Curriculum"),
        "topic": gettext("Topic"),
        "level": gettext("Level"),
        "hours": gettext("Time it takes"),
    }
    known: dict[str, dict[str, str]] = {name: {} for name in names}
    terms = [card.terms() for card in cards]
    for each in terms:
        for name, values in each.items():
            known[name] |= values
    unknown = [value for name, value in asked.items() if value and value not in known.get(name, {})]
    wanted = {name: value for name, value in asked.items() if value in known.get(name, {})}
    filters = []
    for name, title in names.items():
        others = {each: value for each, value in wanted.items() if each != name}
        counts = Counter(value for each in terms if _fits(each, others) for value in each[name])
        filters.append(
            Filter(
                name,
                title,
                [
                    Choice(value, words, counts[value], chosen=wanted.get(name) == value)
                    for value, words in _in_order(name, known[name], cards)
                ],
            )
        )
    found = [card for card, each in zip(cards, terms, strict=True) if _fits(each, wanted)]
    pages = max(-(-len(found) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    _add_what_cards_say(shown)
    return Catalogue(shown, filters, len(found), len(cards), page, pages, unknown)


def curricula_of(
    activity_ids: Iterable[int], *, language: str, request: HttpRequest
) -> dict[int, tuple[CurriculumName, int]]:
    """Return activity → the public curriculum that it stands in directly, and its place there: four queries."""
    items = OutlineItem.objects.filter(
        activity_id__in=list(activity_ids),
        version__ended_at=None,
        version__activity__kind="curriculum",
        version__activity__public=True,
    ).values_list("activity_id", "version__activity_id", "position")
    owners = {owner for _, owner, _ in items}
    names = curriculum_names(Activity.objects.filter(pk__in=owners), language=language, request=request)
    return {pk: (names[owner], place) for pk, owner, place in items if owner in names}


def curriculum_names(found, *, language: str, request: HttpRequest) -> dict[int, CurriculumName]:
    """Return activity → name, address and colour of curricula that everybody may see.

    Args:
        found: a query set of activities.
        language: for titles and addresses.
        request: for addresses.
    """
    activities = list(with_public_pages(found.filter(kind="curriculum", public=True)))
    model = apps.get_model("lms_pages", "CurriculumPage")
    chosen = {each.pk: public_page(each, language) for each in activities}
    accents = dict(
        model.objects.filter(pk__in=[row.page_id for row in chosen.values() if row]).values_list(
            "pk", "accent"
        )
    )
    names = {}
    for each in activities:
        row = chosen[each.pk]
        if row is None or row.page is None:
            continue
        owner = next((one for one in each.pages.all() if one.owner and one.page), row)
        names[each.pk] = CurriculumName(
            slug=owner.page.slug,  # type: ignore[union-attr]
            title=row.title,
            url=row.page.get_url(request) or "",
            accent=accents.get(row.page.pk, ""),
            place=owner.page.path,  # type: ignore[union-attr]
        )
    return names


def with_public_pages(found):
    """Prefetch the pages of activities that everybody may see: one query."""
    rows = ActivityPage.objects.filter(page__isnull=False).select_related("locale", "page")
    return found.prefetch_related(Prefetch("pages", rows))


def public_page(activity: Activity, language: str) -> ActivityPage | None:
    """Return the page of an activity that everybody may see: in the language, else the owner's, else the oldest one's."""
    rows = [row for row in activity.pages.all() if row.public and row.page_id is not None]
    return min(
        rows, key=lambda row: (row.locale.language_code != language, not row.owner, row.pk), default=None
    )


def summaries_of(rows: Iterable[ActivityPage], kind: str) -> dict[int, str]:
    """Return page id → summary: one query for each page type of the kind."""
    ids = [row.page_id for row in rows]
    found: dict[int, str] = {}
    for model in kinds.page_models():
        if ids and getattr(model, "lms_kind", "") == kind:
            rows_of_type = model.objects.filter(pk__in=ids)  # type: ignore[attr-defined]
            found |= dict(rows_of_type.values_list("pk", "summary"))
    return found


def _all_cards(*, language: str, request: HttpRequest, site: Site | None) -> list[CourseCard]:
    found = Activity.objects.filter(kind="course", public=True)
    if site is not None:
        found = found.filter(site=site)
    found = found.annotate(
        offers_certificate=Exists(CertificateOffer.objects.filter(activity=OuterRef("pk")))
    )
    activities = list(with_public_pages(found.select_related("level").prefetch_related("topics")))
    curricula = curricula_of([each.pk for each in activities], language=language, request=request)
    cards = []
    for each in activities:
        row = public_page(each, language)
        if row is None or row.page is None:
            continue
        curriculum, place = curricula.get(each.pk, (None, 0))
        code = row.locale.language_code
        cards.append(
            CourseCard(
                activity=each,
                page=row,
                url=row.page.get_url(request) or "",
                curriculum=curriculum,
                place=place,
                level=each.level.title_in(language) if each.level else "",
                topics={topic.slug: topic.title_in(language) for topic in each.topics.all()},
                other_language=code if code != language else "",
            )
        )
    # In the order in which editors arranged curricula and courses; what stands in none comes last.
    cards.sort(
        key=lambda card: (
            card.curriculum is None,
            card.curriculum.place if card.curriculum else "",
            card.place,
            card.title.casefold(),
            card.activity.pk,
        )
    )
    return cards


def _add_what_cards_say(cards: list[CourseCard]) -> None:
    """Add summaries and numbers of lessons, which only those on this page need."""
    texts = summaries_of([card.page for card in cards], "course")
    lessons = Counter(
        OutlineItem.objects.filter(
            version__activity_id__in=[card.activity.pk for card in cards],
            version__ended_at=None,
            activity__kind="lesson",
            activity__public=True,
        ).values_list("version__activity_id", flat=True)
    )
    for card in cards:
        card.summary = texts.get(card.page.page_id or 0, "")
        card.lessons = lessons[card.activity.pk]


def _fits(terms: Mapping[str, Mapping[str, str]], wanted: Mapping[str, str]) -> bool:
    return all(value in terms[name] for name, value in wanted.items())


def _in_order(name: str, values: dict[str, str], cards: list[CourseCard]) -> list[tuple[str, str]]:
    """Return the values of a filter as people expect them: lengths by length, terms by position, curricula by place."""
    if name == "hours":
        order = ["short", "middle", "long"]
        return sorted(values.items(), key=lambda each: order.index(each[0]))
    if name == "curriculum":
        return list(values.items())
    positions: dict[str, int] = {}
    for card in cards:
        terms = card.activity.topics.all() if name == "topic" else [card.activity.level]
        positions |= {each.slug: each.position for each in terms if each}
    return sorted(values.items(), key=lambda each: (positions.get(each[0], 0), each[1].casefold()))
