"""The recurrence editor in a real Chromium: an editor makes a series, whatever zone the browser is in."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect
from wagtail.models import Page as WagtailPage
from wagtail.users.models import UserProfile

from lms.pages.models import WebinarSeriesPage
from lms.webinars.fields import rule_text
from lms.webinars.models import Occurrence
from lms.webinars.recurrence import RuleError, session_dates
from tests.testapp.models import HostTimetable, HostTimetablePage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TUESDAYS = "RRULE:FREQ=WEEKLY;COUNT=8;BYDAY=TU"


@pytest.fixture
def admin(chromium, live_server, admin_user, client):
    """Open an address of the admin, signed in; keyword arguments go to the browser context."""
    client.force_login(admin_user)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    contexts = []
    problems: list[str] = []

    def open_page(path: str, **options: object) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def edit(admin, page: WagtailPage, **options: object) -> Page:
    """Open the edit page at the tab that holds the recurrence editor, ready."""
    opened = admin(f"/admin/pages/{page.pk}/edit/", **options)
    return show_editor(opened)


def show_editor(opened: Page) -> Page:
    tab = opened.evaluate(
        """() => document.querySelector(".lms-recurrence").closest("[role=tabpanel]")
             ?.getAttribute("aria-labelledby")"""
    )
    if tab:
        opened.locator(f"#{tab}").click()
    expect(opened.locator(".lms-recurrence__preview > *").first).to_be_visible()
    return opened


def save(opened: Page) -> None:
    opened.get_by_role("button", name="Save draft").click()
    expect(opened.locator(".messages .success, [role=status] .success").first).to_be_visible()


def stored(page: WagtailPage) -> str:
    return rule_text(WebinarSeriesPage.objects.get(pk=page.pk).get_latest_revision_as_object().recurrence)


def sessions(opened: Page) -> list[str]:
    return opened.locator(".lms-recurrence time").evaluate_all("all => all.map((each) => each.dateTime)")


def tuesdays(count: int, *, without: str = "") -> list[str]:
    days = (dt.date(2027, 3, 2) + dt.timedelta(weeks=n) for n in range(count + bool(without)))
    return [day.isoformat() for day in days if day.isoformat() != without]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Jayapura"])
def test_an_editor_in_any_zone_makes_the_same_series(admin, make_series, zone: str) -> None:
    """Every Tuesday 06:00 WIB, eight sessions, not on one given date."""
    page = make_series(publish=False, recurrence="")
    opened = edit(admin, page, timezone_id=zone)
    expect(opened.locator(".lms-recurrence__sentence")).to_have_text("On Tuesday, 2 March 2027 at 06:00 WIB.")
    opened.get_by_label("Frequency").select_option("WEEKLY")
    # The weekday of the first date is chosen already.
    expect(opened.get_by_role("checkbox", name="Tuesday")).to_be_checked()
    expect(opened.get_by_label("Number of sessions")).to_have_value("8")
    opened.get_by_label("Not on these dates").fill("2027-03-16")
    opened.get_by_role("button", name="Leave this date out").click()
    expect(opened.locator(".lms-recurrence__sentence")).to_have_text(
        "Every Tuesday at 06:00 WIB, 8 sessions, except 16 March 2027."
    )
    expect(opened.locator(".lms-recurrence [role=status]")).to_have_text(
        "Every Tuesday at 06:00 WIB, 8 sessions, except 16 March 2027."
    )
    # Eight sessions are held: the one left out is made up for at the end.
    assert sessions(opened) == tuesdays(8, without="2027-03-16")
    save(opened)
    assert stored(page) == "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=TU\nEXDATE:20270316"

    again = edit(admin, page, timezone_id=zone)
    expect(again.get_by_label("Number of sessions")).to_have_value("8")
    assert sessions(again) == tuesdays(8, without="2027-03-16")
    # Opening and showing it has changed nothing.
    assert again.locator("[name=recurrence]").input_value().splitlines() == stored(page).splitlines()

    again.get_by_label("on", exact=True).check()
    again.get_by_label("Last date").fill("2027-04-06")
    expect(again.locator(".lms-recurrence__sentence")).to_have_text(
        "Every Tuesday at 06:00 WIB until 6 April 2027, 5 sessions, except 16 March 2027."
    )
    save(again)
    assert stored(page) == "RRULE:FREQ=WEEKLY;UNTIL=20270406;BYDAY=TU\nEXDATE:20270316"


def test_saving_at_once_saves_what_was_chosen(admin, make_series) -> None:
    """COUNT is right in the text box before the server has answered."""
    page = make_series(publish=False, recurrence=TUESDAYS)
    opened = edit(admin, page)
    opened.route("**/recurrence-preview/", lambda route: route.abort())
    opened.get_by_label("Not on these dates").fill("2027-03-09")
    opened.get_by_role("button", name="Leave this date out").click()
    opened.get_by_label("Number of sessions").fill("4")
    expect(opened.locator(".lms-recurrence .help-warning")).to_contain_text("the server did not answer")
    save(opened)
    assert stored(page) == "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU\nEXDATE:20270309"


def test_dates_are_left_out_and_put_back_in_the_list(admin, make_series) -> None:
    page = make_series(publish=False, recurrence=TUESDAYS)
    opened = edit(admin, page)
    opened.get_by_role("button", name="Leave out Tuesday, 9 March 2027").click()
    back = opened.get_by_role("button", name="Put Tuesday, 9 March 2027 back")
    expect(back).to_be_focused()
    assert sessions(opened) == tuesdays(8, without="2027-03-09")
    assert opened.locator(".lms-recurrence__chip").count() == 1
    back.click()
    expect(opened.get_by_role("button", name="Leave out Tuesday, 9 March 2027")).to_be_focused()
    assert sessions(opened) == tuesdays(8)
    assert opened.locator("[name=recurrence]").input_value() == TUESDAYS

    opened.get_by_label("Also on these dates").fill("2027-06-05")
    opened.get_by_label("Also on these dates").press("Enter")
    expect(opened.locator(".lms-recurrence__dates")).to_contain_text("extra date")
    assert opened.locator("[name=recurrence]").input_value() == f"{TUESDAYS}\nRDATE:20270605"
    opened.get_by_role("button", name="Remove Sat, 5 Jun 2027").click()
    expect(opened.locator(".lms-recurrence__dates")).not_to_contain_text("extra date")
    assert opened.locator("[name=recurrence]").input_value() == TUESDAYS


def test_a_last_date_that_was_left_out_elsewhere_comes_back(admin, make_series) -> None:
    page = make_series(publish=False, recurrence=f"{TUESDAYS}\nEXDATE:20270413\nEXDATE:20270420")
    opened = edit(admin, page)
    expect(opened.get_by_label("Number of sessions")).to_have_value("6")
    opened.get_by_role("button", name="Put Tuesday, 13 April 2027 back").click()
    expect(opened.get_by_label("Number of sessions")).to_have_value("7")
    expect(opened.get_by_role("button", name="Leave out Tuesday, 13 April 2027")).to_be_focused()
    assert sessions(opened) == tuesdays(7)


def test_enter_in_any_choice_keeps_the_page_and_the_edit(admin, make_series) -> None:
    page = make_series(publish=False, recurrence=TUESDAYS)
    revisions = page.revisions.count()
    opened = edit(admin, page)
    posts: list[str] = []
    opened.on(
        "request", lambda request: posts.append(request.url) if request.is_navigation_request() else None
    )
    opened.get_by_label("Last date").fill("2027-05-04")
    for label in ("Last date", "Number of sessions", "Not on these dates", "Also on these dates"):
        opened.get_by_label(label).press("Enter")
    opened.locator("[id$=-interval]").press("Enter")
    opened.get_by_role("checkbox", name="Tuesday").press("Enter")
    opened.get_by_label("Not on these dates").fill("2027-03-09")
    opened.get_by_label("Not on these dates").press("Enter")
    expect(opened.locator(".lms-recurrence__sentence")).to_contain_text("except 9 March 2027")
    assert not posts
    assert page.revisions.count() <= revisions + 1  # Wagtail may have saved a draft by itself.
    assert f"/admin/pages/{page.pk}/edit/" in opened.url


def test_the_first_date_time_and_zone_beside_it_are_followed(admin, make_series) -> None:
    page = make_series(publish=False, recurrence="RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=TU\nEXDATE:20270316")
    opened = edit(admin, page)
    start = opened.locator("[name=start_date]")
    start.fill("2027-03-23")
    start.press("Tab")
    # 16 March is no session any more, so nothing has to be made up for.
    expect(opened.locator(".lms-recurrence__sentence")).to_have_text(
        "Every Tuesday at 06:00 WIB, 8 sessions."
    )
    expect(opened.locator(".lms-recurrence__preview")).to_contain_text(
        "There is no session on Tuesday, 16 March 2027 anyway"
    )
    opened.locator("[name=start_time]").fill("09:30")
    zone = opened.locator("[name=zone]")
    if zone.evaluate("each => each.tagName") == "SELECT":
        zone.select_option("Asia/Jayapura")
    else:
        zone.fill("Asia/Jayapura")
    expect(opened.locator(".lms-recurrence__sentence")).to_contain_text("at 09:30 WIT")
    start.fill("")
    start.press("Tab")
    expect(opened.locator(".lms-recurrence__preview")).to_contain_text(
        "Fill in to see the sessions: first date."
    )


def test_monthly_and_yearly_and_back_to_none(admin, make_series) -> None:
    opened = edit(admin, make_series(publish=False, recurrence=""))
    text = opened.locator("[name=recurrence]")
    opened.get_by_label("Frequency").select_option("MONTHLY")
    assert text.input_value() == "RRULE:FREQ=MONTHLY;COUNT=8;BYMONTHDAY=2"
    opened.get_by_label("Day of the month").select_option("-1")
    assert text.input_value() == "RRULE:FREQ=MONTHLY;COUNT=8;BYMONTHDAY=-1"
    opened.get_by_label("Which one in the month").select_option("2")
    assert text.input_value() == "RRULE:FREQ=MONTHLY;COUNT=8;BYDAY=2TU"
    opened.locator("[id$=-interval]").fill("2")
    expect(opened.locator(".lms-recurrence__sentence")).to_have_text(
        "On the second Tuesday of every 2 months at 06:00 WIB, 8 sessions."
    )
    opened.get_by_label("Frequency").select_option("YEARLY")
    opened.get_by_label("Number of sessions").fill("3")
    expect(opened.locator(".lms-recurrence__sentence")).to_have_text(
        "Every 2 years on 2 March at 06:00 WIB, 3 sessions."
    )
    opened.get_by_label("Frequency").select_option("")
    assert text.input_value() == ""
    expect(opened.get_by_label("Number of sessions")).to_be_hidden()


def test_too_much_is_said_at_once_and_kept_as_typed(admin, make_series) -> None:
    opened = edit(admin, make_series(publish=False, recurrence=TUESDAYS))
    opened.get_by_label("Number of sessions").fill("201")
    expect(opened.locator(".lms-recurrence .help-critical")).to_contain_text("more than 200 sessions")
    expect(opened.get_by_label("Number of sessions")).to_have_value("201")
    opened.get_by_label("Number of sessions").fill("")
    opened.get_by_label("Number of sessions").fill("12")
    expect(opened.locator(".lms-recurrence__sentence")).to_contain_text("12 sessions")
    opened.get_by_label("on", exact=True).check()
    expect(opened.locator(".lms-recurrence .help-critical")).to_contain_text("The series never ends.")


SPECIAL = "RRULE:FREQ=MONTHLY;COUNT=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"


def test_a_rule_that_the_choices_cannot_show_is_kept_word_for_word(admin, make_series) -> None:
    page = make_series(publish=False, recurrence=SPECIAL)
    opened = edit(admin, page)
    text = opened.locator("[name=recurrence]")
    expect(opened.get_by_label("Frequency")).to_have_value("SPECIAL")
    expect(text).to_be_visible()
    expect(opened.get_by_label("Number of sessions")).to_be_hidden()
    opened.get_by_label("Not on these dates").fill("2027-04-30")
    opened.get_by_role("button", name="Leave this date out").click()
    assert text.input_value() == f"{SPECIAL}\nEXDATE:20270430"
    opened.get_by_label("Frequency").select_option("WEEKLY")
    assert "BYSETPOS" not in text.input_value()
    opened.get_by_label("Frequency").select_option("SPECIAL")
    assert text.input_value() == f"{SPECIAL}\nEXDATE:20270430"
    text.fill("hello")
    text.press("Tab")
    expect(opened.locator(".lms-recurrence .help-critical")).to_contain_text("not understood: “hello”")
    expect(opened.get_by_label("Not on these dates")).to_be_hidden()
    text.fill(TUESDAYS)
    text.press("Tab")
    expect(opened.get_by_label("Frequency")).to_have_value("WEEKLY")


def test_rows_added_to_an_inline_panel_work_each_for_itself(admin, home) -> None:
    page = home.add_child(instance=HostTimetablePage(title="Jadwal", slug="jadwal"))
    opened = admin(f"/admin/pages/{page.pk}/edit/")
    for number in range(3):
        opened.get_by_role("button", name="Add Timetable").click()
        row = opened.locator(f"#inline_child_timetables-{number}")
        expect(row.get_by_label("Frequency")).to_be_visible()
        expect(row.locator(".lms-recurrence__preview")).to_contain_text("Fill in to see the sessions")
        row.locator(f"[name=timetables-{number}-start_date]").fill(f"2027-03-0{number + 1}")
        row.locator(f"[name=timetables-{number}-start_date]").press("Tab")
        opened.keyboard.press("Escape")
        row.get_by_label("Frequency").select_option("WEEKLY")
        row.get_by_label("Number of sessions").fill(str(number + 2))
        expect(row.locator(".lms-recurrence__sentence")).to_contain_text(f"WITA, {number + 2} sessions")
    for number, name in enumerate(["Monday", "Tuesday", "Wednesday"]):
        row = opened.locator(f"#inline_child_timetables-{number}")
        expect(row.get_by_role("checkbox", name=name)).to_be_checked()
    opened.get_by_role("button", name="Save draft").click()
    expect(opened.locator(".messages .success, [role=status] .success").first).to_be_visible()
    rows = HostTimetablePage.objects.get(pk=page.pk).get_latest_revision_as_object().timetables.all()
    assert [rule_text(row.recurrence) for row in rows] == [
        f"RRULE:FREQ=WEEKLY;COUNT={number + 2};BYDAY={day}" for number, day in enumerate(["MO", "TU", "WE"])
    ]
    assert not HostTimetable.objects.exists()  # A draft.


def test_without_javascript_the_rule_is_edited_as_text(admin, make_series) -> None:
    page = make_series(publish=False, recurrence="")
    opened = admin(f"/admin/pages/{page.pk}/edit/", java_script_enabled=False)
    html = opened.content()
    assert "hidden" in opened.locator(".lms-recurrence__choices").evaluate("each => each.outerHTML")[:200]
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=9" in html
    # Wagtail's own tabs need JavaScript; the text box stands open inside its panel.
    assert opened.locator(".lms-recurrence__source").evaluate("each => each.open")


def test_publishing_makes_the_dates_that_were_shown(admin, make_series) -> None:
    page = make_series(publish=False, recurrence=TUESDAYS)
    opened = edit(admin, page, timezone_id="America/New_York")
    opened.get_by_role("button", name="Leave out Tuesday, 9 March 2027").click()
    expect(opened.get_by_role("button", name="Put Tuesday, 9 March 2027 back")).to_be_visible()
    shown = sessions(opened)
    opened.locator(
        ".actions [aria-haspopup], .footer .w-dropdown__toggle, [data-w-dropdown-target=toggle]"
    ).last.click()
    opened.get_by_role("button", name="Publish", exact=True).click()
    expect(opened.locator(".messages .success, [role=status] .success").first).to_be_visible()
    dates = Occurrence.objects.order_by("original_date").values_list("original_date", flat=True)
    assert [day.isoformat() for day in dates] == shown
    starts = {moment.isoformat()[10:] for moment in Occurrence.objects.values_list("starts_at", flat=True)}
    assert starts == {"T23:00:00+00:00"}  # 06:00 WIB


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_accessible_in_both_themes(admin, admin_user, make_series, theme: str, width: int) -> None:
    UserProfile.objects.update_or_create(user=admin_user, defaults={"theme": theme})
    page = make_series(
        publish=False, recurrence=f"{TUESDAYS}\nRDATE:20270605\nEXDATE:20270316\nEXDATE:20270317"
    )
    other = "dark" if theme == "light" else "light"
    opened = edit(admin, page, viewport={"width": width, "height": 900}, color_scheme=other)
    opened.get_by_text("The rule as text").click()
    results = Axe().run(opened, context=".lms-recurrence")
    assert results.violations_count == 0, results.generate_report()
    box = opened.locator(".lms-recurrence").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    small = opened.locator(".lms-recurrence :is(button, input, select, summary):visible").evaluate_all(
        "all => all.filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.outerHTML)"
    )
    assert not small


def test_the_browser_counts_the_same_dates_as_the_server(admin, make_series) -> None:
    """The editor turns sessions held into COUNT by itself; the server's dates decide whether it is right."""
    opened = edit(admin, make_series(publish=False, recurrence=TUESDAYS), timezone_id="America/New_York")
    chance = random.Random(20270302)
    for _ in range(150):
        start = dt.date(2027, 1, 1) + dt.timedelta(days=chance.randrange(1500))
        held = chance.randint(1, 12)
        rule = chance.choice(
            [
                "FREQ=DAILY",
                "FREQ=WEEKLY",
                "FREQ=WEEKLY;BYDAY=" + ",".join(chance.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], 3)),
                "FREQ=MONTHLY",
                f"FREQ=MONTHLY;BYMONTHDAY={chance.choice([1, 15, 29, 30, 31, -1])}",
                f"FREQ=MONTHLY;BYDAY={chance.choice([1, 2, 3, 4, -1])}{chance.choice(['MO', 'TU', 'SU'])}",
                "FREQ=YEARLY",
            ]
        )
        text = f"RRULE:{rule};INTERVAL={chance.randint(1, 3)};COUNT={held}"
        try:
            dates = session_dates(text, start_date=start, zone="Asia/Jakarta").sessions
        except RuleError:
            continue
        gone = chance.sample(dates, min(len(dates), chance.randint(0, 2)))
        gone.append(start + dt.timedelta(days=chance.randrange(60)))
        # Ask for `held` sessions without these dates, write, and read again.
        written, read = opened.evaluate(
            """([text, start, gone]) => {
                const rule = window.LmsRecurrenceRule;
                const day = rule.fromIso(start);
                const state = rule.read(text, day, "Asia/Jakarta");
                state.excluded = gone.map(rule.fromIso);
                const written = rule.write(state, day);
                return [written, rule.read(written, day, "Asia/Jakarta").sessions];
            }""",
            [text, start.isoformat(), [day.isoformat() for day in dict.fromkeys(gone)]],
        )
        assert read == held
        try:
            found = session_dates(written, start_date=start, zone="Asia/Jakarta").sessions
        except RuleError as error:
            assert error.code == "too_far"
            continue
        assert len(found) == held, (text, start, written)
        assert not set(found) & set(gone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RRULE:FREQ=WEEKLY;UNTIL=20271207T170000Z;BYDAY=WE", "RRULE:FREQ=WEEKLY;UNTIL=20271208;BYDAY=WE"),
        ("rrule:byday=tu;count=5;freq=weekly\r\nexdate:20270316T000000,20270309", None),
    ],
)
def test_stored_instants_are_read_in_the_zone_of_the_series(admin, make_series, text, expected) -> None:
    opened = edit(admin, make_series(publish=False, recurrence=""), timezone_id="America/New_York")
    written = opened.evaluate(
        """(text) => { const rule = window.LmsRecurrenceRule;
            return rule.write(rule.read(text, rule.fromIso("2027-03-02"), "Asia/Jakarta"), rule.fromIso("2027-03-02")); }""",
        text,
    )
    assert written == (expected or "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU\nEXDATE:20270309\nEXDATE:20270316")
