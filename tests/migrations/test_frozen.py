"""What was published is not edited, for somewhere a database ran it as it was.

And no migration runs on a database that it was not made for.
"""

from hashlib import sha256

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.migrations.run import migrate, unmigrate
from kopkrakers.migrations.state import VERSIONS, newest_migration

PUBLISHED = {
    "0001_the_first_schema": "e08470b0115bff5d",
    "0002_margins_of_released_tables": "c84627599806a19d",
    "0003_pools": "29d0d1b15f61dc89",
    "0004_pseudonyms_instead_of_users": "36df58a68137d29e",
    "0005_number_of_the_last_count": "dbfd6f844e51c31b",
    "0006_signed_accounts": "5f9a8edf1ff21d86",
    "0007_browser_sessions": "54ce7abab5d7c3f6",
    "0008_how_links_end": "871525de90a23d7b",
    "0009_an_end_that_can_be_taken_back": "22b93f708c8c9081",
    "0010_signed_totals": "2461a804df0e399c",
    "0011_chain_of_account_changes": "aec09e9a3e73ce27",
    "0012_what_the_begeleider_shows": "0a4bbda65ca26274",
    "0013_digest_of_pools": "03e2f8b5678a794a",
    "0014_rhythm_and_pause": "b59919f83ca1d6dd",
    "0015_board_texts": "5f4e6d0ba613fa0f",
    "0016_reminders": "7b623907cc6d9a94",
    "0017_team_hooks": "3360422ac66f4d09",
    "0018_push": "92d040a45f89bcb2",
    "0019_calendar_feeds": "261686eb7ba3d46d",
    "0020_a_round_for_the_table": "769c24bdc179a0a4",
    "0021_pages_of_the_scherm_and_agreed_heads": "0960c4d928120f28",
    "0022_looking_back_in_a_session": "dcb90e549d69aea1",
    "0023_gemeenten_that_left": "61ef7ffb62a9bbcf",
    "0024_work_accounts": "27f41f43ee0b1737",
    "0025_who_led_before_a_take_over": "12d1976d1eae7a5f",
    "0026_the_trail": "7b7ffc9c6015993b",
    "0027_sessions_without_phones": "51fe1d7bc31e2ac5",
    "0028_second_steps": "f8724a8dec73ef04",
    "0029_cracked_dilemmas": "d9903b80772c5bdc",
    "0030_a_round_for_each_stelling": "e0344239e79d8aa2",
    "0031_cases_that_were_sent_in": "7055431137bcd84c",
    "0032_used_steps": "5fa7a2036256cea2",
    "0033_who_is_asked_a_second_step": "39945600425128cf",
    "0034_cards_of_the_desk": "2e8b02ffd916ca02",
    "0035_proposals_for_a_regio": "5f6f28038645acef",
    "0036_two_chairs": "ce2791827db0fba5",
    "0037_weeks_of_leaders": "024f355ec86602f2",
    "0038_chapters_of_editions": "f796034ff768e184",
    "0039_keys_with_a_name": "009eaadf2adbfc09",
    "0040_remarks_on_cards": "2fda9be97ea50f78",
    "0041_mails_that_perhaps_never_left": "5978c45dd2e0eef2",
    "0042_organisations": "858d0f15f4551909",
    "0043_reports_at_the_desk": "1b7329583798e8da",
    "0044_places_of_a_gemeente": "cd6ed2a5314ab202",
    "0045_codes_of_gemeenten": "d3fc29af81076188",
    "0046_names_in_order": "3d02c3d045ad0a02",
    "0047_invitations_for_the_courier": "ad311b7f3c005e86",
}
"""Each migration that may have run somewhere: the first 16 hex digits of its file's SHA-256."""


def digests() -> dict[str, str]:
    files = VERSIONS.glob("[0-9]*.py")
    return {path.stem: sha256(path.read_bytes()).hexdigest()[:16] for path in files}


def test_a_published_migration_stays_as_it_was() -> None:
    now = digests()
    edited = {name for name, digest in PUBLISHED.items() if now.get(name) != digest}
    assert not edited, "write another migration that mends it: a database ran this one as it was"


def test_what_is_not_published_yet_comes_after_what_is() -> None:
    assert all(name > max(PUBLISHED) for name in digests().keys() - PUBLISHED.keys())


def test_migrations_are_one_straight_line() -> None:
    scripts = ScriptDirectory(str(VERSIONS.parent)).walk_revisions()
    line = [script.revision for script in scripts]
    assert line == [f"{number:04}" for number in range(len(line), 0, -1)]


def test_tables_that_others_made_are_left_alone(database: Database) -> None:
    unmigrate(database)
    with database.writer.begin() as connection:
        connection.execute(text("CREATE TABLE gemeente (id INTEGER)"))
    with pytest.raises(ConfigurationError, match=r"staan al tabellen .* niet maakte: gemeente"):
        migrate(database)
    with database.writer.begin() as connection:
        connection.execute(text("DROP TABLE gemeente"))
    migrate(database)


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    newer = text("UPDATE alembic_version SET version_num = :number")
    with database.writer.begin() as connection:
        here = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(newer, {"number": "9999"})
    with pytest.raises(ConfigurationError, match=r"nieuwere uitgave .* \(migratie 9999\)"):
        migrate(database)
    with database.writer.begin() as connection:
        connection.execute(newer, {"number": here})


def test_the_newest_migration_by_its_file_is_the_newest_by_its_place() -> None:
    assert newest_migration() == ScriptDirectory(str(VERSIONS.parent)).get_current_head()
