"""Every table that points at a person has a handler that exports and erases its rows; a new one fails here until it has."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from lms.people.handlers import all_handlers
from lms.people.models import Learner

#: Our apps; a new optional one is found by its package.
OURS = "lms"

#: Points at a row of a person, but its own row is reached by another path: which, and why.
REACHED_OTHERWISE = {
    "lms.Learner.user": "the learner's own row is handled by its key",
    "lms.ReportPerson.attendance_import": "a line of a report belongs to whom it names, not to who uploaded it",
    "lms.OutboxMessage.address": "a message belongs to its learner, who owns the address too",
}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] == OURS]


def relations(model: type[models.Model]) -> Iterable[models.Field]:
    """Relations that a table of ours has itself; what a page inherits from Wagtail (owner, lock) is an editor's."""
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.model.__module__.split(".")[0] == OURS:
            yield field


def unhandled(found: Iterable[type[models.Model]], handled: set[tuple[str, str]]) -> set[str]:
    """Return relations to a person without a handler: direct ones, and those to a table whose rows are a person's."""
    found = list(found)
    people = {Learner, get_user_model()}
    missing: set[str] = set()
    newest = people
    while newest:
        reached = set()
        for model in found:
            for field in relations(model):
                if field.related_model not in newest or field.related_model is model:
                    continue
                label = model._meta.label
                if not any(each == label and path.split("__")[0] == field.name for each, path in handled):
                    missing.add(f"{label}.{field.name}")
                if model not in people:
                    reached.add(model)
        people |= reached
        newest = reached
    return missing


def handled() -> set[tuple[str, str]]:
    return {(handler.model, handler.path) for handler in all_handlers()}


def test_every_relation_to_a_person_has_a_handler():
    assert unhandled(our_models(), handled()) == set(REACHED_OTHERWISE)


def test_a_table_without_a_handler_is_noticed():
    for gone in handled():
        rest = handled() - {gone}
        if gone[0] == "lms.Learner":
            continue
        assert any(name.startswith(gone[0]) for name in unhandled(our_models(), rest)), gone


def test_every_handler_reaches_its_rows():
    for handler in all_handlers():
        model = apps.get_model(handler.model)
        assert str(handler.rows([1]).query), handler.model
        assert all(path for path in handler.also.values())
        assert handler.hidden <= {field.name for field in model._meta.concrete_fields}, handler.model


def test_the_order_lets_the_learner_go_last():
    assert all_handlers()[0].model == "lms.Learner"
