"""Every field of ours in the admin says what it is for, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page

from lms.catalogue.models import Topic
from lms.pages.models import CoursePage, CurriculumPage

#: Who asks for fewer words than this explains nothing.
LEAST = 12


def handlers() -> Iterator[tuple[str, Any]]:
    """Yield the edit form of each page type, snippet and model of ours that the admin edits."""
    for model in apps.get_app_config("lms_pages").get_models():
        if issubclass(model, Page):
            yield model.__name__, model.get_edit_handler()
    viewsets.populate()
    for viewset in viewsets.viewsets:
        if type(viewset).__module__.startswith("lms.") and isinstance(viewset, ModelViewSet):
            handler = viewset.get_edit_handler()
            yield viewset.model.__name__, handler or viewset.get_form_class()


def asked(handler: Any) -> Iterator[tuple[str, str]]:
    """Yield each field of ours with its help in the language that is active."""
    if not hasattr(handler, "children"):
        for name, field in handler.base_fields.items():
            yield name, str(field.help_text)
        return
    fields = handler.get_form_class().base_fields
    for panel in _walk(handler):
        if isinstance(panel, FieldPanel) and not _of_wagtail(handler.model, panel.field_name):
            field = fields.get(panel.field_name)
            yield panel.field_name, str(panel.help_text or (field.help_text if field else ""))


def _walk(panel: Any) -> Iterator[Any]:
    yield panel
    for child in getattr(panel, "children", ()):
        yield from _walk(child)


def _of_wagtail(model: Any, name: str) -> bool:
    """Title, slug and what Wagtail's own tabs hold are explained by Wagtail."""
    names = {field.name for field in model._meta.get_fields()}
    return name in names and model._meta.get_field(name).model.__module__.startswith("wagtail")


def unexplained(handler: Any) -> list[str]:
    """Return the fields that say nothing, or nothing of their own in Indonesian."""
    with translation.override("en"):
        english = dict(asked(handler))
    with translation.override("id"):
        indonesian = dict(asked(handler))
    return [
        name
        for name, words in english.items()
        if len(words) < LEAST or len(indonesian[name]) < LEAST or indonesian[name] == words
    ]


def test_every_field_of_ours_has_help_in_both_languages():
    found = {name: lacking for name, handler in handlers() if (lacking := unexplained(handler))}
    assert found == {}


def test_the_forms_that_are_looked_at_are_those_that_editors_use():
    names = [name for name, _ in handlers()]
    assert {
        "CoursePage",
        "QuizPage",
        "WebinarSeriesPage",
        "Question",
        "QuestionBank",
        "Issuer",
        "Topic",
    } <= set(names)
    assert {"Partner", "PartnerCalendar", "CertificateDesign", "Level"} <= set(names)
    (course,) = [handler for name, handler in handlers() if name == "CoursePage"]
    assert {"outcomes", "enrolment_mode", "prerequisites", "body"} <= {name for name, _ in asked(course)}


@pytest.mark.parametrize(
    ("panel", "model"),
    [
        (FieldPanel("enrolment_mode"), CoursePage),
        (FieldPanel("body"), CurriculumPage),
        (FieldPanel("titles"), Topic),
        (FieldPanel("body", help_text="Hm."), CurriculumPage),
        (FieldPanel("body", help_text="Never translated, on purpose."), CurriculumPage),
    ],
)
def test_a_field_without_help_is_noticed(panel, model):
    handler = ObjectList([ObjectList([panel], heading="Tab")]).bind_to_model(model)
    assert unexplained(handler) == [panel.field_name]
