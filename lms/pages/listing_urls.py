"""Addresses of the pages that list. Include inside i18n_patterns: ``path("", include("lms.pages.listing_urls"))``.

They are found before Wagtail's pages, so no page at the top of the site may have one of these short names.
"""

from __future__ import annotations

from django.urls import path
from django.utils.translation import pgettext_lazy

from lms.pages import listing_views as views

app_name = "lms_pages"
urlpatterns = [
    path(pgettext_lazy("address", "courses/"), views.courses, name="courses"),
    path(pgettext_lazy("address", "calendar/"), views.calendar, name="calendar"),
    path(pgettext_lazy("address", "search/"), views.search, name="search"),
    path(pgettext_lazy("address", "speakers/"), views.speakers, name="speakers"),
    path(pgettext_lazy("address", "speakers/<slug:slug>/"), views.speaker, name="speaker"),
]
