"""One page of rows for a template with Wagtail's pagination."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.paginator import WagtailPaginator

PER_PAGE = 50


def paged(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> dict[str, Any]:
    """Return ``page_obj`` and ``elided_page_range`` for ``wagtailadmin/shared/pagination_nav.html``.

    Args:
        request: its query may say ``p``; an odd number is the nearest page.
        rows: a queryset in a certain order.
        per_page: rows on a page.
    """
    paginator = WagtailPaginator(rows, per_page)
    page = paginator.get_page(request.GET.get("p"))
    return {"page_obj": page, "elided_page_range": paginator.get_elided_page_range(page.number)}
