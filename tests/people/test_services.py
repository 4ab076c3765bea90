"""Who a visitor is: a proven address under the same name is that learner, everything else is somebody new."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.links import RevokedLink
from lms.people import services
from lms.people.models import Address, Learner
from lms.people.queries import canonical, learner_of_link, live_consents, personal_token
from lms.people.rules import address_mark
from tests.seating import make_learner

pytestmark = pytest.mark.django_db

EMAIL = "siti@contoh.example"


def find(name="Siti Aminah", email=EMAIL, **more):
    return services.find_or_create_learner(name=name, email=email, **more)


def test_a_newcomer_becomes_a_learner_with_an_unproven_address():
    learner = find(language="id", zone="Asia/Makassar")
    assert (learner.name, learner.language, learner.zone) == ("Siti Aminah", "id", "Asia/Makassar")
    address = learner.addresses.get()
    assert (address.value, address.verified_at, learner.user) == (EMAIL, None, None)


def test_a_proven_address_under_the_same_name_is_that_learner():
    learner = make_learner("Siti Aminah", EMAIL, verified=True)
    assert find(" SITI  aminah ", " Siti@Contoh.Example ") == learner
    learner.refresh_from_db()
    assert learner.name == "Siti Aminah", "a stranger's form changes nothing"


def test_an_unproven_address_makes_somebody_new_even_under_the_same_name():
    learner = make_learner("Siti Aminah", EMAIL)
    assert find() != learner


def test_a_couple_shares_an_address_and_stays_two():
    siti, budi = find("Siti"), find("Budi")
    for each in (siti, budi):
        services.verify_address(learner_id=each.pk)
    assert (find("siti"), find("BUDI")) == (siti, budi)


def test_the_same_form_sent_twice_is_one_learner():
    attempt = "r4nd0m-attempt-of-a-form"
    assert find(attempt=attempt) == find(attempt=attempt)
    assert find(attempt=attempt) != find("Siti Aminah Dua", attempt=attempt)
    assert find(attempt=attempt) != find(email="lain@contoh.example", attempt=attempt)
    assert find(attempt="") != find(attempt="")


def test_a_learner_that_was_merged_leads_to_the_other():
    keeper = make_learner("Siti Aminah")
    make_learner("Siti Aminah", EMAIL, verified=True, canonical=keeper)
    assert find() == keeper


def test_two_who_proved_the_same_are_not_guessed_at_but_the_older_is_taken():
    older = make_learner("Siti Aminah", EMAIL, verified=True)
    make_learner("Siti Aminah", EMAIL, verified=True)
    assert find() == older


def test_an_erased_learner_is_nobody():
    erased = make_learner("Siti Aminah", EMAIL, verified=True)
    Learner.objects.filter(pk=erased.pk).update(name="", erased_at=clock.now())
    assert find() != erased


@pytest.mark.parametrize("name", ["", "   ", "\x00", "12", "👩🏽", "a" * 201])
def test_a_name_that_is_none(name):
    with pytest.raises(services.BadName):
        find(name)
    assert not Learner.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "siti", "siti@", "@contoh.example", "a b@contoh.example", "a@b@c.example"]
)
def test_an_address_that_is_none(email):
    with pytest.raises(services.BadAddress):
        find(email=email)


def test_a_language_or_zone_that_does_not_exist_is_passed_over():
    learner = find(language="xx", zone="Asia/Atlantis")
    assert (learner.language, learner.zone) == ("id", "")


def test_using_the_mailed_link_proves_the_only_address_once():
    learner = make_learner("Siti", EMAIL)
    assert services.verify_address(learner_id=learner.pk)
    first = learner.addresses.get().verified_at
    assert not services.verify_address(learner_id=learner.pk)
    assert learner.addresses.get().verified_at == first


def test_with_two_addresses_only_the_one_that_the_link_was_sent_to_is_proven():
    learner = make_learner("Siti", EMAIL)
    second = Address.objects.create(learner=learner, value="siti2@contoh.example")
    assert not services.verify_address(learner_id=learner.pk), "which of the two?"
    mark = address_mark(learner.public_id, second.value)
    assert services.verify_address(learner_id=learner.pk, via=mark, public_id=learner.public_id)
    proven = learner.addresses.exclude(verified_at=None)
    assert list(proven) == [second]
    assert not services.verify_address(learner_id=learner.pk, via="wrong", public_id=learner.public_id)


def test_a_proof_is_one_learners_only():
    siti, budi = make_learner("Siti", EMAIL), make_learner("Budi", EMAIL)
    services.verify_address(learner_id=siti.pk)
    assert budi.addresses.get().verified_at is None


def test_consent_is_kept_with_its_wording_and_withdrawn_with_its_date():
    learner = make_learner()
    one = services.give_consent(learner=learner, purpose="taking-part", version="1", wording="Saya setuju.")
    assert services.give_consent(learner=learner, purpose="taking-part", version="1") == one
    assert live_consents(learner).get().wording == "Saya setuju."
    assert services.withdraw_consent(learner=learner, purpose="taking-part") == 1
    assert services.withdraw_consent(learner=learner, purpose="taking-part") == 0
    assert not live_consents(learner).exists()
    again = services.give_consent(learner=learner, purpose="taking-part", version="1")
    assert again != one and learner.consents.count() == 2


def test_preferences_are_kept_when_they_exist():
    learner = make_learner(language="id")
    assert services.set_preferences(learner=learner, language="en", zone="Asia/Jayapura")
    learner.refresh_from_db()
    assert (learner.language, learner.zone) == ("en", "Asia/Jayapura")
    assert not services.set_preferences(learner=learner, language="en")
    for wrong in ({"language": "xx"}, {"zone": "Asia/Atlantis"}, {"zone": "../../etc/passwd"}):
        with pytest.raises(KelasError):
            services.set_preferences(learner=learner, **wrong)


def test_revoking_makes_old_links_old():
    learner = make_learner()
    token = personal_token(learner)
    assert learner_of_link(token)[0] == learner
    assert services.revoke_links(learner=learner) == 2
    with pytest.raises(RevokedLink):
        learner_of_link(token)
    assert learner_of_link(personal_token(learner))[0] == learner


def test_a_link_of_somebody_who_is_gone_opens_nothing():
    learner = make_learner()
    token = personal_token(learner)
    learner.delete()
    with pytest.raises(RevokedLink):
        learner_of_link(token)


def user(name):
    return get_user_model().objects.create_user(name, email="siti@contoh.example")


def test_an_account_is_attached_by_a_proven_address_never_by_its_own_email():
    learner = make_learner("Siti", EMAIL)
    account = user("siti")
    assert services.attach(user=account, address=learner.addresses.get()) == learner
    learner.refresh_from_db()
    assert learner.user == account and learner.addresses.get().verified_at
    assert services.attach(user=account, address=learner.addresses.get()) == learner, "twice is once"


def test_nobody_is_taken_over_and_nothing_is_guessed():
    mine, other = user("saya"), user("lain")
    learner, second = make_learner("Siti", EMAIL), make_learner("Siti Dua", "dua@contoh.example")
    services.attach(user=mine, address=learner.addresses.get())
    assert services.attach(user=other, address=learner.addresses.get()) is None
    assert services.attach(user=mine, address=second.addresses.get()) is None, "one learner per account"
    second.refresh_from_db()
    assert second.user is None and second.addresses.get().verified_at is None
    merged = make_learner("Siti", "tiga@contoh.example", canonical=learner)
    assert services.attach(user=other, address=merged.addresses.get()) is None


def test_a_confirmed_address_attaches_the_only_learner_there():
    learner = make_learner("Siti", EMAIL)
    account = user("siti")
    assert services.attach_confirmed(user=account, email="SITI@contoh.example") == learner
    assert services.attach_confirmed(user=account, email="nobody@contoh.example") is None


def test_two_learners_at_a_confirmed_address_are_for_a_person_to_sort_out():
    make_learner("Siti", EMAIL)
    make_learner("Budi", EMAIL)
    assert services.attach_confirmed(user=user("siti"), email=EMAIL) is None


def test_a_stranger_who_typed_the_address_does_not_stand_in_the_way_of_who_proved_it():
    make_learner("Orang Asing", EMAIL)
    learner = make_learner("Siti", EMAIL, verified=True)
    assert services.attach_confirmed(user=user("siti"), email=EMAIL) == learner


def test_a_deleted_account_leaves_the_learner():
    learner = make_learner("Siti", EMAIL)
    account = user("siti")
    services.attach(user=account, address=learner.addresses.get())
    account.delete()
    learner.refresh_from_db()
    assert learner.user is None


def test_canonical_follows_chains():
    one = make_learner("Satu")
    two = make_learner("Dua", canonical=one)
    three = make_learner("Tiga", canonical=two)
    assert canonical(three) == canonical(one) == one


def test_the_database_refuses_two_learners_for_one_account():
    account = user("siti")
    make_learner("Siti", user=account)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_learner("Budi", user=account)
