"""One webinar's whole life, in Indonesian, in a real browser, against the demo as a stranger runs it.

An editor makes a course and series in the admin; a learner on a phone registers, joins, and is counted; a coordinator
imports the report; a certificate arrives and is verified; a partner on another origin shows the calendar.
"""

from __future__ import annotations

import datetime as dt
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Academy

pytestmark = pytest.mark.browser

PASSWORD = "naik-kelas"
JAKARTA = ZoneInfo("Asia/Jakarta")
MEETING = "https://meet.contoh.example/kamar-rahasia-7391"
NAME = "Ibu Contoh Melati"
EMAIL = "melati@contoh.example"
TUESDAY_TITLE = "Jualan pagi lewat WhatsApp"
TODAY_TITLE = "Klinik toko daring"
COURSE_TITLE = "Etalase toko dalam sehari"


@dataclass
class Life:
    """What one step hands on to the next."""

    academy: Academy
    series_url: str = ""
    today_url: str = ""
    personal: str = ""
    serial: str = ""


@pytest.fixture
def sign_in(academy: Academy, chromium):
    contexts: list[BrowserContext] = []

    def do(username: str, **options) -> Page:
        context = chromium.new_context(**(DESKTOP | options))
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{academy.url}/admin/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        expect(page).to_have_url(f"{academy.url}/admin/")
        return page

    yield do
    for context in contexts:
        context.close()


@pytest.fixture
def phone(chromium):
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    yield page
    context.close()


def page_id(academy: Academy, admin: Page, *titles: str) -> int:
    """Walk down the explorer by titles, from the Indonesian home page; return the last one's id."""
    found = 0
    for title in ("Beranda", *titles):
        admin.goto(f"{academy.url}/admin/pages/" + (f"{found}/" if found else ""))
        link = admin.locator("main a[href$='/edit/']").filter(has_text=title).first
        found = int(link.get_attribute("href").split("/")[3])
    return found


def publish(admin: Page) -> None:
    """Publish the page that is being edited."""
    # Leaving a field is what lets Wagtail make the slug.
    admin.keyboard.press("Tab")
    expect(admin.locator("#id_slug")).not_to_have_value("")
    admin.locator("footer .w-dropdown__toggle").click()
    admin.locator("footer button[name=action-publish]").click()
    expect(admin.locator(".messages .success").first).to_be_visible(timeout=30_000)


def rules_tab(admin: Page) -> None:
    admin.get_by_role("tab").nth(1).click()


def an_editor_makes_a_course_with_two_lessons(academy, sign_in, life):
    admin = sign_in("editor")
    curriculum = page_id(academy, admin, "Pemasaran Digital")
    admin.goto(f"{academy.url}/admin/pages/add/lms_pages/coursepage/{curriculum}/")
    admin.fill("#id_title", COURSE_TITLE)
    admin.fill("#id_summary", "Dari foto sampai etalase yang siap dikunjungi.")
    publish(admin)
    course = page_id(academy, admin, "Pemasaran Digital", COURSE_TITLE)
    for title in ("Menata foto produk", "Menulis keterangan yang menjual"):
        admin.goto(f"{academy.url}/admin/pages/add/lms_pages/lessonpage/{course}/")
        admin.fill("#id_title", title)
        publish(admin)
    page = admin.context.new_page()
    page.goto(f"{academy.url}/admin/pages/{course}/view_draft/")
    text = page.content()
    assert "Menata foto produk" in text and "Menulis keterangan yang menjual" in text


def next_tuesday() -> dt.date:
    today = dt.datetime.now(JAKARTA).date()
    return today + dt.timedelta(days=(1 - today.weekday()) % 7 or 7)


def every_tuesday_at_six_eight_sessions_not_on_one_date(academy, sign_in, life):
    """The editor's browser is in New York; the dates are Jakarta's."""
    admin = sign_in("editor")
    curriculum = page_id(academy, admin, "Pemasaran Digital")
    admin.goto(f"{academy.url}/admin/pages/add/lms_pages/webinarseriespage/{curriculum}/")
    admin.fill("#id_title", TUESDAY_TITLE)
    rules_tab(admin)
    first = next_tuesday()
    left_out = first + dt.timedelta(weeks=2)
    admin.fill("#id_start_date", first.isoformat())
    admin.keyboard.press("Tab")
    admin.fill("#id_start_time", "06:00")
    admin.keyboard.press("Tab")
    admin.select_option("#id_zone", "Asia/Jakarta")
    editor = admin.locator("[data-controller=lms-recurrence]")
    editor.locator("[data-lms-recurrence-target=frequency]").select_option("WEEKLY")
    tuesday = editor.locator("input[data-lms-recurrence-target=weekday]").nth(1)
    if not tuesday.is_checked():
        tuesday.locator("xpath=..").click()
    editor.locator("[data-lms-recurrence-target=ends][value=count]").check()
    editor.locator("[data-lms-recurrence-target=sessions]").fill("8")
    dates = editor.locator("li.lms-recurrence__session:not(.lms-recurrence__session--out) time")
    expect(dates).to_have_count(8)
    editor.locator(f"[data-lms-recurrence-date-param='{left_out.isoformat()}']").click()
    wanted = [first + dt.timedelta(weeks=n) for n in range(9) if n != 2]
    expect(editor.locator(".lms-recurrence__session--out")).to_have_count(1)
    expect(dates).to_have_count(8)
    assert dates.evaluate_all("all => all.map((each) => each.dateTime)") == [
        day.isoformat() for day in wanted
    ]
    expect(editor.locator(".lms-recurrence__sentence")).to_contain_text("Selasa")
    expect(editor.locator(".lms-recurrence__sentence")).to_contain_text("06.00")
    admin.fill("#id_join_url", MEETING)
    admin.fill("#id_organiser_name", "Akademi Contoh")
    admin.fill("#id_organiser_email", "halo@contoh.example")
    publish(admin)
    series = page_id(academy, admin, "Pemasaran Digital", TUESDAY_TITLE)
    visitor = admin.context.browser.new_context(**PHONE).new_page()
    admin.goto(f"{academy.url}/admin/pages/{series}/edit/")
    live = admin.locator(
        "a[href*='/id/'][target=_blank], a.w-header-button[href*='/id/']"
    ).first.get_attribute("href")
    life.series_url = live if live.startswith("http") else academy.url + live
    visitor.goto(life.series_url)
    text = visitor.locator("main").inner_text()
    assert "06.00" in text and "WIB" in text and "Selasa" in text
    assert MEETING not in visitor.content()
    # A phone in Makassar is shown its own hour beside the organiser's.
    assert "07.00" in text and "WITA" in text
    assert visitor.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    visitor.context.close()


def an_editor_makes_a_series_with_a_session_behind_and_one_that_begins_now(academy, sign_in, life):
    """One session of three is enough here, and earns a certificate."""
    admin = sign_in("editor")
    curriculum = page_id(academy, admin, "Pemasaran Digital")
    admin.goto(f"{academy.url}/admin/pages/add/lms_pages/webinarseriespage/{curriculum}/")
    admin.fill("#id_title", TODAY_TITLE)
    rules_tab(admin)
    now = dt.datetime.now(JAKARTA)
    begins = now + dt.timedelta(minutes=10)
    yesterday = begins.date() - dt.timedelta(days=1)
    admin.fill("#id_start_date", yesterday.isoformat())
    admin.keyboard.press("Tab")
    admin.fill("#id_start_time", f"{begins:%H:%M}")
    admin.keyboard.press("Tab")
    admin.fill("#id_duration_minutes", "60")
    admin.select_option("#id_zone", "Asia/Jakarta")
    editor = admin.locator("[data-controller=lms-recurrence]")
    editor.locator("[data-lms-recurrence-target=frequency]").select_option("DAILY")
    editor.locator("[data-lms-recurrence-target=ends][value=count]").check()
    editor.locator("[data-lms-recurrence-target=sessions]").fill("3")
    expect(editor.locator("time")).to_have_count(3)
    admin.fill("#id_join_url", MEETING)
    admin.fill("#id_needed", "1")
    admin.locator("#id_certificate_design").select_option(index=1)
    publish(admin)
    series = page_id(academy, admin, "Pemasaran Digital", TODAY_TITLE)
    admin.goto(f"{academy.url}/admin/pages/{series}/edit/")
    live = admin.locator(
        "a[href*='/id/'][target=_blank], a.w-header-button[href*='/id/']"
    ).first.get_attribute("href")
    life.today_url = live if live.startswith("http") else academy.url + live


def a_learner_registers_with_name_and_address_on_a_phone(academy, phone, life):
    phone.goto(life.today_url)
    phone.get_by_role("link", name=re.compile("Daftar")).first.click()
    phone.fill("[name=name]", NAME)
    phone.fill("[name=email]", EMAIL)
    for box in phone.locator("form[data-person-form] input[type=checkbox][required]").all():
        box.check()
    phone.locator("form[data-person-form] button[type=submit]").dblclick()
    expect(phone.locator("h1")).to_contain_text(NAME)
    assert MEETING not in phone.content()
    mail = academy.mail(EMAIL, TODAY_TITLE)
    life.personal = re.search(r"https?://\S+/p/\S+", mail).group(0)
    assert "WITA" in mail and "WIB" in mail
    assert all(MEETING not in text for text in academy.mails())
    assert sum(EMAIL in text and TODAY_TITLE in text for text in academy.mails()) == 1


def the_personal_page_says_whose_it_is_and_leads_to_the_meeting(academy, phone, life):
    phone.goto(life.personal)
    expect(phone.locator("h1")).to_contain_text(NAME)
    assert phone.locator("meta[name=robots]").get_attribute("content") == "noindex"
    assert MEETING not in phone.content()
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    went: list[str] = []
    phone.route(
        "https://meet.contoh.example/**",
        lambda route: (went.append(route.request.url), route.fulfill(body="ruang")),
    )
    phone.locator("section.next a.button").click()
    phone.wait_for_url(MEETING)
    assert went == [MEETING]


def a_coordinator_imports_the_report_and_applies_it(academy, sign_in, life, tmp_path: Path):
    admin = sign_in("koordinator")
    begins = first_session(life)
    report = tmp_path / "participants_812.csv"
    report.write_text(zoom_report(begins), encoding="utf-8-sig")
    admin.goto(f"{academy.url}/admin/webinars/")
    admin.get_by_role("link", name=TODAY_TITLE).first.click()
    admin.locator("a[href$='/attendance/']").first.click()
    admin.locator("input[type=file]").set_input_files(str(report))
    admin.locator("form:has(input[type=file]) [type=submit]").click()
    admin.wait_for_load_state()
    text = admin.locator("main").inner_text()
    assert NAME in text and "Tamu Tanpa Surel" in text
    # Nothing counts before it is applied.
    phone = admin.context.browser.new_context(**PHONE).new_page()
    phone.goto(life.personal)
    assert "58 " not in phone.locator("main").inner_text()
    phone.context.close()
    admin.locator("form[action*='/apply/'] [type=submit]").first.click()
    admin.wait_for_load_state()


def first_session(life: Life) -> dt.datetime:
    """Return when the first session began, as the public page says."""
    with urllib.request.urlopen(life.today_url) as response:  # noqa: S310 -- our own server
        text = response.read().decode()
    moments = {dt.datetime.fromisoformat(found) for found in re.findall(r'datetime="([^"]+T[^"]+)"', text)}
    return min(moments).astimezone(JAKARTA)


def zoom_report(begins: dt.datetime) -> str:
    """Write a report as Zoom's Indonesian portal does: two devices of one person that overlap, and a guest."""

    def at(minutes: int) -> str:
        return (begins + dt.timedelta(minutes=minutes)).strftime("%d/%m/%Y %H:%M:%S")

    rows = [
        "Nama (nama asli),Email,Waktu bergabung,Waktu keluar,Durasi (menit),Tamu,Respons penafian rekaman,Di ruang tunggu",
        f"{NAME},{EMAIL},{at(-3)},{at(30)},33,Ya,OK,Tidak",
        f"Melati HP,{EMAIL.upper()},{at(25)},{at(58)},33,Ya,OK,Tidak",
        f"Tamu Tanpa Surel,,{at(1)},{at(59)},58,Ya,OK,Tidak",
    ]
    return "\n".join(rows) + "\n"


def the_learner_is_counted_and_sees_why(academy, phone, life):
    """58 minutes of 60, though the two devices' printed minutes add up to 66."""
    for _ in range(40):
        phone.goto(life.personal)
        if "58" in phone.locator("main").inner_text():
            break
        phone.wait_for_timeout(1000)
    text = phone.locator("main").inner_text()
    assert re.search(r"58 (dari|of) 60|58 menit", text), text


def a_certificate_arrives_is_fetched_with_a_code_and_verified(academy, phone, life):
    mail = academy.mail(EMAIL, "Sertifikat", "/c/", seconds=90)
    life.serial = re.search(r"/c/([0-9A-Z]{13})", mail).group(1)
    phone.goto(life.personal)
    phone.locator(f"a[href*='/certificate/{life.serial}/']").click()
    phone.locator("form [type=submit]").first.click()
    code = re.search(r"\b(\d{6})\b", academy.mail(EMAIL, "kode", seconds=60)).group(1)
    phone.fill("[name=code]", code)
    with phone.expect_download() as download:
        phone.locator("form:has([name=code]) [type=submit]").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    phone.goto(f"{academy.url}/c/{life.serial}?lang=id")
    text = phone.locator("main").inner_text()
    assert NAME in text and TODAY_TITLE in text
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def calendars_show_it_on_another_origin(academy, phone, life):
    phone.goto(academy.partner_url)
    frame = phone.frame_locator("iframe").first
    expect(frame.locator("body")).to_contain_text(TUESDAY_TITLE, timeout=20_000)
    phone.goto(life.series_url)
    feed = phone.locator("a[href$='.ics'], a[href*='.ics?']").first.get_attribute("href")
    feed = re.sub("^webcal://", "http://", feed)
    address = feed if feed.startswith("http") else academy.url + feed
    with urllib.request.urlopen(address) as response:  # noqa: S310 -- our own server
        calendar = response.read()
    import recurring_ical_events
    from icalendar import Calendar

    first = next_tuesday()
    found = recurring_ical_events.of(Calendar.from_ical(calendar)).between(
        first, first + dt.timedelta(days=80)
    )
    moments = sorted(each["DTSTART"].dt.astimezone(JAKARTA) for each in found)
    assert len(moments) == 8
    assert {(moment.weekday(), moment.hour, moment.minute) for moment in moments} == {(1, 6, 0)}
    assert MEETING.encode() not in calendar


def test_one_webinars_whole_life(academy, sign_in, phone, tmp_path):
    """Each step is what one person does; a failure's traceback names the step."""
    life = Life(academy)
    an_editor_makes_a_course_with_two_lessons(academy, sign_in, life)
    every_tuesday_at_six_eight_sessions_not_on_one_date(academy, sign_in, life)
    an_editor_makes_a_series_with_a_session_behind_and_one_that_begins_now(academy, sign_in, life)
    a_learner_registers_with_name_and_address_on_a_phone(academy, phone, life)
    the_personal_page_says_whose_it_is_and_leads_to_the_meeting(academy, phone, life)
    a_coordinator_imports_the_report_and_applies_it(academy, sign_in, life, tmp_path)
    the_learner_is_counted_and_sees_why(academy, phone, life)
    a_certificate_arrives_is_fetched_with_a_code_and_verified(academy, phone, life)
    calendars_show_it_on_another_origin(academy, phone, life)
