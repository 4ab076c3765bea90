"""Who signs in to look around: an editor, a coordinator, and somebody who may do everything."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from academy.home.models import HomePage

#: Good enough for one's own machine, where the demo listens on the loopback address only.
PASSWORD = "naik-kelas"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who signs in, and what for."""

    username: str
    first_name: str
    last_name: str
    group: str
    words: str


LOGINS = (
    Login("editor", "Ibu Contoh", "Wulan", "Editor", "writes courses and series, designs certificates"),
    Login(
        "koordinator",
        "Bapak Contoh",
        "Hasan",
        "Koordinator",
        "runs sessions, imports attendance, looks after partners",
    ),
    Login("admin", "Ibu Contoh", "Rahayu", "", "may do everything"),
)

#: Group → permissions on pages; then permissions on models, by app, model and actions.
PAGES = {"Editor": ("add", "change", "publish", "lock"), "Koordinator": ("change", "publish")}
MODELS = {
    "Editor": {
        ("wagtailadmin", "admin"): ("access",),
        ("lms", "issuer"): ("view", "add", "change"),
        ("lms", "certificatedesign"): ("view", "add", "change"),
        ("lms", "question"): ("view", "add", "change"),
        ("lms", "questionbank"): ("view", "add", "change"),
    },
    "Koordinator": {
        ("wagtailadmin", "admin"): ("access",),
        ("lms", "partner"): ("view", "add", "change"),
        ("lms", "partnercalendar"): ("view", "add", "change"),
        ("lms", "certificate"): ("view", "change"),
    },
}
#: "Translate" in the menu beside a page's title.
MORE = {"Editor": [("simple_translation", "submit_translation")]}
PICTURES = {"Editor": ("add_image", "change_image", "choose_image", "add_document", "choose_document")}


def make_roles() -> int:
    """Make groups and logins that are missing. Twice changes nothing; a changed password stays.

    Returns:
        How many logins were made.
    """
    homes = [Page.objects.get(pk=page.pk) for page in HomePage.objects.all()]
    for name in PAGES:
        _group(name, homes)
    return sum(_login(login) for login in LOGINS)


def _group(name: str, homes: list[Page]) -> None:
    group, _ = Group.objects.get_or_create(name=name)
    wanted = []
    for (app, model), actions in MODELS[name].items():
        codenames = [f"{action}_{model}" for action in actions]
        wanted += Permission.objects.filter(
            content_type__app_label=app, content_type__model=model, codename__in=codenames
        )
    for app, codename in MORE.get(name, ()):
        wanted += Permission.objects.filter(content_type__app_label=app, codename=codename)
    group.permissions.add(*wanted)
    for action in PAGES[name]:
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", content_type__model="page", codename=f"{action}_page"
        )
        for home in homes:
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    root = Collection.get_first_root_node()
    for codename in PICTURES.get(name, ()):
        permission = Permission.objects.get(
            content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename=codename
        )
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _login(login: Login) -> bool:
    user, new = get_user_model().objects.get_or_create(
        username=login.username,
        defaults={
            "first_name": login.first_name,
            "last_name": login.last_name,
            "email": f"{login.username}@contoh.example",
            "is_superuser": not login.group,
            "is_staff": not login.group,
        },
    )
    if new:
        user.set_password(PASSWORD)
        user.save()
        if login.group:
            user.groups.add(Group.objects.get(name=login.group))
    return new
