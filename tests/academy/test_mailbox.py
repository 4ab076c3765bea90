"""The demo's mail box shows what was written as a file, and never runs what is in it."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage, get_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)

    def send(*messages):
        connection = get_connection(
            "django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path)
        )
        connection.send_messages(list(messages))

    return send


def letter(subject="Undangan", body="Buka http://127.0.0.1:8000/p/abc.1.xyz.", **more):
    return EmailMessage(subject, body, "halo@academy.example", ["sari@contoh.example"], **more)


def test_an_empty_box_says_what_to_do(client, post):
    assert "Belum ada email" in client.get("/demo/mail/", HTTP_ACCEPT_LANGUAGE="id").content.decode()


def test_the_newest_mail_is_on_top_and_its_links_can_be_followed(client, post):
    post(letter("Pertama"))
    post(letter("Kedua"), letter("Ketiga, täglich ü"))
    text = client.get("/demo/mail/").content.decode()
    assert text.index("Ketiga, täglich ü") < text.index("Kedua") < text.index("Pertama")
    assert '<a href="http://127.0.0.1:8000/p/abc.1.xyz">' in text


def test_a_mail_is_only_words(client, post):
    evil = '<script>alert(1)</script> http://x.example/"onclick=alert(2) javascript:alert(3)'
    post(letter(evil, evil))
    text = client.get("/demo/mail/").content.decode()
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert '"onclick' not in text


def test_an_attachment_can_be_taken_and_is_never_shown_as_a_page(client, post):
    mail = letter()
    mail.attach("undangan.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=REQUEST")
    mail.attach("../evil.html", "<script>alert(1)</script>", "text/html")
    post(mail)
    assert "undangan.ics" in client.get("/demo/mail/").content.decode()
    first = client.get("/demo/mail/0/0/")
    assert first.content.startswith(b"BEGIN:VCALENDAR")
    second = client.get("/demo/mail/0/1/")
    assert second["Content-Disposition"].startswith("attachment")
    assert "/" not in second["Content-Disposition"]
    for path in ("/demo/mail/0/2/", "/demo/mail/7/0/"):
        assert client.get(path).status_code == 404
