"""From an address to its page: one query for the whole line of pages below the first of ours, remembered on the page.

Wagtail asks twice for each level of an address (which child, and its own fields), then for the pages above, for aliases and
for view restrictions. Here one query finds the line with all of that. It is made for each request: nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from wagtail.models import AbstractPage, PageViewRestriction
from wagtail.url_routing import RouteResult

from lms.catalogue import kinds
from lms.core.base_page import base_page


class InOneLine(models.Model):
    """Mixin for page types: what stands at an address below them is found by one query, however deep.

    Put it before the page class, also into a host's own page types above ours, such as a home page. It is ``Page.route``
    in all else: a page on the way whose type decides by itself (a RoutablePage, a ``route`` of its own) is asked.
    An abstract model, so that migrations do not name it.
    """

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page at the rest of an address."""
        if not path_components:
            return super().route(request, path_components)  # type: ignore[misc,no-any-return]
        return _follow(self, request, path_components)  # type: ignore[arg-type]


def _follow(page: AbstractPage, request: HttpRequest, components: Sequence[str]) -> RouteResult:
    rows = [whole(row) for row in _line(page, components)]
    above = [row for row in rows if row.depth < page.depth]
    by_path = {row.url_path: row for row in rows if row.depth > page.depth}
    line = [*above, page]
    at, url_path = page, page.url_path
    for place, component in enumerate(components, 1):
        url_path = f"{url_path}{component}/"
        below = by_path.get(url_path)
        if below is None or not below.path.startswith(at.path):
            raise Http404
        below._cached_parent_obj = at  # as Wagtail does: treebeard's get_parent uses it
        model = below.specific_class
        rest = list(components[place:])
        if model is not None and model.route not in (InOneLine.route, AbstractPage.route):
            return below.specific.route(request, rest)
        line.append(below)
        at = below
    return _arrived(at, line)


def _arrived(found: AbstractPage, line: list[AbstractPage]) -> RouteResult:
    if not found.live:
        raise Http404
    target = found.specific
    target.locale = found.locale  # came along
    # As pages_above has it: not the root of all pages.
    target._lms_above = (target.path, [each for each in line[:-1] if each.depth > 1])
    # An alias has the restrictions of its source: Wagtail knows how.
    if not any(each.alias_of_id for each in line):
        restricted = any(getattr(each, "lms_restricted", False) for each in line)
        target._lms_restrictions = (
            target.path,
            PageViewRestriction.objects.filter(page_id__in=[each.pk for each in line])
            if restricted
            else PageViewRestriction.objects.none(),
        )
    return RouteResult(target)


def _line(page: AbstractPage, components: Sequence[str]) -> list[AbstractPage]:
    """Return the pages above a page and those at the rest of an address, from the top down: one query."""
    step = page.steplen
    above = [page.path[:length] for length in range(step, len(page.path), step)]
    url_paths, url_path = [], page.url_path
    for component in components:
        url_path = f"{url_path}{component}/"
        url_paths.append(url_path)
    below = Q(
        path__startswith=page.path,
        depth__gt=page.depth,
        depth__lte=page.depth + len(components),
        slug__in=set(components),  # it has an index
        url_path__in=url_paths,
    )
    found = base_page().objects.filter(Q(path__in=above) | below)
    # The page itself is not among the rows: what restricts it restricts everything below it.
    restricted = PageViewRestriction.objects.filter(Q(page_id=OuterRef("pk")) | Q(page_id=page.pk))
    return list(
        found.annotate(lms_restricted=Exists(restricted))
        .select_related("locale", *joined())
        .order_by("depth")
    )


@cache
def joined() -> dict[str, type[AbstractPage]]:
    """Return relation → model of the page types whose own fields come along: ours, not those of hosts."""
    found = {}
    for model in kinds.page_models():
        link = model._meta.parents.get(base_page())  # type: ignore[attr-defined]
        if model._meta.app_label == "lms_pages" and link is not None:  # type: ignore[attr-defined]
            found[link.remote_field.get_accessor_name()] = model
    return found


def whole(page: AbstractPage) -> AbstractPage:
    """Return a page as its own type, if that is one of ours and came along with it (``joined``); else as it is. No query."""
    for name, model in joined().items():
        if page.specific_class is model and not isinstance(page, model):
            found: AbstractPage = getattr(page, name)
            for key, value in page.__dict__.items():  # what is known besides, as Page.get_specific does it
                found.__dict__.setdefault(key, value)
            found.locale = page.locale
            return found
    return page
