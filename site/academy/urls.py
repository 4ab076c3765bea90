"""Addresses of the academy: the admin, what never moves, and everything else by language."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.utils.translation import pgettext_lazy
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from academy.home import offline
from academy.home.sitemap import RobotsView, sitemap

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("robots.txt", RobotsView.as_view()),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("offline/", offline.page, name="offline"),
    path("offline.js", offline.worker, name="offline_worker"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}academy/favicon.ico")),
    # Addresses that never move: sessions, certificates, personal links, feeds, embeds.
    path("", include("lms.public_urls")),
    # The language is in the address, so that every page has one; the bare address leads to the main language.
    path("", RedirectView.as_view(url=f"/{settings.LANGUAGE_CODE}/")),
    *i18n_patterns(
        path("account/", include("allauth.account.urls")),
        path("", include("lms.urls")),
        path("", include("lms.pages.listing_urls")),
        path("", include(wagtail_urls)),
    ),
]

if getattr(settings, "DEMO", False):
    from academy.home import gallery, mailbox
    from academy.home.media import media

    urlpatterns = [
        re_path(r"^media/(?P<path>.*)$", media),
        *i18n_patterns(path(pgettext_lazy("address", "design/"), gallery.gallery, name="gallery")),
        path("demo/mail/", mailbox.index, name="mailbox"),
        path("demo/mail/<int:number>/<int:part>/", mailbox.attachment, name="mailbox_attachment"),
        *urlpatterns,
    ]
