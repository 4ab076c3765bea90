"""What the tree must and must not hold."""

from __future__ import annotations

import configparser
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, sources

HARD_CEILING = 500
AREA_FILES = {"models", "queries", "rules", "services"}


def too_long(paths: list[Path]) -> list[str]:
    return [
        f"{path}: {lines}" for path in paths if (lines := len(path.read_text().splitlines())) > HARD_CEILING
    ]


def test_no_module_is_longer_than_500_lines():
    tests = sorted((ROOT / "tests").rglob("*.py"))
    assert too_long(sources("*.py") + tests) == []


def test_a_module_of_501_lines_is_noticed(tmp_path):
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * (HARD_CEILING + 1))
    assert too_long([path])


def test_site_is_a_plain_folder():
    assert not (ROOT / "site" / "__init__.py").exists()


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>|<style\b|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=\s*[\"']",
    re.I,
)


def inline_code(text: str) -> list[str]:
    return INLINE.findall(text) and [match.group(0) for match in INLINE.finditer(text)]


def test_no_template_holds_inline_script_style_or_handlers():
    found = {str(path.relative_to(ROOT)): inline_code(path.read_text()) for path in sources("*.html")}
    assert {path: code for path, code in found.items() if code} == {}


@pytest.mark.parametrize(
    "code",
    [
        "<script>x</script>",
        "<style>a{}</style>",
        '<p style="x">',
        "<a onclick='x'>",
        "<script type='module'>x</script>",
    ],
)
def test_inline_code_is_noticed(code):
    assert inline_code(code)


def test_a_script_with_an_address_and_structured_data_are_allowed():
    assert not inline_code(
        '<script src="/a.js" defer></script><script type="application/ld+json">{}</script>'
    )


PUBLIC_TEMPLATES = (
    "lms/templates/lms/pages",
    "lms/templates/lms/blocks",
    "lms/templates/lms/components",
    "lms/templates/lms/base.html",
)
PERSONAL = re.compile(r"csrf_token|request\.user|wagtailuserbar|\{\{ *user\b")


def personal_code(text: str) -> list[str]:
    return PERSONAL.findall(text)


def test_public_templates_are_the_same_for_everybody():
    paths = [path for path in sources("*.html") if str(path.relative_to(ROOT)).startswith(PUBLIC_TEMPLATES)]
    assert paths
    assert {
        str(path): personal_code(path.read_text()) for path in paths if personal_code(path.read_text())
    } == {}


@pytest.mark.parametrize(
    "code", ["{% csrf_token %}", "{{ request.user }}", "{% wagtailuserbar %}", "{{ user.email }}"]
)
def test_personal_code_is_noticed(code):
    assert personal_code(code)


def test_no_option_stands_in_both_project_files():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    cfg = configparser.ConfigParser()
    cfg.read(ROOT / "setup.cfg")
    sections = {name.split(":")[0].split(".")[0] for name in cfg.sections()}
    assert sections.isdisjoint(project["tool"])
    assert sections == {"importlinter", "mypy"}


def test_every_area_says_what_it_owns_and_what_it_may_import():
    areas = [path for path in (ROOT / "lms").iterdir() if (path / "__init__.py").exists()]
    areas = [area for area in areas if area.name not in ("management", "migrations", "templatetags")]
    for area in areas:
        text = (area / "__init__.py").read_text()
        assert text.startswith('"""') and "May import" in text, area.name


FORBIDDEN_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|data|info|common|misc)(_|$)")


def test_no_module_has_a_name_that_says_nothing():
    assert [str(path) for path in sources("*.py") if FORBIDDEN_NAMES.search(path.stem)] == []


def test_gettext_placeholders_are_named():
    bad = []
    for path in sources("*.py"):
        for text in re.findall(
            r"\b(?:_|gettext|gettext_lazy|ngettext)\(\s*\"((?:[^\"\\]|\\.)*)\"", path.read_text()
        ):
            if re.search(r"%[sd]|\{\}", text):
                bad.append(f"{path.name}: {text}")
    assert bad == []
