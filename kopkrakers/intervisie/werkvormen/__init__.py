"""Werkvormen: the steps of a session, one file each, and the commands that check them."""
