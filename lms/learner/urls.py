"""Addresses of this area: ``urlpatterns`` in the visitor's language, ``public_urlpatterns`` that never move."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.learner import certificates, views

urlpatterns: list[URLPattern] = [
    path("enrol/<uuid:key>/", views.enrol, name="enrol"),
    path("enrolled/<uuid:key>/", views.enrolled, name="enrolled"),
    path("me/", views.me, name="me"),
]
public_urlpatterns: list[URLPattern] = [
    path("p/<str:token>", views.person, name="person"),
    path("p/<str:token>/settings/", views.settings, name="person_settings"),
    path("p/<str:token>/cancel/<str:registration>/", views.cancel, name="person_cancel"),
    path("p/<str:token>/return/<str:registration>/", views.come_back, name="person_return"),
    path("p/<str:token>/leave/<str:wish>/", views.leave, name="person_leave"),
    path("p/<str:token>/courses/<uuid:key>/", views.course, name="person_course"),
    path("p/<str:token>/courses/<uuid:key>/join/", views.take_part, name="person_join"),
    path("p/<str:token>/courses/<uuid:key>/leave/", views.leave_course, name="person_leave_course"),
    path("p/<str:token>/lessons/<uuid:key>/", views.lesson, name="person_lesson"),
    path("p/<str:token>/lessons/<uuid:key>/watched/", views.watched, name="person_watched"),
    path(
        "p/<str:token>/lessons/<uuid:key>/documents/<int:document>/", views.document, name="person_document"
    ),
    path("p/<str:token>/quizzes/<uuid:key>/", views.quiz, name="person_quiz"),
    path("p/<str:token>/attempts/<str:attempt>/", views.attempt, name="person_attempt"),
    path("p/<str:token>/attempts/<str:attempt>/answers/", views.answers, name="person_answers"),
    path(
        "p/<str:token>/attempts/<str:attempt>/files/<str:file>/",
        views.answer_file,
        name="person_answer_file",
    ),
    path("p/<str:token>/certificate/<str:serial>/", certificates.fetch, name="person_certificate"),
]
