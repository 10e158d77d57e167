"""Settings refuse bad values with a sentence, and the operators' guide names each of them."""

import re
from pathlib import Path

import pytest
from annotated_types import Ge, Le
from click import Group
from pydantic_settings import NoDecode

from kopkrakers.base.config import ENV_PREFIX, Settings, load_settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.moments import read_moments
from kopkrakers.cli import main

GUIDE = (Path(__file__).parents[1] / "docs" / "beheer.md").read_text()
GOOD = {
    "DATABASE_URL": "sqlite:////tmp/x.db",
    "SECRET": "s" * 40,
    "OPERATOR": "eigen-gemeente",
}

FORMER = ("SECRET_PREVIOUS", "SECRET_KEY", "MAC_KEY", "MAC_KEY_PREVIOUS")


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(ENV_PREFIX + name, value)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("DATABASE_URL", "mysql://x", "begin met sqlite:/// of postgresql://"),
        ("SECRET", "kort", "minstens 32 tekens"),
        ("BACKLOG", "1", "geef minstens 128"),
        ("OPERATOR", "iemand", "kies uit 'eigen-gemeente' of 'andere-partij'"),
        ("BASE_URL", "kopkrakers.nl", "begin met https:// of http://"),
        ("TRUSTED_HOPS", "9", "geef hoogstens 5"),
        ("PORT", "tachtig", "geef een heel getal"),
        ("LOG_LEVEL", "alles", "kies uit 'info', 'warning' of 'error'"),
        ("CARDS_DIR", "/bestaat/niet", "bestaat niet"),
        ("SECURITY_CONTACT", "iemand", "begin met mailto: of https://"),
        ("SECURITY_CONTACT", "mailto:iemand", "één mailadres"),
        ("RESEARCH_CONTACT", "data@x.nl", "begin met mailto: of https://"),
        ("PUBLISHER", "", "leeg"),
        ("SECURITY_CONTACT", "https://", "hele adres"),
        ("BASE_URL", "https://x.nl/kopkrakers", "laat het pad weg"),
        ("BASE_URL", "https://x.nl?y=1", "wat na ?"),
        ("BASE_URL", "https://x.nl/#deel", "wat na ? of #"),
        ("BASE_URL", "https://x.nl ", "witruimte"),
        ("BASE_URL", "https://x .nl", "witruimte"),
        ("BASE_URL", "https://x.nl\u200b", "onzichtbare teken"),
        ("BASE_URL", "https://x\u00ad.nl", "onzichtbare teken"),
        ("BASE_URL", "https://x.nl:99999", "1 tot en met 65535"),
        ("BASE_URL", "https://x.nl:0", "1 tot en met 65535"),
        ("BASE_URL", "https://x.nl:poort", "1 tot en met 65535"),
        ("BASE_URL", "https://", "naam van een machine"),
        ("BASE_URL", "https://ik:geheim@x.nl", "gebruikersnaam"),
        ("MAIL_DOMAINS", "@zaanstad.nl", "zonder @"),
        ("MAIL_DOMAINS", "a.nl; b.nl", "met komma's ertussen"),
        ("MAIL_DOMAINS", "a.nl b.nl", "met komma's ertussen"),
        ("MAIL_DOMAINS", ",", "met komma's ertussen"),
        ("MAIL_DOMAINS", "zaanstad", "zoals gemeente.nl"),
        ("PUSH_KEY", "kort", "kopkrakers push-key"),
        ("BACKUP_KEY", "0" * 63, "kopkrakers backup-key"),
        ("PUSH_KEY", "A" * 43, "kopkrakers push-key"),
        ("PUSH_KEY", "_" * 43, "kopkrakers push-key"),
        ("WEBHOOK_HOSTS", "https://hooks.slack.com", "met komma's ertussen"),
        ("MOMENTS", ",", "minstens één tijd"),
        ("MOMENTS", "17:45,17:45=30", "17:45 staat er twee keer"),
        ("MOMENTS", "00:00", "00:00 is 's nachts"),
        ("MOMENTS", "24:00", "geen tijd van de dag"),
        ("MOMENTS", "12.45", "'12.45' is geen tijd"),
        ("MOMENTS", "middag", "'middag' is geen tijd"),
        ("MOMENTS", "12:50", "geen heel kwartier"),
        ("MOMENTS", "12:45=k", "'k' na = is geen getal"),
        ("MOMENTS", "12:45=0", "'0' na = is geen getal"),
        ("MOMENTS", "12:45=", "'' na = is geen getal"),
        ("MOMENTS", "12:45;17:45", "is geen tijd"),
        ("MAIL_FROM", "Kopkrakers", "één mailadres"),
        ("MAIL_FROM", "a@b.nl, c@d.nl", "één mailadres"),
        ("MAIL_FROM", "Kopkrakers <a b@c.nl>", "één mailadres"),
        ("REDACTIE_EMAIL", "geen adres", "één mailadres"),
        ("SMTP_HOST", "", "is leeg"),
        ("SMTP_HOST", "  ", "is leeg"),
        ("SMTP_HOST", "smtp://mail.nl", "alleen de naam"),
        ("SMTP_HOST", "mail.nl:587", "alleen de naam"),
        ("SMTP_HOST", "mail.nl # onze server", "alleen de naam"),
        ("HOST", "http://127.0.0.1", "alleen de naam"),
        ("KEY_DIR", "", "is leeg"),
        ("THEME", "", "is leeg"),
        ("CARDS_DIR", "/tmp\r", "witruimte"),
        ("KEY_DIR", "/srv/sleutels # van de teller", "opmerking achter"),
        ("DATABASE_URL", "sqlite:////srv/kopkrakers.db # hier", "opmerking achter"),
        ("SMTP_STARTTLS", "misschien", "geef true of false"),
        ("SECRET", "s" * 40 + " # nooit delen", "bevat witruimte of '#'"),
        ("SECRET", "s" * 40 + "#oud", "bevat witruimte of '#'"),
        ("SECRET", "s" * 40 + "\n", "witruimte"),
        ("SECRET", '"' + "s" * 40 + '"', "aanhalingstekens"),
        ("SECRET", "'" + "s" * 40 + "'", "aanhalingstekens"),
        ("BASE_URL", '"https://kopkrakers.voorbeeld.nl"', "aanhalingstekens"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(
    good: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    good.setenv(ENV_PREFIX + name, value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    (sentence,) = str(refused.value).splitlines()
    assert sentence.startswith(f"{ENV_PREFIX}{name} klopt niet: ")
    assert part in sentence


@pytest.mark.parametrize("name", GOOD)
def test_nothing_that_is_needed_has_a_default(good: pytest.MonkeyPatch, name: str) -> None:
    good.delenv(ENV_PREFIX + name)
    with pytest.raises(ConfigurationError, match=f"^{ENV_PREFIX}{name} ontbreekt.$"):
        load_settings()


def test_a_secret_never_stands_in_a_sentence(good: pytest.MonkeyPatch) -> None:
    good.setenv(ENV_PREFIX + "SECRET", "geheim")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("name", FORMER)
def test_an_earlier_secret_cannot_go_on(good: pytest.MonkeyPatch, name: str) -> None:
    good.setenv(ENV_PREFIX + name, GOOD["SECRET"])
    with pytest.raises(ConfigurationError, match="moet anders zijn dan elk eerder geheim"):
        load_settings()


@pytest.mark.parametrize("name", ["SMTP_USER", "SMTP_PASSWORD"])
def test_a_mail_server_gets_a_name_and_a_password_or_none(
    good: pytest.MonkeyPatch, name: str
) -> None:
    good.setenv(ENV_PREFIX + name, "geheim")
    with pytest.raises(ConfigurationError, match="horen bij elkaar") as refused:
        load_settings()
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("BASE_URL", "https://kopkrakers.nl/", "https://kopkrakers.nl"),
        ("BASE_URL", "http://localhost:8000", "http://localhost:8000"),
        ("BASE_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("BASE_URL", "https://súdwest-fryslân.nl", "https://xn--sdwest-frysln-teb26a.nl"),
        ("MAIL_DOMAINS", "Zaanstad.nl, súdwest-fryslân.nl",
         ("zaanstad.nl", "xn--sdwest-frysln-teb26a.nl")),
        ("MAIL_FROM", "Kopkrakers <kopkrakers@zaanstad.nl>", "Kopkrakers <kopkrakers@zaanstad.nl>"),
        ("MAIL_FROM", "kopkrakers@localhost", "kopkrakers@localhost"),
        ("SMTP_HOST", "mail.zaanstad.nl", "mail.zaanstad.nl"),
        ("SMTP_HOST", "::1", "::1"),
        ("HOST", "::", "::"),
        ("HOST", "0.0.0.0", "0.0.0.0"),
        ("SECURITY_CONTACT", "https://x.nl/melden", "https://x.nl/melden"),
        ("SECURITY_CONTACT", "mailto:cert@x.nl", "mailto:cert@x.nl"),
    ],
)  # fmt: skip
def test_a_value_that_works_is_kept(
    good: pytest.MonkeyPatch, name: str, value: str, kept: object
) -> None:
    good.setenv(ENV_PREFIX + name, value)
    assert getattr(load_settings(), name.lower()) == kept


@pytest.mark.parametrize("name", FORMER)
def test_an_earlier_secret_may_hold_anything(good: pytest.MonkeyPatch, name: str) -> None:
    """Else nobody could leave a secret with a comment in it, and kept pseudonyms would be lost."""
    good.setenv(ENV_PREFIX + name, "m" * 40 + " # nooit delen ")
    previous = getattr(load_settings(), name.lower())
    assert previous is not None and previous.get_secret_value() == "m" * 40 + " # nooit delen "


def test_a_name_with_a_typing_error_is_refused(good: pytest.MonkeyPatch) -> None:
    good.setenv(ENV_PREFIX + "TRUSTED_HOP", "1")
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_TRUSTED_HOP is geen instelling"):
        load_settings()


def test_everything_wrong_is_told_at_once(good: pytest.MonkeyPatch) -> None:
    good.setenv(ENV_PREFIX + "PORT", "x")
    good.setenv(ENV_PREFIX + "POTR", "8000")
    good.delenv(ENV_PREFIX + "OPERATOR")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert len(str(refused.value).splitlines()) == 3


def test_the_guide_has_a_row_for_every_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `KOPKRAKERS_(\w+)` \|", GUIDE, re.MULTILINE)
    settings = {name.upper() for name in Settings.model_fields}
    place = "the table under Instellingen in docs/beheer.md"
    assert settings - set(rows) == set(), f"give each a row in {place}"
    assert set(rows) - settings == set(), f"take these rows out of {place}"
    assert len(rows) == len(set(rows))


def test_every_bound_of_a_setting_is_told_in_dutch() -> None:
    """What the library finds itself, it would say in English."""
    for name, field in Settings.model_fields.items():
        bounds = {type(bound) for bound in field.metadata if bound is not NoDecode}
        assert bounds <= {Ge, Le}, (
            f"{name}: use a validator, or give _REASONS a sentence and add it here"
        )


def test_the_guide_tells_every_default(good: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    rows = dict(re.findall(r"^\| `KOPKRAKERS_(\w+)` \|[^|]*\|([^|]*)\|", GUIDE, re.MULTILINE))
    for name in Settings.model_fields:
        told, is_ = rows.get(name.upper(), "no row").strip().strip("`"), getattr(settings, name)
        if name == "moments":
            assert read_moments(told) == is_
            continue
        if name.upper() not in GOOD and name != "cards_dir":
            written = "" if is_ in (None, ()) else str(is_)
            assert told == (written.lower() if isinstance(is_, bool) else written), name


def test_every_command_in_the_guide_exists() -> None:
    command_line = r"(?:^|`|bin/|&& )kopkrakers ([a-z][a-z-]*)(?: ([a-z]+))?"
    typed = re.findall(command_line, GUIDE, re.MULTILINE)
    for command, more in typed:
        found = main.get_command(None, command)  # type: ignore[arg-type]
        assert found is not None, command
        if isinstance(found, Group):
            assert more in found.commands, f"{command} {more}"
    assert {"serve", "check", "backup", "restore", "invite"} <= {command for command, _ in typed}


# what hands the environment to a process that it starts, and takes the keys out of it
STARTERS = {
    "kopkrakers/operations/serving.py",
    "kopkrakers/operations/running/keeping.py",
    "kopkrakers/operations/running/website.py",
    "kopkrakers/operations/running/worker.py",
    "kopkrakers/operations/backup/postgres.py",
    "kopkrakers/demo/command.py",
}


def test_nothing_else_reads_the_environment() -> None:
    root = Path(__file__).parents[1]
    # to set one for a library of others reads none
    reading = re.compile(r"os\.environ(?!\[[^]]+\] = )|getenv|envvar")
    readers = {
        str(path.relative_to(root))
        for path in (root / "kopkrakers").rglob("*.py")
        if reading.search(path.read_text())
    }
    assert readers == {"kopkrakers/base/config.py", *STARTERS}


ABSURD = {
    "many digits": "9" * 5_000,
    "a number of thirty digits": "1" + "0" * 30,
    "no number": "NaN",
    "endless": "inf",
    "below nothing": "-1",
    "other digits": "١٢",
    "ten megabytes": "a" * 10_000_000,
    "two lines": "a\nb",
    "colour": "a\x1b[31mb",
    "turned around": "a\u202eb",
    "no UTF-8": "a\udcffb",
    "emoji": "🐈",
    "quotes": "'\"",
    "a long name": "a" * 300,
}
ENGLISH = re.compile(r"\b(input|should|must|valid|expected|unable|too|large)\b", re.IGNORECASE)


@pytest.mark.parametrize("kind", ABSURD)
@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_an_absurd_value_is_taken_or_refused_in_one_short_sentence(
    good: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    good.setenv(ENV_PREFIX + name.upper(), ABSURD[kind])
    try:
        load_settings()
    except ConfigurationError as error:
        said = str(error)
        assert said.isprintable() and len(said) < 2_500 and not ENGLISH.search(said), said
        assert said.startswith(ENV_PREFIX)
    else:
        assert name.upper() in FORMER or kind not in {"many digits", "ten megabytes"}


@pytest.mark.parametrize("kind", ["two lines", "colour", "turned around", "no UTF-8"])
@pytest.mark.parametrize("name", ["KEY_DIR", "THEME", "PUBLISHER", "DATABASE_URL", "SMTP_HOST"])
def test_what_cannot_be_seen_is_no_part_of_a_setting(
    good: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    good.setenv(ENV_PREFIX + name, ABSURD[kind])
    with pytest.raises(ConfigurationError):
        load_settings()


@pytest.mark.parametrize("name", FORMER)
def test_a_secret_that_is_kept_is_text_all_the_same(good: pytest.MonkeyPatch, name: str) -> None:
    good.setenv(ENV_PREFIX + name, ABSURD["no UTF-8"])
    with pytest.raises(ConfigurationError, match="geen UTF-8"):
        load_settings()


def test_a_list_may_stand_on_several_lines_and_be_long(good: pytest.MonkeyPatch) -> None:
    domains = tuple(f"gemeente{number}.nl" for number in range(400))
    good.setenv(ENV_PREFIX + "MAIL_DOMAINS", ",\n".join(domains))
    assert load_settings().mail_domains == domains
