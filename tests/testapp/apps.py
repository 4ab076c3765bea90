"""A host site's own app, for tests."""

from django.apps import AppConfig


class TestAppConfig(AppConfig):
    name = "tests.testapp"
    label = "lms_testapp"
    default_auto_field = "django.db.models.BigAutoField"
