"""The recurrence editor as the server renders it, and the view that shows the sessions."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.fields import StreamField
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from lms.pages.models import WebinarSeriesPage
from lms.wagtailadmin.recurrence_widget import LmsRecurrenceWidget
from lms.webinars.fields import RecurrenceRuleFormField, StoredRecurrence, rule_text
from lms.webinars.models import Occurrence
from lms.webinars.recurrence import expand

RULE = "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=TU\nEXDATE:20270316"
FIELDS = {
    "start_date": "2027-03-02",
    "start_time": "06:00",
    "duration_minutes": "90",
    "zone": "Asia/Jakarta",
    "rule": RULE,
}


class Elements(HTMLParser):
    """All start tags of a piece of HTML, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def editor(admin_user, client):
    client.force_login(admin_user)
    return client


@pytest.fixture
def preview(editor):
    def call(**fields: str) -> str:
        response = editor.post(reverse("lms_recurrence_preview"), FIELDS | fields)
        assert response.status_code == 200
        return response.content.decode()

    return call


def posted(page: WebinarSeriesPage, **changes: object) -> dict[str, object]:
    """What the edit form of a series posts."""
    empty_streams = {
        f"{field.name}-count": "0" for field in page._meta.get_fields() if isinstance(field, StreamField)
    }
    return (
        empty_streams
        | {
            "title": page.title,
            "slug": page.slug,
            "start_date": "2027-03-02",
            "start_time": "06:00",
            "duration_minutes": "90",
            "zone": "Asia/Jakarta",
            "recurrence": RULE,
            "attend_percent": "70",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
        }
        | changes
    )


# --- the widget -------------------------------------------------------------------------------------------------


def test_only_the_text_box_is_posted_and_enter_in_a_choice_submits_nothing() -> None:
    html = LmsRecurrenceWidget().render("row-0-recurrence", StoredRecurrence(RULE), {"id": "id_recurrence"})
    controls = [
        (tag, attrs)
        for tag, attrs in Elements(html).found
        if tag in ("input", "select", "textarea", "button")
    ]
    assert len(controls) > 20
    for tag, attrs in controls:
        if tag == "textarea":
            assert attrs["name"] == "row-0-recurrence"
        elif tag == "button":
            assert attrs["type"] == "button"
        else:
            # form="" takes a control out of every form: not posted, no implicit submission by the Enter key.
            assert attrs["form"] == "", attrs
    assert "<form" not in html and "<script" not in html and "style=" not in html
    assert RULE in html


def test_every_choice_has_a_name_for_a_screen_reader() -> None:
    html = LmsRecurrenceWidget().render("recurrence", "", {"id": "id_recurrence"})
    elements = Elements(html).found
    labelled = {attrs.get("for") for tag, attrs in elements if tag == "label"}
    for tag, attrs in elements:
        if tag in ("input", "select"):
            assert attrs.get("aria-label") or attrs.get("id") in labelled, attrs
    ids = [attrs["id"] for _, attrs in elements if attrs.get("id")]
    assert len(ids) == len(set(ids))


def test_without_javascript_the_text_box_is_what_one_sees() -> None:
    elements = Elements(LmsRecurrenceWidget().render("recurrence", "", {"id": "id_recurrence"})).found
    [choices] = [attrs for tag, attrs in elements if attrs.get("data-lms-recurrence-target") == "choices"]
    [source] = [attrs for tag, attrs in elements if tag == "details"]
    assert "hidden" in choices
    assert "open" in source


def test_a_disabled_field_disables_all_choices() -> None:
    html = LmsRecurrenceWidget().render("recurrence", "", {"id": "id_recurrence", "disabled": True})
    [choices] = [
        attrs for _, attrs in Elements(html).found if attrs.get("data-lms-recurrence-target") == "choices"
    ]
    assert "disabled" in choices


def test_what_is_typed_cannot_leave_the_text_box() -> None:
    evil = '</textarea><script>alert(1)</script>" onfocus="x'
    html = LmsRecurrenceWidget(neighbours={"zone": '"><script>'}).render("x", evil, {"id": "id_x"})
    assert "<script" not in html
    assert not any("onfocus" in attrs for _, attrs in Elements(html).found)


def test_its_files_are_our_own_and_exist() -> None:
    media = LmsRecurrenceWidget().media
    # Since Django 6.1 a form's media hold objects with a path.
    # Since Django 6.1 scripts are objects, whose path is an address already.
    files = [str(getattr(each, "path", each)) for each in (*media._js, *media._css["all"])]
    files = [name.removeprefix(project.STATIC_URL) for name in files]
    assert files and all(name.startswith("lms/admin/recurrence/") for name in files)
    assert all(finders.find(name) for name in files)
    assert "jquery" not in str(media) and "recurrence-widget" not in str(media)


def test_words_are_translated_when_they_are_shown() -> None:
    widget = LmsRecurrenceWidget()
    with translation.override("id"):
        assert "Selasa" in widget.render("x", "", {"id": "id_x"})
    with translation.override("en"):
        assert "Tuesday" in widget.render("x", "", {"id": "id_x"})


def test_a_form_outside_the_admin_has_a_plain_text_box() -> None:
    assert type(WebinarSeriesPage._meta.get_field("recurrence").formfield().widget) is forms.Textarea
    assert type(RecurrenceRuleFormField().widget) is forms.Textarea


# --- the page form ----------------------------------------------------------------------------------------------


def test_the_admin_uses_it_without_django_contrib_admin(editor, make_series, settings) -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    page = make_series(publish=False)
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'data-controller="lms-recurrence"' in html
    sources = [attrs.get("src") or attrs.get("href") or "" for _, attrs in Elements(html).found]
    assert [source for source in sources if "/lms/admin/recurrence/recurrence-editor" in source]
    assert not [source for source in sources if "/admin/js/" in source and "wagtailadmin" not in source]
    assert not [source for source in sources if "static/recurrence/" in source]


def test_save_stores_calendar_dates_and_publishing_makes_sessions(
    editor, make_series, django_capture_on_commit_callbacks
) -> None:
    page = make_series(publish=False)
    foreign = "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270419T170000Z\r\nEXDATE:20270315T170000Z"
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(address, posted(page, recurrence=foreign, **{"action-publish": "1"}))
    assert response.status_code == 302, response.context["form"].errors
    page = WebinarSeriesPage.objects.get(pk=page.pk)
    assert rule_text(page.recurrence) == "RRULE:FREQ=WEEKLY;UNTIL=20270420;BYDAY=TU\nEXDATE:20270316"
    dates = Occurrence.objects.order_by("original_date").values_list("original_date", flat=True)
    assert list(dates) == [dt.date(2027, 3, 2) + dt.timedelta(weeks=n) for n in range(8) if n != 2]


@pytest.mark.parametrize(
    ("zone", "clock", "day"),
    [
        *(
            (f"Asia/{city}", "06:00", day)
            for city in ("Jakarta", "Makassar", "Jayapura")
            for day in ("MO", "TU")
        ),
        # The clocks change on 28 March 2027 in Berlin and on 14 March in New York.
        ("Europe/Berlin", "09:00", "MO"),
        ("America/New_York", "09:00", "TU"),
    ],
)
def test_weekday_clock_and_count_survive_saving_editing_copying_and_publishing(
    editor, admin_user, make_series, django_capture_on_commit_callbacks, zone: str, clock: str, day: str
) -> None:
    """django-recurrence turned Monday 06:00 into Tuesday. The editor's own zone is another one on purpose."""
    profile = UserProfile.get_for_user(admin_user)
    profile.current_time_zone = "Pacific/Kiritimati"
    profile.save()
    rule = f"RRULE:FREQ=WEEKLY;COUNT=8;BYDAY={day}"
    page = make_series(publish=False, recurrence="")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for action in ({}, {"action-publish": "1"}, {"action-publish": "1"}):
        with django_capture_on_commit_callbacks(execute=True):
            response = editor.post(
                address, posted(page, recurrence=rule, zone=zone, start_time=clock, **action)
            )
        assert response.status_code == 302
        # What is posted next is what the form showed.
        rule = editor.get(address).context["form"]["recurrence"].value()
    page = WebinarSeriesPage.objects.get(pk=page.pk)
    copied = page.copy(update_attrs={"slug": "salinan", "title": "Salinan"})
    first = dt.date(2027, 3, 2) if day == "TU" else dt.date(2027, 3, 8)
    expected = [f"{first + dt.timedelta(weeks=n)} {clock}" for n in range(8)]
    for kept in (page, copied):
        slots = expand(
            rule_text(kept.recurrence),
            start_date=kept.start_date,
            start_time=kept.start_time,
            duration_minutes=kept.duration_minutes,
            zone=kept.zone,
        )
        assert [f"{slot.starts_at:%Y-%m-%d %H:%M}" for slot in slots] == expected
    starts = Occurrence.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for moment in starts] == expected


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=WEEKLY;INTERVAL=0;COUNT=3",
        "RRULE:FREQ=WEEKLY;UNTIL=20261399T000000Z",
        "RRULE:FREQ=SECONDLY;COUNT=5",
        "RRULE:FREQ=WEEKLY",
        "RRULE:FREQ=WEEKLY;UNTIL=20270301",
        "RRULE:FREQ=DAILY;COUNT=100000",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "RRULE:FREQ=DAILY;COUNT=9\r\nEXDATE:" + ",".join(["20270303"] * 100_000),
        "<b>every</b> Tuesday",
    ],
    ids=lambda rule: rule[:40],
)
def test_a_bad_rule_is_a_form_error_beside_what_was_typed(editor, make_series, rule: str) -> None:
    page = make_series(publish=False)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.post(address, posted(page, recurrence=rule))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["recurrence"]
    assert response.context["form"]["recurrence"].value() == rule
    assert "<b>every</b>" not in response.content.decode()


def test_a_translation_shows_the_rule_and_cannot_change_it(editor, make_series) -> None:
    page = make_series()
    Locale.objects.get_or_create(language_code="id")
    page.get_parent().copy_for_translation(Locale.objects.get(language_code="id"))
    other = page.copy_for_translation(Locale.objects.get(language_code="id"))
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[other.pk])).content.decode()
    [text] = [attrs for tag, attrs in Elements(html).found if attrs.get("name") == "recurrence"]
    assert "disabled" in text
    assert "lms-recurrence--disabled" in html


# --- the sessions as the server shows them ----------------------------------------------------------------------


def test_it_shows_the_sentence_and_every_date(preview) -> None:
    html = preview()
    assert "Every Tuesday at 06:00 WIB, 8 sessions, except 16 March 2027." in html
    times = [attrs["datetime"] for tag, attrs in Elements(html).found if tag == "time"]
    first = dt.date(2027, 3, 2)
    expected = [first + dt.timedelta(weeks=n) for n in range(9) if n != 2]
    assert times == [day.isoformat() for day in expected]
    assert "Tuesday, 2 March 2027" in html and "06:00–07:30 WIB" in html
    assert html.count("<s>") == 1 and "<s>Tuesday, 16 March 2027</s>" in html
    assert html.count("#putBack") == 1 and html.count("#leaveOut") == 8


def test_it_answers_in_the_language_of_the_reader(preview, admin_user) -> None:
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = "id"
    profile.save()
    assert "Selasa, 2 Maret 2027" in preview()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start_date": ""}, "Fill in to see the sessions: first date."),
        ({"start_date": "31.12.", "zone": ""}, "Fill in to see the sessions: first date, time zone."),
        ({"start_time": "late"}, "Fill in to see the sessions: starting time."),
        ({"duration_minutes": "0"}, "Fill in to see the sessions: duration in minutes."),
        ({"zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone. Use a name such as Asia/Jakarta."),
        (
            {"rule": "RRULE:FREQ=WEEKLY", "start_date": ""},
            "The series never ends. Say after how many sessions or on which date it ends.",
        ),
        (
            {"rule": "RRULE:FREQ=WEEKLY;INTERVAL=0;COUNT=2"},
            "“Every 0” is not possible. Use a whole number from 1 to 53.",
        ),
        (
            {"rule": "RRULE:FREQ=WEEKLY;UNTIL=20270301"},
            "The series ends on 1 March 2027, before its first date 2 March 2027. Choose a later end.",
        ),
        ({"start_date": "2027-03-01"}, "the first session is on Tuesday, 2 March 2027."),
        ({"rule": ""}, "On Tuesday, 2 March 2027 at 06:00 WIB."),
        (
            {"start_time": "23:00"},
            "23:00–00:30 WIB, ends on Wednesday, 3 March 2027",
        ),
    ],
)
def test_it_says_what_is_missing_wrong_or_worth_knowing(preview, fields: dict[str, str], said: str) -> None:
    assert said in preview(**fields)


def test_an_extra_date_is_marked(preview) -> None:
    assert "06:00–07:30 WIB · extra date" in preview(rule=f"{RULE}\nRDATE:20270605")


def test_a_single_session_cannot_be_left_out(preview) -> None:
    assert "<button" not in preview(rule="")


def test_nothing_that_is_typed_comes_back_as_html(preview) -> None:
    evil = "<script>alert(1)</script>"
    for fields in ({"rule": evil}, {"zone": evil}, {"rule": f"RRULE:FREQ={evil};COUNT=1"}):
        html = preview(**fields)
        assert "<script" not in html and "script" in html.lower()


def test_only_people_of_the_admin_may_ask(client, db) -> None:
    address = reverse("lms_recurrence_preview")
    assert client.get(address, FIELDS).status_code == 302
    outsider = get_user_model().objects.create_user("outsider", password="x")
    client.force_login(outsider)
    response = client.get(address, FIELDS)
    assert response.status_code == 302 and "06:00" not in response.content.decode()
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(get_user_model().objects.get(pk=outsider.pk))
    response = client.get(address, FIELDS)
    assert response.status_code == 200
    assert "Every Tuesday" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert client.put(address).status_code == 405


def test_a_post_without_the_token_is_refused(admin_user) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert strict.post(reverse("lms_recurrence_preview"), FIELDS).status_code == 403


def test_it_costs_no_query_of_its_own(editor, django_assert_max_num_queries) -> None:
    """Session, user, permissions and profile of the admin; none for the sessions shown."""
    address = reverse("lms_recurrence_preview")
    editor.get(address, FIELDS)
    with django_assert_max_num_queries(4):
        editor.get(address, FIELDS | {"rule": "RRULE:FREQ=DAILY;COUNT=200"})


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.dictionaries(
        st.sampled_from(sorted(FIELDS)),
        st.one_of(
            st.text(), st.sampled_from(["9999-12-31", "0001-01-01", "24:00", "-1", "Asia", "../..", RULE])
        ),
    )
)
def test_no_input_breaks_it(editor, fields: dict[str, str]) -> None:
    response = editor.post(reverse("lms_recurrence_preview"), FIELDS | fields)
    assert response.status_code == 200
    assert "sessions" in response.content.decode().lower() or "help-critical" in response.content.decode()
