"""Settings: the only reader of the environment. A wrong value stops the start with a sentence."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kopkrakers.base import setting_rules
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.moments import USUAL_MOMENTS, Moment, read_moments

PACKAGE = Path(__file__).resolve().parents[1]
ENV_PREFIX = "KOPKRAKERS_"
KEPT_SECRETS = ("secret_previous", "secret_key", "mac_key", "mac_key_previous")
"""The secrets that are only kept for what they signed."""
PLACES = ("database_url", "key_dir", "cards_dir", "theme")
"""Settings that say where something is, and may be made there."""
LISTS = ("mail_domains", "webhook_hosts")
"""Settings of many values, which may stand on several lines."""
_LONGEST = {
    **dict.fromkeys(PLACES, setting_rules.LONGEST_PLACE),
    "mail_domains": setting_rules.LONGEST_LIST,
    "webhook_hosts": setting_rules.LONGEST_LIST,
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MINIMUM_SECRET = 32
"""A secret has at least 32 characters: 128 bits in hexadecimal."""


def asset_folder(name: str) -> Path:
    """Return the folder of templates, static or dilemmas, or the CHANGELOG.

    It stands beside the package in a checkout and inside it in a wheel.
    """
    packed = PACKAGE / "_assets" / name
    if packed.exists():
        return packed
    return PACKAGE.parent / name


class Operator(StrEnum):
    """The kind of party that runs the server; /privacy says honestly what that means."""

    OWN = "eigen-gemeente"
    OTHER = "andere-partij"


def _hold(name: str, value: str) -> None:
    """Refuse a text that no setting of this name can be. Raises: ValueError."""
    setting_rules.hold_utf8(value)
    # A secret that is only kept for what it signed may hold anything: it cannot be changed.
    if name in KEPT_SECRETS:
        return
    setting_rules.hold_whole(value)
    setting_rules.hold_length(value, _LONGEST.get(name, setting_rules.LONGEST))
    if name not in LISTS:
        setting_rules.hold_visible(value)
    if name in PLACES:
        setting_rules.hold_no_remark(value)


class CardSettings(BaseSettings):
    """The settings that a writer of cards may have: no secret is needed to check a card."""

    # `extra` says nothing of names in the environment: `_unknown_names` finds misspelt ones
    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    database_url: str | None = None
    cards_dir: Path = Field(default_factory=lambda: asset_folder("dilemmas"))

    @field_validator("*", mode="before")
    @classmethod
    def _something_stands_there(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, str):
            _hold(info.field_name or "", value)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return setting_rules.database_url(value)

    @field_validator("cards_dir")
    @classmethod
    def _cards_are_there(cls, value: Path) -> Path:
        # of a name that is too long `Path.is_dir` raises
        if not os.path.isdir(value):  # noqa: PTH112
            raise ValueError(f"de map {value} bestaat niet")
        return value


class Settings(CardSettings):
    """All settings, each read from `KOPKRAKERS_<NAME>`."""

    database_url: str
    secret: SecretStr
    secret_previous: SecretStr | None = None
    # of the first edition, which had two secrets; wanted while cookies or rows still carry them
    secret_key: SecretStr | None = None
    mac_key: SecretStr | None = None
    mac_key_previous: SecretStr | None = None
    key_dir: Path | None = None
    operator: Operator
    base_url: str = "http://localhost:8000"
    theme: Path | None = None
    trusted_hops: int = Field(default=0, ge=0, le=5)
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = True
    mail_from: str = "kopkrakers@localhost"
    redactie_email: str | None = None
    security_contact: str | None = None
    privacy_contact: str | None = None
    publisher: str | None = None
    research_contact: str | None = None
    mail_domains: Annotated[tuple[str, ...], NoDecode] = ()
    moments: Annotated[tuple[Moment, ...], NoDecode] = USUAL_MOMENTS
    push_key: SecretStr | None = None
    backup_key: str | None = None
    webhook_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    sso_loopback: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    metrics_host: str = "127.0.0.1"
    workers: int = Field(default=2, ge=1, le=64)
    threads: int = Field(default=4, ge=1, le=64)
    body_seconds: int = Field(default=30, ge=5, le=600)
    connections: int = Field(default=4096, ge=16, le=100_000)
    backlog: int = Field(default=1024, ge=128, le=65_535)
    log_level: Literal["info", "warning", "error"] = "info"
    desk_of_one: bool = False
    demo: bool = False

    @field_validator("mail_domains", "webhook_hosts", mode="before")
    @classmethod
    def _split(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, str):
            _hold(info.field_name or "", value)
            return setting_rules.domains(value)
        return value

    @field_validator("moments", mode="before")
    @classmethod
    def _times_of_day(cls, value: object) -> object:
        if isinstance(value, str):
            _hold("moments", value)
            return read_moments(value)
        return value

    @field_validator("smtp_host", "host", "metrics_host")
    @classmethod
    def _only_a_name(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return setting_rules.host(value)

    @field_validator("mail_from", "redactie_email")
    @classmethod
    def _mailbox(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return setting_rules.mailbox(value)

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < MINIMUM_SECRET:
            raise ValueError(
                f"minstens {MINIMUM_SECRET} tekens; "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        setting_rules.hold_no_comment(value.get_secret_value())
        return value

    @field_validator("push_key")
    @classmethod
    def _key_for_push(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            setting_rules.hold_push_key(value.get_secret_value())
        return value

    @field_validator("backup_key")
    @classmethod
    def _key_for_backups(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return setting_rules.backup_public_key(value)

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return setting_rules.base_url(value)

    @field_validator("security_contact", "privacy_contact", "research_contact")
    @classmethod
    def _contact(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return setting_rules.contact(value)

    @model_validator(mode="after")
    def _secret_is_new(self) -> "Settings":
        former = (self.secret_previous, self.secret_key, self.mac_key, self.mac_key_previous)
        if any(self.secret == other for other in former):
            raise ValueError("SECRET moet anders zijn dan elk eerder geheim")
        return self

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> "Settings":
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError(
                "SMTP_USER en SMTP_PASSWORD horen bij elkaar: zet ze allebei of geen van beide"
            )
        return self

    @model_validator(mode="after")
    def _loopback_is_for_trying(self) -> "Settings":
        if self.sso_loopback and urlsplit(self.base_url).hostname not in LOOPBACK:
            raise ValueError(
                "SSO_LOOPBACK is om op één machine te proberen: dan is BASE_URL ook localhost"
            )
        return self

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an embedded database; None for PostgreSQL."""
        _, found, path = self.database_url.partition("sqlite:///")
        if found:
            return Path(path)
        return None

    @property
    def over_tls(self) -> bool:
        """Whether cookies can be `__Host-` and HSTS be sent."""
        return self.base_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Team links and resets by mail exist only where mail does."""
        return self.smtp_host is not None


def load_settings() -> Settings:
    """Return the settings of the environment.

    Raises: ConfigurationError with one sentence per wrong setting.
    """
    sentences = []
    for name in _unknown_names():
        sentences.append(f"{name} is geen instelling. Kijk of er een typefout in staat.")
    try:
        settings = Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        sentences += _sentences(error)
    if sentences:
        raise ConfigurationError("\n".join(sentences))
    return settings


def load_card_settings() -> CardSettings:
    """Return what the environment says of cards; nothing needs to be set.

    Raises: ConfigurationError with one sentence per wrong setting.
    """
    try:
        return CardSettings()
    except ValidationError as error:
        raise ConfigurationError("\n".join(_sentences(error))) from None


def _unknown_names() -> list[str]:
    """Variables with our prefix that nothing reads; those of the tests are theirs."""
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    unknown = []
    for name in os.environ:
        is_ours = name.startswith(ENV_PREFIX) and not name.startswith(f"{ENV_PREFIX}TEST_")
        if is_ours and name not in known:
            unknown.append(name)
    return sorted(unknown)


_REASONS = {
    "missing": "ontbreekt",
    "enum": "klopt niet: kies uit {expected}",
    "literal_error": "klopt niet: kies uit {expected}",
    "int_parsing": "klopt niet: geef een heel getal",
    "bool_parsing": "klopt niet: geef true of false",
    "greater_than_equal": "klopt niet: geef minstens {ge}",
    "less_than_equal": "klopt niet: geef hoogstens {le}",
}
"""What is wrong with a setting, for what the library finds and would say in English."""


def _sentences(error: ValidationError) -> list[str]:
    sentences = []
    # without the input: it may be a secret, and these sentences are printed
    for fault in error.errors(include_input=False, include_url=False):
        # a rule over several settings has no place
        name = "*"
        if fault["loc"]:
            name = str(fault["loc"][0]).upper()
        reason = f"klopt niet: {fault['msg'].removeprefix('Value error, ')}"
        if fault["type"] in _REASONS:
            words = _REASONS[fault["type"]].format(**fault.get("ctx", {}))
            reason = words.replace("' or '", "' of '")
        sentences.append(f"{ENV_PREFIX}{name} {reason}.")
    return sentences
