"""Where the tree is, and copies of it in which a test may plant a violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sources(*patterns: str) -> list[Path]:
    """Return files of the product and the demo site by pattern, without migrations."""
    found: list[Path] = []
    for top in ("lms", "site"):
        for pattern in patterns:
            found += [path for path in (ROOT / top).rglob(pattern) if "migrations" not in path.parts]
    return sorted(found)


def copy_to(folder: Path) -> Path:
    """Copy what the linters read into a folder."""
    ignore = shutil.ignore_patterns("__pycache__", "static", "locale", "*.typ", "*.ttf", "*.otf")
    for name in ("lms", "site"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{folder / 'site'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def ruff(folder: Path, *paths: str) -> subprocess.CompletedProcess[str]:
    """Run ruff's rules in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", *paths],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
