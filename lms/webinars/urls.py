"""Addresses of this area: ``urlpatterns`` in the visitor's language, ``public_urlpatterns`` that never move."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.webinars import views

urlpatterns: list[URLPattern] = [
    path("register/<uuid:key>/", views.register, name="register"),
    path("registered/<uuid:key>/", views.registered, name="registered"),
]
public_urlpatterns: list[URLPattern] = [
    path("s/<str:public_id>", views.session, name="session"),
    path("j/<str:token>", views.join, name="join"),
]
