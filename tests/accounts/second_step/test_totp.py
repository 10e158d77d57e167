"""Codes of an app, held against the examples of the RFC."""

from datetime import UTC, datetime, timedelta

import pytest

from kopkrakers.accounts.second_step.totp import (
    STEP_SECONDS,
    app_address,
    code_at,
    in_letters,
    matching_step,
    new_secret,
)

OF_RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_rfc_6238_hold(seconds: int, code: str) -> None:
    """Their last six digits: the RFC prints eight."""
    assert code_at(OF_RFC, seconds // STEP_SECONDS) == code


def test_a_code_counts_a_step_before_and_after_its_own() -> None:
    now = datetime(2026, 11, 28, 12, 0, 15, tzinfo=UTC)
    step = int(now.timestamp()) // STEP_SECONDS
    for away in range(-3, 4):
        later = now + timedelta(seconds=STEP_SECONDS * away)
        found = matching_step(OF_RFC, code_at(OF_RFC, step), later)
        assert found == (step if abs(away) <= 1 else None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "é" * 6, "٠٨١٨٠٤", "\ud800", "0" * 9999])
def test_what_is_no_code_matches_nothing(typed: str) -> None:
    assert matching_step(OF_RFC, typed, datetime(2026, 11, 28, tzinfo=UTC)) is None


def test_an_app_can_scan_or_type_a_secret() -> None:
    address = app_address(OF_RFC, "anna@voorbeeld.nl")
    assert address == (
        "otpauth://totp/Kopkrakers%3Aanna%40voorbeeld.nl"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kopkrakers"
    )
    assert in_letters(OF_RFC) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert new_secret() != new_secret()
