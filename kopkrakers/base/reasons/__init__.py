"""Why the system or a database refused something, in Dutch for whoever runs the server."""
