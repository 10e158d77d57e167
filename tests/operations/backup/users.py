"""The users of a server that has one for the website and one for the counter."""

WEB, COUNTER, GROUP, STRANGER = 41_002, 41_001, 41_000, 41_003
