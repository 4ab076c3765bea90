"""The model field and its form field: what is stored is what was meant, and no post breaks them."""

from __future__ import annotations

import copy
import datetime as dt
import pickle

import pytest
import recurrence
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from recurrence.fields import RecurrenceField

from lms.pages.models import WebinarSeriesPage
from lms.webinars.fields import RecurrenceRuleField, RecurrenceRuleFormField, StoredRecurrence, rule_text
from lms.webinars.recurrence import MAX_SESSIONS, expand, normalise, session_dates
from tests.conftest import build_home

RULE = "RRULE:FREQ=WEEKLY;COUNT=8;BYDAY=TU\nEXDATE:20270817"
TUESDAY = dt.date(2027, 8, 3)
FIELD = WebinarSeriesPage._meta.get_field("recurrence")


def a_page(**fields: object) -> WebinarSeriesPage:
    values = {
        "title": "Seri",
        "slug": "seri",
        "start_date": TUESDAY,
        "zone": "Asia/Jakarta",
        "recurrence": RULE,
    }
    return WebinarSeriesPage(**values | fields)


def test_it_is_django_recurrences_field_and_not_its_app(settings) -> None:
    assert isinstance(FIELD, RecurrenceField)
    assert isinstance(a_page().recurrence, recurrence.Recurrence)
    assert isinstance(FIELD.formfield(), recurrence.forms.RecurrenceField)
    assert "recurrence" not in settings.INSTALLED_APPS


def test_the_field_in_a_migration_says_nothing_that_may_change() -> None:
    name, path, args, kwargs = RecurrenceRuleField("repeats", blank=True, default="").deconstruct()
    assert path == "lms.webinars.fields.RecurrenceRuleField"
    assert (args, kwargs) == ([], {"verbose_name": "repeats", "blank": True, "default": ""})
    clone = FIELD.clone()
    assert clone.deconstruct()[1:] == FIELD.deconstruct()[1:]
    assert FIELD.get_internal_type() == "TextField"


@pytest.mark.parametrize("value", [RULE, StoredRecurrence(RULE), recurrence.deserialize(RULE)])
def test_a_page_keeps_the_rule_through_the_database_a_revision_and_a_copy(home, value: object) -> None:
    with timezone.override("Asia/Jakarta"):
        page = home.add_child(instance=a_page(recurrence=value))
    with timezone.override("America/New_York"):
        stored = WebinarSeriesPage.objects.get(pk=page.pk)
        assert stored.recurrence.text == RULE
        page.save_revision()
        from_revision = page.get_latest_revision_as_object()
        assert from_revision.recurrence == stored.recurrence
        assert page.copy(update_attrs={"slug": "salinan"}).recurrence == stored.recurrence
        again = session_dates(rule_text(stored.recurrence), start_date=TUESDAY, zone="Asia/Jakarta")
    assert again == session_dates(RULE, start_date=TUESDAY, zone="Asia/Jakarta")


class TestRoundTrip(HypothesisTestCase):
    """Law: saving, loading and saving again never changes a date, whatever zone Django is in."""

    @classmethod
    def setUpTestData(cls) -> None:
        """One site for all examples; what an example makes is rolled back."""
        cls.home = build_home()

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        zone=st.sampled_from(
            ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York"]
        ),
        current=st.sampled_from(["UTC", "Asia/Jayapura", "America/New_York", "Pacific/Kiritimati"]),
        start=st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)),
        weekdays=st.sets(st.sampled_from(["MO", "TU", "SU"]), min_size=1),
        count=st.integers(2, MAX_SESSIONS),
        clock=st.sampled_from([dt.time(0), dt.time(6), dt.time(9), dt.time(23, 30)]),
        data=st.data(),
    )
    def test_dates_are_identical(self, zone, current, start, weekdays, count, clock, data) -> None:
        text = f"RRULE:FREQ=WEEKLY;COUNT={count};BYDAY={','.join(sorted(weekdays))}"
        gone = data.draw(st.sampled_from(session_dates(text, start_date=start, zone=zone).sessions))
        text += f"\nEXDATE:{gone:%Y%m%d}"
        times = {"start_date": start, "start_time": clock, "duration_minutes": 90, "zone": zone}
        before = expand(text, **times)
        with timezone.override(current):
            page = self.home.add_child(instance=a_page(recurrence=text, **times))
            loaded = WebinarSeriesPage.objects.get(pk=page.pk)
            data_of_a_revision = loaded.serializable_data()
        with timezone.override("Asia/Tokyo"):
            once_more = WebinarSeriesPage.from_serializable_data(data_of_a_revision)
        for value in (page.recurrence, loaded.recurrence, once_more.recurrence):
            assert expand(rule_text(value), **times) == before
            assert {slot.starts_at.time() for slot in before} == {clock}


def test_loading_and_listing_never_parse(home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.add_child(instance=a_page())
    broken = home.add_child(instance=a_page(slug="rusak"))
    # A page cannot be saved like this; a migration or an import could have left it.
    WebinarSeriesPage.objects.filter(pk=broken.pk).update(recurrence="RRULE:FREQ=NONSENSE;UNTIL=20261399")

    def fail(*args: object, **kwargs: object) -> None:
        raise AssertionError("a row was parsed")

    monkeypatch.setattr(recurrence, "deserialize", fail)
    assert [page.recurrence.text[:6] for page in WebinarSeriesPage.objects.all()] == ["RRULE:"] * 2


def test_the_column_can_be_deferred(home, django_assert_num_queries) -> None:
    home.add_child(instance=a_page())
    with django_assert_num_queries(2):
        page = WebinarSeriesPage.objects.defer("recurrence").get()
        assert "recurrence" in page.get_deferred_fields()
        assert page.recurrence.text == RULE


def test_the_value_is_read_only_and_refuses_django_recurrences_arithmetic() -> None:
    value = a_page().recurrence
    assert [rule.count for rule in value.rrules] == [8]
    assert len(value.exdates) == 1 and value.rdates == () and value.exrules == ()
    assert value.dtstart is None and value.include_dtstart is False
    with pytest.raises(AttributeError):
        value.rrules = []
    for call in (value.occurrences, value.between, value.after, value.before, value.count, value.__iter__):
        with pytest.raises(TypeError, match=r"lms\.webinars\.recurrence\.expand"):
            call()
    assert str(value) == RULE and bool(value) and not StoredRecurrence("")
    assert value == StoredRecurrence(RULE) and hash(value) == hash(StoredRecurrence(RULE)) and value != RULE
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301
        assert twin == value and twin.rrules


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        (" RRULE:FREQ=DAILY;COUNT=2\n", "RRULE:FREQ=DAILY;COUNT=2"),
        (recurrence.Recurrence(), ""),
        (
            recurrence.Recurrence(
                rrules=[
                    recurrence.Rule(
                        recurrence.MONTHLY,
                        interval=2,
                        wkst=recurrence.SU,
                        byday=[recurrence.TU(-1), recurrence.FR],
                        until=dt.datetime(2027, 12, 31, 23, 59),
                    ),
                    recurrence.Rule(recurrence.MONTHLY, count=3, bymonthday=-5),
                ],
                rdates=[dt.datetime(2027, 12, 25)],
                exdates=[dt.datetime(2027, 8, 16, 17, tzinfo=dt.UTC)],
            ),
            "RRULE:FREQ=MONTHLY;INTERVAL=2;WKST=SU;UNTIL=20271231;BYDAY=-1TU,FR\n"
            "RRULE:FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-5\nRDATE:20271225\nEXDATE:20270816T170000Z",
        ),
        (
            recurrence.Recurrence(
                dtstart=dt.datetime(2027, 8, 3), exrules=[recurrence.Rule(recurrence.DAILY, count=1)]
            ),
            "DTSTART:20270803\nEXRULE:FREQ=DAILY;COUNT=1",
        ),
    ],
)
def test_text_of_any_value(value: object, expected: str) -> None:
    assert rule_text(value) == expected


def test_full_clean_checks_against_the_first_date_and_makes_calendar_dates(home) -> None:
    page = a_page(
        recurrence="RRULE:FREQ=WEEKLY;UNTIL=20271207T170000Z\nEXDATE:20270816T170000Z",
        path="00010009",
        depth=2,
    )
    page.clean_fields(exclude=["content_type"])
    assert page.recurrence.text == "RRULE:FREQ=WEEKLY;UNTIL=20271208\nEXDATE:20270817"
    for text, code in [
        ("RRULE:FREQ=WEEKLY;UNTIL=20270802", "until_before_start"),
        ("RRULE:FREQ=WEEKLY", "no_end"),
        ("EXDATE:20270803", "no_sessions"),
        ("RRULE:FREQ=SECONDLY;COUNT=5", "bad_frequency"),
    ]:
        page.recurrence = text
        with pytest.raises(ValidationError) as error:
            page.clean_fields(exclude=["content_type"])
        assert [each.code for each in error.value.error_dict["recurrence"]] == [code]


@pytest.mark.parametrize(
    "fields", [{"start_date": None}, {"start_date": "soon"}, {"zone": "Mars"}, {"zone": None}]
)
def test_a_wrong_neighbour_is_the_neighbours_error(fields: dict[str, object]) -> None:
    page = a_page(**fields)
    assert FIELD.clean(page.recurrence, page).text == RULE


def test_an_empty_rule_is_refused_only_where_one_is_needed() -> None:
    assert FIELD.clean("", a_page()).text == ""
    needed = RecurrenceRuleField("repeats")
    with pytest.raises(ValidationError) as error:
        needed.clean("", a_page())
    assert error.value.code == "blank"
    with pytest.raises(ValidationError) as error:
        needed.clean(None, a_page())
    assert error.value.code == "null"
    with pytest.raises(ValidationError) as error:
        needed.formfield().clean("  ")
    assert error.value.code == "required"


class RuleForm(forms.Form):
    rule = RecurrenceRuleFormField(required=False)


def test_the_form_gives_a_canonical_value_and_gives_back_what_was_typed_wrongly() -> None:
    form = RuleForm({"rule": "rrule:freq=weekly;byday=tu;count=8\r\nEXDATE:20270817T000000"})
    assert form.is_valid()
    assert form.cleaned_data["rule"] == StoredRecurrence(RULE)
    form = RuleForm({"rule": "every <b>Tuesday</b>"})
    assert not form.is_valid()
    assert "every &lt;b&gt;Tuesday&lt;/b&gt;" in str(form)
    assert "<b>" not in str(form)
    with translation.override("id"):
        assert RuleForm({"rule": ""}).is_valid()


def test_a_form_has_changed_only_if_the_meaning_has() -> None:
    field = RecurrenceRuleFormField()
    assert not field.has_changed(StoredRecurrence(RULE), normalise(RULE).replace("\n", "\r\n"))
    assert not field.has_changed(None, "")
    assert field.has_changed(StoredRecurrence(RULE), RULE.replace("=8", "=9"))
    assert field.has_changed(None, "nonsense")
    assert not field.has_changed("nonsense", "nonsense")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.text().map("RRULE:FREQ=WEEKLY;".__add__),
        st.text().map("EXDATE:20270817,".__add__),
        st.sampled_from(
            ["INTERVAL=0", "UNTIL=20261399T000000Z", "BYMONTHDAY=-5", "COUNT=-5", "BYDAY=99MO"]
        ).map("RRULE:FREQ=MONTHLY;COUNT=3;".__add__),
        st.none(),
        st.integers(),
        st.lists(st.text()),
    )
)
def test_whatever_is_posted_gives_a_value_or_a_validation_error(value: object) -> None:
    page = a_page()
    for clean in (RecurrenceRuleFormField().clean, lambda value: FIELD.clean(value, page)):
        try:
            result = clean(value)
        except ValidationError as error:
            assert all(error.messages)
        else:
            assert result is None or isinstance(result, StoredRecurrence)
    bound = RuleForm({"rule": value})
    bound.is_valid()
    assert bound.has_changed() in (True, False)
    str(bound)
