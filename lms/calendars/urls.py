"""Addresses of this area: ``urlpatterns`` in the visitor's language, ``public_urlpatterns`` that never move."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.calendars import views

urlpatterns: list[URLPattern] = []
public_urlpatterns: list[URLPattern] = [
    path("s/<str:public_id>.ics", views.session_ics, name="session_ics"),
    path("cal/series/<uuid:key>.ics", views.feed_series, name="feed_series"),
    path("cal/activity/<uuid:key>.ics", views.feed_activity, name="feed_activity"),
    path("cal/partner/<str:public_id>.ics", views.feed_partner, name="feed_partner"),
    path("embed/v1/height.js", views.embed_script, name="embed_script"),
    path("embed/v1/<str:public_id>/", views.embed_agenda, name="embed_agenda"),
    path("embed/v1/<str:public_id>/style.css", views.embed_style, name="embed_style"),
]
