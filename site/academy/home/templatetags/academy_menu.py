"""Links of the academy's frame."""

from __future__ import annotations

from django import template
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.utils.translation import get_language
from wagtail.models import Page, Site

from academy.home.models import SharePicture
from lms.core.addresses import absolute
from lms.core.page_cache import part_key
from lms.pages.place import behind_a_restriction

register = template.Library()
#: For how long parts of the frame are kept at most; publishing anything ends it at once.
KEPT_SECONDS = 300


@register.simple_tag(takes_context=True)
def menu_pages(context: template.Context) -> list[dict[str, str]]:
    """``{% menu_pages as pages %}``: public pages of the reader's language that are shown in menus, as title and url."""
    request = context.get("request")
    site = Site.find_for_request(request) if request is not None else None
    if site is None:
        return []
    language = context.get("page_language") or get_language()
    key = part_key(request, "menu", site.pk, language)
    kept = cache.get(key) if key else None
    if kept is not None:
        return kept  # type: ignore[no-any-return]
    pages = (
        Page.objects.live()
        .in_menu()
        .filter(~behind_a_restriction(), locale__language_code=language, depth=site.root_page.depth + 1)
        .select_related("locale")
        .order_by("path")
    )
    found = [{"title": page.title, "url": url} for page in pages if (url := page.get_url(request))]
    if key:
        cache.set(key, found, KEPT_SECONDS)
    return found


@register.simple_tag(takes_context=True)
def absolute_static(context: template.Context, path: str) -> str:
    """``{% absolute_static 'academy/share.png' %}``: the full address of a static file, for messages that show a preview."""
    return _absolute(context, static(path))


@register.simple_tag(takes_context=True)
def share_picture(context: template.Context, page: Page) -> str:
    """``{% share_picture page %}``: the full address of the picture that messengers show beside a link to a page."""
    return _absolute(context, _drawn(context, page) or static("academy/share.png"))


def _drawn(context: template.Context, page: Page) -> str:
    """Return where the picture of a page is, if one was drawn; that is kept, so that a new one shows at once."""
    key = part_key(context.get("request"), "share", page.pk)
    kept = cache.get(key) if key else None
    if kept is not None:
        return kept  # type: ignore[no-any-return]
    row = SharePicture.objects.filter(page_id=page.pk).exclude(file="").first() if page.pk else None
    url = default_storage.url(row.file) if row else ""
    if key and url:
        cache.set(key, url, KEPT_SECONDS)
    return url


def _absolute(context: template.Context, url: str) -> str:
    if not url.startswith("/"):
        return url
    request = context.get("request")  # its site was found already
    return absolute(url, site=Site.find_for_request(request) if request is not None else None)
