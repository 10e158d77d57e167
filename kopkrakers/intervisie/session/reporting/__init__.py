"""What is left of a session: the report, and how votes are told in it and on the pages."""
