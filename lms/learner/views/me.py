"""``/me/``: who is signed in is led to their personal page; everybody else can have the link to theirs sent again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms import conf
from lms.core.own_forms import own_forms_only
from lms.core.throttle import allow, client_address
from lms.learner.services import send_links
from lms.learner.views.trouble import guarded
from lms.people.forms import LinkForm
from lms.people.queries import learner_of_account, personal_token

HOUR, MINUTE = 3600, 60


@own_forms_only
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Lead to a fresh personal link; or ask for an address, and mail the link. The answer never says who is known here."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    learner = learner_of_account(user)
    if learner is not None:
        return guarded(HttpResponseRedirect(reverse("lms_public:person", args=[personal_token(learner)])))
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = _refused(request, form) if request.method == "POST" else 0
    if request.method == "POST" and not status:
        send_links(email=form.cleaned_data["email"])
        return guarded(HttpResponseRedirect(f"{request.path}?sent=1"))
    values = {
        "page_language": get_language(),
        "signed_in": signed_in,
        "form": form,
        "sent": request.method != "POST" and "sent" in request.GET,
        "login_url": "" if signed_in else _login_address(request),
    }
    response = guarded(render(request, "lms/learner/me.html", values, status=status or 200))
    if status == 429:
        response["Retry-After"] = str(HOUR)
    return response


def _refused(request: HttpRequest, form: LinkForm) -> int:
    """Return the status that refuses a form, with its reason on it, or 0."""
    if getattr(request, "foreign_form", False):
        form.add_error(
            None, _("This form was sent from another web site. Please check it and press the button here.")
        )
        return 403
    if not form.is_valid():
        return 400
    few = allow(f"me:ip:{client_address(request)}", limit=conf.REGISTRATIONS_PER_IP, seconds=MINUTE)
    email = form.cleaned_data["email"]
    if few and allow(f"me:address:{email}", limit=conf.REGISTRATIONS_PER_ADDRESS, seconds=HOUR):
        return 0
    form.add_error(
        None,
        _("The link was asked for very often in the last hour. Look into your mailbox, or try again later."),
    )
    return 429


def _login_address(request: HttpRequest) -> str:
    """Return where people sign in, or nothing when this project has no such page."""
    try:
        address = resolve_url(settings.LOGIN_URL)
        if address.startswith("/"):
            resolve(address)
    except (NoReverseMatch, Resolver404):
        return ""
    return f"{address}?{urlencode({'next': request.path})}"
