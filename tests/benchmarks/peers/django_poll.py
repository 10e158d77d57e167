"""The poll in Django's ORM, as its documentation builds one. Run in the environment of the peers.

    python django_poll.py FOLDER PEOPLE    # fills FOLDER, and writes a line for each person
    granian django_poll:application        # with PEERS_FOLDER set

Everyone is signed in by a signed cookie, votes once, and sees the totals.
"""

import json
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

FOLDER = Path(os.environ.get("PEERS_FOLDER") or sys.argv[1])
COUNTED = 400
"""People who have voted before the clock starts, as with the product."""
CSRF = "t" * 32

settings.configure(
    SECRET_KEY="s" * 40,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="django_poll",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "django.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    },
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.shortcuts import get_object_or_404, render  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.http import require_GET, require_POST  # noqa: E402


class Person(models.Model):
    """Somebody who may vote once on each question."""

    name = models.CharField(max_length=80)

    class Meta:
        """The label, for there is no app around it."""

        app_label = "poll"


class Question(models.Model):
    """A dilemma: its title and its story."""

    title = models.CharField(max_length=200)
    story = models.TextField()

    class Meta:
        """The label, for there is no app around it."""

        app_label = "poll"


class Option(models.Model):
    """A choice, with the number of people who made it."""

    question = models.ForeignKey(Question, models.CASCADE)
    code = models.CharField(max_length=1)
    text = models.TextField()
    total = models.IntegerField(default=0)

    class Meta:
        """The label, and the order on the page."""

        app_label = "poll"
        ordering = ("code",)


class Vote(models.Model):
    """That somebody voted, not what for."""

    person = models.ForeignKey(Person, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE)

    class Meta:
        """The label, and that everybody votes once."""

        app_label = "poll"
        constraints = (models.UniqueConstraint(fields=("person", "question"), name="once"),)


@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """Return the question with its options, as a form."""
    person = get_object_or_404(Person, pk=request.session.get("person"))
    question = Question.objects.get()
    options = list(question.option_set.all())
    voted = Vote.objects.filter(person=person, question=question).exists()
    parts = {"person": person, "question": question, "options": options, "voted": voted}
    return render(request, "card.html", parts)


@require_POST
def vote(request: HttpRequest) -> HttpResponse:
    """Count a vote; 409 for a second one."""
    person = get_object_or_404(Person, pk=request.session.get("person"))
    question = Question.objects.get()
    option = get_object_or_404(Option, question=question, code=request.POST.get("optie"))
    try:
        with transaction.atomic():
            Vote.objects.create(person=person, question=question)
            Option.objects.filter(pk=option.pk).update(total=F("total") + 1)
    except IntegrityError:
        return HttpResponse("Je hebt al gekozen.", status=409)
    response = HttpResponseRedirect("/uitslag")
    response.status_code = 303
    return response


@require_GET
def result(request: HttpRequest) -> HttpResponse:
    """Return the totals with their shares."""
    person = get_object_or_404(Person, pk=request.session.get("person"))
    question = Question.objects.get()
    options = list(question.option_set.all())
    together = sum(option.total for option in options) or 1
    for option in options:
        option.share = round(100 * option.total / together)
    parts = {"person": person, "question": question, "options": options, "together": together}
    return render(request, "result.html", parts)


def ready(request: HttpRequest) -> HttpResponse:
    """Say that the server runs."""
    return HttpResponse("ja")


urlpatterns = [path("ready", ready), path("", card), path("stem", vote), path("uitslag", result)]
application = get_wsgi_application()


def fill(how_many: int) -> None:
    """Make the tables with so many people, of whom the first have voted."""
    with connection.schema_editor() as editor:
        for model in (Person, Question, Option, Vote):
            editor.create_model(model)
    told = json.loads((FOLDER / "card.json").read_text())
    question = Question.objects.create(title=told["title"], story=told["story"])
    for code, text in told["options"]:
        Option.objects.create(question=question, code=code, text=text, total=COUNTED // 4)
    people = Person.objects.bulk_create(Person(name=f"Collega {n}") for n in range(how_many))
    Vote.objects.bulk_create(Vote(person=one, question=question) for one in people[:COUNTED])


def cookies() -> list[str]:
    """Return the cookies of every person: a session signed by Django, and the form's token."""
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    found = []
    for number in Person.objects.order_by("pk").values_list("pk", flat=True):
        session = SessionStore()
        session["person"] = number
        session.save()
        found.append(f"sessionid={session.session_key}; csrftoken={CSRF}")
    return found


if __name__ == "__main__":
    fill(int(sys.argv[2]))
    (FOLDER / "django-cookies.txt").write_text("\n".join(cookies()))
