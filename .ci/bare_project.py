"""Run inside a project made by ``wagtail start``: add Kelas as the installation guide says, and publish a course and a series."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path.cwd()

SETTINGS = '''

# What docs/install.md says.
INSTALLED_APPS += ["lms", "lms.pages"]
STORAGES["lms_private"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": BASE_DIR + "/private" if isinstance(BASE_DIR, str) else str(BASE_DIR / "private")},
}
DATABASES["default"]["OPTIONS"] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
'''

SCRIPT = '''
import datetime as dt
from django.test import Client
from wagtail.models import Page, Site
from lms.catalogue.models import Activity
from lms.pages.models import CoursePage, LessonPage, WebinarSeriesPage
from lms.webinars.models import Occurrence

home = Site.objects.get(is_default_site=True).root_page
course = home.add_child(instance=CoursePage(title="Kursus", slug="kursus", live=False))
course.save_revision().publish()
lesson = CoursePage.objects.get().add_child(instance=LessonPage(title="Pelajaran", slug="pelajaran", live=False))
lesson.save_revision().publish()
series = Page.objects.get(pk=home.pk).add_child(instance=WebinarSeriesPage(
    title="Seri", slug="seri", live=False, start_date=dt.date.today() + dt.timedelta(days=7), start_time=dt.time(6, 0),
    zone="Asia/Jakarta", recurrence="RRULE:FREQ=WEEKLY;COUNT=8"))
series.save_revision().publish()
assert Activity.objects.filter(live=True).count() == 3 + 8, list(Activity.objects.values_list("kind", "title", "live"))
assert Occurrence.objects.count() == 8
client = Client(headers={"host": "localhost"})
for page in (course, lesson, series):
    response = client.get(Page.objects.get(pk=page.pk).url)
    assert response.status_code == 200, (page, response.status_code)
feed = client.get(f"/cal/series/{Activity.objects.get(kind='webinar_series').key}.ics")
assert feed.status_code == 200 and feed.content.count(b"BEGIN:VEVENT") == 8
print("A course, a lesson and a series of eight sessions were made, published and read.")
'''


def run(*arguments: str, **kwargs: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, cwd=HERE, **kwargs)  # type: ignore[call-overload]


def main() -> None:
    base = HERE / "shop" / "settings" / "base.py"
    base.write_text(base.read_text() + SETTINGS)
    urls = HERE / "shop" / "urls.py"
    text = urls.read_text()
    before = "urlpatterns = urlpatterns + ["
    assert before in text
    urls.write_text(
        text.replace(before, before + '\n    path("", include("lms.public_urls")),\n    path("", include("lms.urls")),', 1)
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.dev")
    run("check", "--fail-level", "WARNING")
    run("makemigrations", "--check", "--dry-run", "lms", "lms_pages")
    run("migrate", "-v", "0")
    run("shell", "-c", SCRIPT)


main()
