"""Translating with wagtail-localize: rules are carried over and not offered for translation."""

from __future__ import annotations

from django.apps import apps


def synchronise_rules() -> None:
    """Let wagtail-localize, where it is installed, copy rules and schedule instead of asking a translator about them.

    They count on the owner page only. Topics are left out: it cannot copy many-to-many fields, and the activity has them.
    """
    if not apps.is_installed("wagtail_localize"):
        return
    from wagtail_localize.fields import SynchronizedField  # noqa: PLC0415 -- optional dependency

    for model in apps.get_app_config("lms_pages").get_models():
        names = [
            name
            for name in (*getattr(model, "lms_owner_fields", ()), "accent")
            if any(field.name == name and not field.many_to_many for field in model._meta.get_fields())
        ]
        fields = [
            *getattr(model, "override_translatable_fields", ()),
            *(SynchronizedField(name, overridable=False) for name in names),
        ]
        model.override_translatable_fields = fields  # type: ignore[attr-defined]
