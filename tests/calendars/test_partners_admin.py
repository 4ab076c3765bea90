"""Partners in the admin: the form says what is wrong, and the screen gives what a web team pastes."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from lms.calendars import queries
from lms.calendars.models import CachedEvent, PartnerCalendar
from lms.people.models import Partner
from tests.calendars import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, home):
    client.force_login(get_user_model().objects.create_superuser("ayu", "ayu@academy.example", "x"))
    return client


def posted(partner, **fields):
    return {
        "partner": partner.pk,
        "name": "Kelas untuk nasabah",
        "language": "id",
        "zone": "Asia/Makassar",
        "accent": "",
        "allowed_hosts": "",
        "activities": [],
        "site": "",
        "active": "on",
    } | fields


@pytest.fixture
def partner(db):
    return Partner.objects.create(name="Bank Contoh", slug="bank-contoh", accent="#1d4ed8")


def test_a_calendar_is_made_and_its_snippets_follow(admin, partner):
    series = make.series()
    response = admin.post(
        reverse("lms_partner_calendars:add"),
        posted(
            partner,
            allowed_hosts="HTTPS://www.Bank.example/\r\n\r\n https://*.bank.example \r\nhttps://www.bank.example",
            activities=[series.activity.pk],
        ),
    )
    calendar = PartnerCalendar.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("lms_partner_calendars:inspect", args=[calendar.pk])
    assert calendar.allowed_hosts == ["https://www.bank.example", "https://*.bank.example"]
    assert list(calendar.activities.all()) == [series.activity]
    page = admin.get(response.url).content.decode()
    agenda = f"http://testserver{reverse('lms_public:embed_agenda', args=[calendar.public_id])}"
    pasted = [
        html.unescape(part.split("</textarea>")[0])
        for part in page.split('data-w-clipboard-target="value">')[1:]
    ]
    assert pasted == [
        f'<iframe src="{agenda}" title="Kelas untuk nasabah" width="100%" height="640" frameborder="0" loading="lazy"></iframe>',
        f'<script async src="http://testserver{reverse("lms_public:embed_script")}"></script>',
        f"http://testserver{reverse('lms_public:feed_partner', args=[calendar.public_id])}",
        f"webcal://testserver{reverse('lms_public:feed_partner', args=[calendar.public_id])}",
    ]
    assert "frame-src http://testserver; script-src http://testserver" in page
    assert "https://www.bank.example, https://*.bank.example" in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("www.bank.example", "www.bank.example is not an origin."),
        ("https://bank.example/agenda", "https://bank.example/agenda is not an origin."),
        ("http://bank.example", "http://bank.example is not secure."),
        ("https://bank.example; script-src *", "is not an origin."),
    ],
)
def test_each_wrong_host_is_named_with_its_reason(admin, partner, line, said):
    hosts = f"https://good.example\n{line}"
    response = admin.post(reverse("lms_partner_calendars:add"), posted(partner, allowed_hosts=hosts))
    assert response.status_code == 200
    assert not PartnerCalendar.objects.exists()
    page = html.unescape(response.content.decode())
    assert said in page
    assert hosts in page  # nothing that was typed is lost


@pytest.mark.parametrize(
    "fields",
    [
        {"accent": "red"},
        {"accent": "#12345"},
        {"zone": "Mars/Olympus"},
        {"language": "tlh"},
        {"activities": [999999]},
    ],
)
def test_nonsense_is_a_form_error(admin, partner, fields):
    response = admin.post(reverse("lms_partner_calendars:add"), posted(partner, **fields))
    assert response.status_code == 200
    assert not PartnerCalendar.objects.exists()


def test_only_what_is_public_is_offered_and_what_was_chosen_stays(admin, partner):
    public, private = make.series("Umum"), make.series("Pribadi", public=False)
    make.sessions(public, [dt.datetime(2027, 3, 2, 6, 0)])  # a session is no choice
    calendar = make.partner_calendar(activities=[private.activity])
    page = admin.get(reverse("lms_partner_calendars:edit", args=[calendar.pk])).content.decode()
    assert f'value="{public.activity.pk}"' in page and f'value="{private.activity.pk}"' in page
    fresh = admin.get(reverse("lms_partner_calendars:add")).content.decode()
    assert "Umum" in fresh and "Pribadi" not in fresh
    assert (
        f'value="{public.occurrences.get().activity_id}"'
        not in fresh.split('name="activities"', 1)[1].split("allowed_hosts")[0]
    )


def test_stored_hosts_come_back_as_lines(admin, home):
    calendar = make.partner_calendar(allowed_hosts=["https://a.example", "https://b.example"])
    page = admin.get(reverse("lms_partner_calendars:edit", args=[calendar.pk])).content.decode()
    assert "https://a.example\nhttps://b.example</textarea>" in page


def test_a_name_cannot_leave_its_snippet(admin):
    nasty = '"></iframe></textarea><script>alert(1)</script>'
    calendar = make.partner_calendar(name=nasty)
    page = admin.get(reverse("lms_partner_calendars:inspect", args=[calendar.pk])).content.decode()
    assert "<script>alert(1)" not in page
    pasted = html.unescape(page.split('data-w-clipboard-target="value">')[1].split("</textarea>")[0])
    assert 'title="&quot;&gt;&lt;/iframe&gt;&lt;/textarea&gt;&lt;script&gt;' in pasted


def test_the_screen_says_why_nothing_shows(admin):
    nobody, off = (
        make.partner_calendar(),
        make.partner_calendar(active=False, allowed_hosts=["https://a.example"]),
    )
    assert (
        "No host may embed this calendar yet."
        in admin.get(reverse("lms_partner_calendars:inspect", args=[nobody.pk])).content.decode()
    )
    assert (
        "This calendar is switched off"
        in admin.get(reverse("lms_partner_calendars:inspect", args=[off.pk])).content.decode()
    )


def test_sessions_left_out_of_feeds_are_seen(admin):
    series = make.series("Zona rusak")
    (session,) = make.sessions(series, [dt.datetime(2027, 3, 2, 6, 0)])
    index = reverse("lms_partner_calendars:index")
    assert "could not be written" not in admin.get(index).content.decode()
    CachedEvent.objects.create(
        occurrence=session, language="id", ics=b"", fingerprint="x", error="ZoneInfoNotFoundError: no <zone>"
    )
    page = admin.get(index).content.decode()
    assert "One session could not be written into a calendar" in page
    assert "Zona rusak" in page and "no &lt;zone&gt;" in page
    assert queries.left_out().count() == 1


def test_who_may_not_is_kept_out(client, home):
    editor = get_user_model().objects.create_user("budi", "budi@academy.example", "x")
    group = Group.objects.create(name="editors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor.groups.add(group)
    client.force_login(editor)
    calendar = make.partner_calendar()
    for name, args in (
        ("index", []),
        ("add", []),
        ("edit", [calendar.pk]),
        ("inspect", [calendar.pk]),
        ("delete", [calendar.pk]),
    ):
        assert client.get(reverse(f"lms_partner_calendars:{name}", args=args)).status_code == 302
    group.permissions.add(Permission.objects.get(codename="view_partnercalendar"))
    editor = get_user_model().objects.get(pk=editor.pk)
    client.force_login(editor)
    assert client.get(reverse("lms_partner_calendars:inspect", args=[calendar.pk])).status_code == 200
    assert client.get(reverse("lms_partner_calendars:edit", args=[calendar.pk])).status_code == 302


def test_a_partner_is_made(admin):
    response = admin.post(
        reverse("lms_partners:add"),
        {"name": "Koperasi Contoh", "slug": "koperasi-contoh", "url": "", "accent": "#b91c1c"},
    )
    assert response.status_code == 302
    assert Partner.objects.get().slug == "koperasi-contoh"
    assert admin.get(reverse("lms_partners:index")).status_code == 200
