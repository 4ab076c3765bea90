"""What each area says to browsers: who may run code, who may frame it, what may be kept, and over what it is sent."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from academy.home.demo.partners import make_partner
from lms.people.queries import personal_token
from lms.webinars.models import Occurrence
from tests.academy.test_settings import NEEDED, manage
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(response):
    parts = response["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


def addresses(area):
    if area == "public":
        occurrence = Occurrence.objects.filter(series__activity__public=True).first()
        return [
            "/id/",
            "/en/courses/",
            "/id/cari/?q=qris",
            "/id/tidak-ada/",
            "/c/",
            f"/s/{occurrence.public_id}",
            "/offline/",
        ]
    if area == "personal":
        learner = make_learner(verified=True)
        return [reverse("lms_public:person", args=[personal_token(learner)]), "/p/broken"]
    if area == "embed":
        calendar, _ = make_partner(origins=["https://bank.example"])
        return [reverse("lms_public:embed_agenda", args=[calendar.public_id])]
    return ["/admin/", "/admin/pages/", "/admin/login/"]


@pytest.mark.parametrize("area", ["public", "personal", "embed", "admin"])
def test_each_area_has_its_headers(client, admin_client, area):
    for path in addresses(area):
        response = (admin_client if area == "admin" else client).get(path)
        said = policy(response)
        assert EVERYWHERE.items() <= dict(response.items()).items(), path
        assert said["default-src"] == said["base-uri"] == "'none'" and said["form-action"] == "'self'", path
        inline = "'unsafe-inline'" in said["script-src"]
        assert inline == (area == "admin") and "unsafe-eval" not in said["script-src"], path
        if area == "embed":
            assert said["frame-ancestors"] == "https://bank.example"
            assert not response.has_header("X-Frame-Options")
        else:
            assert said["frame-ancestors"] == ("'self'" if area == "admin" else "'none'"), path
            assert response["X-Frame-Options"] in ("DENY", "SAMEORIGIN") and (
                area == "admin" or response["X-Frame-Options"] == "DENY"
            ), path
        if area == "personal":
            assert response["Referrer-Policy"] == "no-referrer" and "no-store" in response["Cache-Control"], (
                path
            )
        else:
            assert response["Referrer-Policy"] in ("same-origin", "no-referrer"), path
        if area == "admin":
            assert {"private", "no-store"} & set(response["Cache-Control"].replace(" ", "").split(",")), path


ASK = """
import json
from django.test import Client
from django.conf import settings
said = {}
for name, options in {"plain": {}, "secure": {"secure": True}, "claimed": {"HTTP_X_FORWARDED_PROTO": "https"}}.items():
    answer = Client(SERVER_NAME="academy.example").get("/robots.txt", **options)
    said[name] = [answer.status_code, dict(answer.items())]
said["stranger"] = [Client(SERVER_NAME="evil.example").get("/robots.txt", secure=True).status_code, {}]
print(json.dumps(said))
"""


@pytest.mark.parametrize("proxies", [0, 1])
def test_production_speaks_https_only(own_var, proxies):
    done = manage(
        "shell",
        "--no-imports",
        "-c",
        ASK,
        **NEEDED,
        ACADEMY_VAR=str(own_var),
        TRUSTED_PROXIES=str(proxies),
        LOG_LEVEL="CRITICAL",
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.strip().splitlines()[-1])
    status, headers = said["plain"]
    assert (status, headers["Location"]) == (301, "https://academy.example/robots.txt")
    status, headers = said["secure"] if not proxies else said["claimed"]
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert EVERYWHERE.items() <= headers.items() and headers["Referrer-Policy"] == "same-origin"
    # Without a proxy in front, anybody could send the header.
    assert said["claimed"][0] == (200 if proxies else 301)
    assert said["stranger"][0] == 400
