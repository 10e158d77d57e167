"""The pages and the API for researchers."""
