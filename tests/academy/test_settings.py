"""Settings: production is safe and says what it needs; mails are configured in the words of the installed Django."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "SECRET_KEY": "x7Kq-2mR9vT4wZ8bN3cJ6hL1pD5sF0gY_aQeUiOzXcVbNmAsDfGhJkL",
    "ALLOWED_HOSTS": "academy.example",
    "BASE_URL": "https://academy.example",
}


def manage(*arguments, settings="production", **environment):
    return subprocess.run(
        [sys.executable, str(ROOT / "site" / "manage.py"), *arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "DJANGO_SETTINGS_MODULE": f"academy.settings.{settings}",
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "DATABASE_URL": "postgres://kelas:p%40ss@127.0.0.1:5432/kelas?sslmode=prefer",
            "REDIS_URL": "redis://127.0.0.1:6379/0",
            "SMTP_URL": "smtps://mail:secret@127.0.0.1:465",
            "TRUSTED_PROXIES": "1",
        },
    ],
    ids=["alone", "at scale"],
)
def test_production_passes_the_checks_for_deployment(more, tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **NEEDED, **more, ACADEMY_VAR=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("proxies", ["0", "2"])
def test_production_tells_visitors_apart_behind_its_proxies(proxies, tmp_path):
    """Else everybody registers from the proxy's address, and the brake against floods stops a burst of visitors."""
    code = "from lms import conf; print('proxies', conf.TRUSTED_PROXIES)"
    done = manage("shell", "-c", code, **NEEDED, TRUSTED_PROXIES=proxies, ACADEMY_VAR=str(tmp_path))
    assert f"proxies {proxies}" in done.stdout, done.stderr


@pytest.mark.parametrize("missing", NEEDED)
def test_production_says_what_it_needs(missing, tmp_path):
    environment = {name: value for name, value in NEEDED.items() if name != missing}
    done = manage("check", **environment, ACADEMY_VAR=str(tmp_path))
    assert done.returncode != 0
    assert f"Set the environment variable {missing}" in done.stderr


def test_a_database_address_is_read_with_its_parts():
    os.environ.update(NEEDED)
    from academy.settings.production import postgres

    assert postgres("postgres://u%2Fx:p%40ss@db.example:6543/kelas?sslmode=require") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "kelas",
        "USER": "u/x",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": 6543,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_database_address_of_another_kind_is_refused():
    from django.core.exceptions import ImproperlyConfigured

    os.environ.update(NEEDED)
    from academy.settings.production import postgres

    for url in ("mysql://host/name", "postgres://host/", "kelas"):
        with pytest.raises(ImproperlyConfigured, match="postgres://user:password@host:port/name"):
            postgres(url)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((5, 2, 1), {"EMAIL_BACKEND": "x.Backend", "EMAIL_FILE_PATH": "/mail", "EMAIL_HOST_USER": "me"}),
        (
            (6, 1, 0),
            {
                "MAILERS": {
                    "default": {"BACKEND": "x.Backend", "OPTIONS": {"file_path": "/mail", "username": "me"}}
                }
            },
        ),
    ],
)
def test_mail_is_configured_in_the_words_of_the_installed_django(version, expected, monkeypatch):
    import django

    from academy.settings.base import mail

    monkeypatch.setattr(django, "VERSION", version)
    assert mail("x.Backend", file_path="/mail", username="me") == expected


def test_the_demo_makes_a_secret_of_its_own_and_keeps_it(tmp_path):
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    keys = [
        manage("shell", "--no-imports", "-c", code, settings="demo", ACADEMY_VAR=str(tmp_path)).stdout.strip()
        for _ in range(2)
    ]
    assert len(keys[0]) > 50 and keys[0] == keys[1]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_no_migration_of_the_academy_is_missing():
    from django.core.management import call_command

    call_command("makemigrations", "home", check=True, dry_run=True, verbosity=0)


def test_private_files_are_not_among_the_public_ones():
    from django.conf import settings

    private = Path(settings.STORAGES["lms_private"]["OPTIONS"]["location"]).resolve()
    assert not private.is_relative_to(Path(settings.MEDIA_ROOT).resolve())
    assert not private.is_relative_to(Path(settings.STATIC_ROOT).resolve())
