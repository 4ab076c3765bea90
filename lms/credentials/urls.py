"""Addresses of this area: ``urlpatterns`` in the visitor's language, ``public_urlpatterns`` that never move."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.credentials import views

urlpatterns: list[URLPattern] = []
public_urlpatterns: list[URLPattern] = [
    path("c/", views.verify, name="verify"),
    path("c/<str:serial>", views.certificate, name="certificate"),
]
