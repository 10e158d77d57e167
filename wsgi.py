"""What the server loads: `granian --interface wsgi wsgi:app`."""

from kopkrakers.app import create_app

app = create_app()
