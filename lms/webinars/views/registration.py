"""Registering: one form, one press, one receipt. No account, no cookie that is needed."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from lms import conf
from lms.catalogue.queries import public_title_in, public_url_in
from lms.core.addresses import absolute, path_if_offered
from lms.core.exceptions import KelasError
from lms.core.own_forms import own_forms_only
from lms.people.models import Partner
from lms.people.views import Receipt, keep_receipt, not_shared, read_receipt, refuse
from lms.webinars.forms import RegistrationForm
from lms.webinars.queries import seats
from lms.webinars.services.registration import register_visitor
from lms.webinars.when import when


@own_forms_only
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show the form; take it, and lead to the receipt. A series that cannot be registered for says why."""
    offer = seats.offer_of(key)
    posted = request.method == "POST"
    if offer is None:
        return not_shared(render(request, "lms/webinars/no_offer.html", status=404))
    if offer.state != seats.Offer.OPEN:
        values = {**_about(offer, request), "state": offer.state}
        return not_shared(render(request, "lms/webinars/closed.html", values, status=409 if posted else 200))
    initial = {"only": request.GET.get("session", ""), "partner": request.GET.get("partner", "")[:60]}
    form = RegistrationForm(request.POST if posted else None, offer=offer, initial=initial)
    status = 200
    if posted:
        status = refuse(request, form)
        if not status:
            try:
                return _registered(request, offer, form)
            except KelasError as refusal:
                form.add_error(None, str(refusal))
                status = 409
    response = render(
        request, "lms/webinars/register.html", {**_about(offer, request), "form": form}, status=status
    )
    if status == 429:
        response["Retry-After"] = "60"
    return not_shared(response)


def _registered(request: HttpRequest, offer: seats.Offer, form: RegistrationForm) -> HttpResponse:
    typed = form.cleaned_data
    single = form.chosen_session
    register_visitor(
        series=offer.series,
        occurrence=single,
        name=typed["name"],
        email=typed["email"],
        zone=typed["zone"],
        language=get_language() or "",
        attempt=typed["attempt"],
        partner=Partner.objects.filter(slug=typed["partner"]).first() if typed["partner"] else None,
        consent_wording=form.consent_wording,
    )
    path = reverse("lms:registered", args=[offer.series.activity.key])
    response = HttpResponseRedirect(path)
    receipt = Receipt(typed["name"], typed["email"], typed["zone"], single.public_id if single else "")
    keep_receipt(response, receipt, path=path, secure=request.is_secure())
    return not_shared(response)


@require_http_methods(["GET", "HEAD"])
def registered(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say that it worked, and what comes next. It repeats what was typed, and tells nothing of who is known here."""
    offer = seats.offer_of(key)
    if offer is None:
        return not_shared(render(request, "lms/webinars/no_offer.html", status=404))
    receipt = read_receipt(request, path=request.path)
    zone = receipt.zone or offer.series.zone
    chosen = [one for one in offer.sessions if receipt.session in ("", one.public_id)]
    about = _about(offer, request)
    about["sessions"] = [_session(one, [zone, offer.series.zone]) for one in chosen]
    values = about | {
        "receipt": receipt,
        "limited": offer.series.capacity is not None,
        "feed_url": path_if_offered("lms_public:feed_series", key, language=get_language() or ""),
        "share_url": _whatsapp(about["title"], about["share_page"]),
    }
    return not_shared(render(request, "lms/webinars/registered.html", values))


def _about(offer: seats.Offer, request: HttpRequest) -> dict[str, Any]:
    series = offer.series
    language = get_language() or ""
    page_url = public_url_in(series.activity, language, request)
    return {
        "offer": offer,
        "title": public_title_in(series.activity, language),
        "organiser": series.organiser_name,
        "page_url": page_url,
        "share_page": absolute(page_url, site=series.activity.site)
        if page_url.startswith("/")
        else page_url or absolute(request.path, site=series.activity.site),
        "register_url": reverse("lms:register", args=[series.activity.key]),
        "privacy_url": conf.PRIVACY_URL,
        "sessions": [_session(one, [series.zone, *conf.ZONES]) for one in offer.sessions],
    }


def _session(occurrence: Any, zones: list[str]) -> dict[str, Any]:
    return {"when": when(occurrence, zones), "full": seats.is_full(occurrence)}


def _whatsapp(title: str, url: str) -> str:
    return "https://wa.me/?" + urlencode({"text": f"{title}\n{url}"})
