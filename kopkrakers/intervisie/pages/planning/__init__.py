"""Planning a session: what to choose from, and the pages to choose on."""
