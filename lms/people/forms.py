"""The form that a visitor fills in: name, e-mail, zone, consent. Nothing else is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms import conf
from lms.core import clock
from lms.core.public_ids import new_public_id
from lms.people.rules import MAX_NAME, clean_email, clean_name, is_name, meant_email


class NameField(forms.CharField):
    """A person's name in any script, on one line."""

    def to_python(self, value: Any) -> str:
        """Clean what was typed or pasted before anything looks at it."""
        return clean_name(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuse what cannot stand for a person."""
        super().validate(value)
        if value and not is_name(value):
            raise forms.ValidationError(
                _("Please write your name with letters, as it should stand on a certificate."),
                code="bad-name",
            )


class AddressField(forms.EmailField):
    """An e-mail address as people type it on a phone: a capital letter and a stray space do not matter."""

    def to_python(self, value: Any) -> str:
        """Clean what was typed or pasted before it is checked."""
        return clean_email(super().to_python(value) or "")


class CarriedField(forms.CharField):
    """What a form carries along unseen. Whatever stands in it never stands in a visitor's way."""

    widget = forms.HiddenInput
    default_validators: list[Any] = []

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.longest = longest
        self.validators = []

    def to_python(self, value: Any) -> str:
        """Cut it to what can be meant."""
        return clean_name(super().to_python(value) or "")[: self.longest]


class ZoneField(forms.CharField):
    """A time zone chosen from a few, or any other that the browser named."""

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Add nothing: what limits typed text has no place on a list."""
        return {}


class LinkForm(forms.Form):
    """Where a personal link is to be sent again."""

    use_required_attribute = True

    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Please write your e-mail address; your personal link is sent there."),
            "invalid": _("This address is not complete. It should look like nama@contoh.id."),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "enterkeyhint": "send"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Prepare the form."""
        super().__init__(*args, **kwargs | {"label_suffix": ""})


class PersonForm(forms.Form):
    """Who somebody is. ``attempt`` makes the same form sent twice one registration; ``website`` is for robots."""

    use_required_attribute = True

    name = NameField(
        label=_("Your name"),
        max_length=MAX_NAME,
        help_text=_("As it should stand on a certificate."),
        error_messages={"required": _("Please write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "enterkeyhint": "next"}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("Your personal link is sent there. You need no password."),
        error_messages={
            "required": _("Please write your e-mail address; your personal link is sent there."),
            "invalid": _("This address is not complete. It should look like nama@contoh.id."),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "enterkeyhint": "done"}
        ),
    )
    zone = ZoneField(
        label=_("Your time zone"), required=False, max_length=64, widget=forms.Select(attrs={"data-zone": ""})
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that my name, my address and my attendance are kept, to run this programme and to make "
            "certificates."
        ),
        error_messages={"required": _("We can only register you when you agree to this.")},
    )
    attempt = CarriedField(longest=64)
    right_email = CarriedField(longest=254)
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        """Prepare the form.

        Args:
            zone: IANA name, chosen beforehand where the browser says none.
        """
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        self.asked_zone = zone or clock.default_zone()
        chosen = self.data.get("zone", "") if self.is_bound else ""
        zones = [*conf.ZONES, self.asked_zone, *([chosen] if chosen in clock.zone_names() else [])]
        self.fields["zone"].widget.choices = [(name, clock.zone_words(name)) for name in dict.fromkeys(zones)]
        self.initial.setdefault("zone", self.asked_zone)
        self.initial.setdefault("attempt", new_public_id())

    def clean_zone(self) -> str:
        """Accept any zone that exists; anything else means the zone that was chosen beforehand."""
        zone = self.cleaned_data["zone"]
        return zone if zone in clock.zone_names() else self.asked_zone

    def clean_email(self) -> str:
        """Ask once whether a well-known provider was misspelt: a link that does not arrive is of no use."""
        email = self.cleaned_data["email"]
        meant = meant_email(email)
        if meant and self.data.get("right_email") != email:
            self.carry("right_email", email)
            raise forms.ValidationError(
                _(
                    "Did you mean %(meant)s? Correct the address, or press the button again if it is right as it is."
                ),
                code="misspelt",
                params={"meant": meant},
            )
        return email

    def carry(self, name: str, value: str) -> None:
        """Give a hidden field another value for when the form is shown again."""
        changed = self.data.copy()  # type: ignore[attr-defined]
        changed[name] = value
        self.data = changed

    def clean_website(self) -> str:
        """Refuse what only a robot fills in. The field is shown then, so that a person can empty it."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave this field empty."), code="robot")
        return ""

    @property
    def consent_wording(self) -> str:
        """The sentence that was agreed to, in the language in which it was read."""
        return str(self.fields["consent"].label)
