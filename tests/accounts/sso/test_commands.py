"""The commands for whoever runs the server, with a real provider."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from kopkrakers.accounts.models import PROVIDER, Gemeente
from kopkrakers.accounts.passwords import hash_password
from kopkrakers.accounts.sso.providers import provider_of, slug_of
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.cli import main
from tests.accounts.sso.crooked import Crooked
from tests.support.signing_in import PASSWORD, set_user
from tests.support.world import ROW_KEYS, World

pytestmark = pytest.mark.slow
SECRET_OF_CLIENT = "heel-geheim:van ons"
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, world: World) -> Run:
    monkeypatch.setenv("KOPKRAKERS_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KOPKRAKERS_SECRET", "s" * 40)
    monkeypatch.setenv("KOPKRAKERS_OPERATOR", "andere-partij")
    monkeypatch.setenv("KOPKRAKERS_SSO_LOOPBACK", "true")

    def run(*arguments: str, secret: str = SECRET_OF_CLIENT) -> Result:
        return CliRunner().invoke(main, ["sso", *arguments], input=f"{secret}\n")

    return run


def set_zaanstad(run: Run, crooked: Crooked, *more: str, domain: str = "voorbeeld.nl") -> Result:
    options = ("--issuer", crooked.url, "--client-id", "1234", "--domain", domain)
    return run("set", "zaanstad", *options, *more)


def test_a_provider_is_set_shown_and_removed_without_its_secret(
    run: Run, crooked: Crooked, database: Database, world: World
) -> None:
    told = set_zaanstad(run, crooked, "--roles-from", "groups", "--role", "begeleider=bg=1")
    assert told.exit_code == 0, told.output
    assert "http://localhost:8000/inloggen/bij/zaanstad/terug" in told.output
    with database.reading() as session:
        provider = provider_of(session, world.zaanstad, ROW_KEYS)
        kept = session.execute(select(PROVIDER.c.secret)).scalar_one()
    assert provider is not None and provider.secret == SECRET_OF_CLIENT
    assert provider.roles == (("bg=1", "begeleider"),)
    assert SECRET_OF_CLIENT.encode() not in kept and SECRET_OF_CLIENT not in repr(provider)
    listed = run("list")
    assert "Zaanstad" in listed.output and SECRET_OF_CLIENT not in told.output + listed.output
    assert run("remove", "Zaanstad").exit_code == 0
    assert run("list").output == ""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--issuer", "https://10.0.0.1"), "openbaar adres"),
        (("--issuer", "ftp://elders.nl"), "gewoon https-adres"),
        (("--issuer", "http://127.0.0.1:9"), "antwoordt geen provider"),
        (("--domain", "@voorbeeld.nl"), "geen domein"),
        (("--role", "onderzoeker=x"), "geen rol die een provider mag geven"),
        (("--role", "x"), "NAAM=WAARDE"),
        (("--require", "tid"), "NAAM=WAARDE"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    run: Run, crooked: Crooked, more: tuple[str, str], sentence: str
) -> None:
    told = set_zaanstad(run, crooked, *more)
    assert told.exit_code == 1 and sentence in told.output
    assert run("list").output == ""


def test_a_domain_and_a_name_belong_to_one_gemeente(
    run: Run, crooked: Crooked, database: Database
) -> None:
    set_zaanstad(run, crooked)
    options = ("--issuer", crooked.url, "--client-id", "1")
    told = run("set", "Almere", *options, "--domain", "voorbeeld.nl")
    assert told.exit_code == 1 and "hoort al bij Zaanstad" in told.output
    with database.transaction() as session:
        session.add(Gemeente(name="Zaanstad!"))
    told = run("set", "Zaanstad!", *options, "--domain", "elders.nl")
    assert told.exit_code == 1 and "dezelfde naam" in told.output


def test_passwords_go_off_only_with_an_account_for_emergencies(
    run: Run, crooked: Crooked, database: Database, world: World
) -> None:
    assert run("passwords", "Zaanstad", "uit").exit_code == 1
    set_zaanstad(run, crooked)
    assert "--break-glass" in run("passwords", "Zaanstad", "uit").output
    by_farid = ("passwords", "Zaanstad", "uit", "--break-glass", "farid@voorbeeld.nl")
    assert "nog geen wachtwoord" in run(*by_farid).output
    set_user(database, world.farid.id, password_hash=hash_password(PASSWORD))
    assert run(*by_farid).exit_code == 0
    # setting the provider anew leaves that as it is
    set_zaanstad(run, crooked, "--trust-address")
    with database.reading() as session:
        provider = provider_of(session, world.zaanstad, ROW_KEYS)
    assert provider is not None and not provider.passwords
    assert provider.break_glass == world.farid.id and provider.trusts_address


def test_the_nightly_look_says_what_it_found(run: Run, crooked: Crooked) -> None:
    told = run("check")
    assert told.output == "Nog bekend: 0. Niet meer: 0. Geen antwoord: 0.\n"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("'s-Hertogenbosch", "s-hertogenbosch"),
        ("Súdwest-Fryslân", "sudwest-fryslan"),
        ("…", "gemeente"),
    ],
)
def test_a_gemeente_stands_in_addresses_by_its_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
