"""Which tests are drills: what goes wrong, and where it is tried."""

DRILLS = {
    "killed at each step of a count": ("tests/counter/test_crash.py",),
    "the courier is killed while it sends": ("tests/reminders/test_killed.py",),
    "the services go and come": ("tests/operations/test_serving.py",),
    "the disk is full": ("tests/drills/full_disk.py",),
    "the key folder is lost": (
        "tests/test_cli.py::test_lost_keys_have_a_way_out",
        "tests/test_cli.py::test_a_restore_reports_envelopes_whose_key_is_gone",
        "tests/test_cli.py::test_a_restore_onto_the_keys_of_another_database_is_refused",
    ),
    "the database is copied back": ("tests/counter/test_count_number.py",),
    "a backup is put back": ("tests/operations/backup", "tests/privacy/test_restore.py"),
    "an upgrade with answers waiting": (
        "tests/migrations/test_first_edition.py",
        "tests/migrations/test_pseudonyms.py",
        "tests/migrations/test_running_instance.py",
    ),
    "the clock jumps": ("tests/counter/test_clock_jumps.py",),
    "the provider is away": (
        "tests/accounts/sso/test_silence.py",
        "tests/accounts/sso/test_staying.py::"
        "test_a_provider_that_is_away_at_night_keeps_nobody_in_for_longer",
    ),
}
