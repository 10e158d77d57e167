"""What a request knows of its browser: its session, the mark of its device, and the providers."""
