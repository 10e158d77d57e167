"""Why a database refused, never in its own words: those repeat rows, addresses and passwords."""

from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError

from kopkrakers.base.db import UNREACHABLE

ADDRESS = "Kijk KOPKRAKERS_DATABASE_URL na."
_LOGIN = f"de gebruiker of het wachtwoord klopt niet. {ADDRESS}"
_ABSENT = f"die database bestaat niet. Maak hem eerst, of kijk de naam na. {ADDRESS}"
_FULL = "de schijf is vol. Maak plaats."
_BUSY = "er zijn te veel verbindingen. Probeer het straks weer."
_STARTS = "PostgreSQL start nog, of stopt net. Probeer het straks weer."
_NO_RIGHT = "deze gebruiker mag dat niet. Geef hem de rechten, of neem een andere gebruiker."
_READ_ONLY = "er kan alleen gelezen worden. Kijk of je er mag schrijven."
_SILENT = f"op dat adres en die poort luistert niets. Start PostgreSQL. {ADDRESS}"
_NO_HOST = f"die machine is niet te vinden. {ADDRESS}"
BY_STATE = {
    "28P01": _LOGIN,
    "28000": _LOGIN,
    "3D000": _ABSENT,
    "42501": _NO_RIGHT,
    "53100": _FULL,
    "53300": _BUSY,
    "57P01": _STARTS,
    "57P02": _STARTS,
    "57P03": _STARTS,
    "25006": _READ_ONLY,
}
"""By the code that PostgreSQL gives an error."""
BY_WORDS = (
    ("password", _LOGIN),
    ("pg_hba.conf", "de server laat deze gebruiker van hier niet toe (pg_hba.conf)."),
    ("starting up", _STARTS),
    ("shutting down", _STARTS),
    ("too many clients", _BUSY),
    ("connection slots", _BUSY),
    ("connection refused", _SILENT),
    ("no such file or directory", _SILENT),
    ("resolve host", _NO_HOST),
    ("translate host name", _NO_HOST),
    ("name or service not known", _NO_HOST),
    ("role ", _LOGIN),
    ("database ", _ABSENT),
    ("timeout", f"het duurt te lang. {ADDRESS}"),
    ("ssl", f"de beveiligde verbinding lukt niet (SSL). {ADDRESS}"),
    ("certificate", f"het certificaat klopt niet (SSL). {ADDRESS}"),
)
"""By words of libpq, which has no code yet when it cannot connect; the first that fits."""
BY_SQLITE = {
    "SQLITE_CANTOPEN": (
        f"het bestand gaat niet open. Kijk of zijn map bestaat en of je er mag schrijven. {ADDRESS}"
    ),
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _NO_RIGHT,
    "SQLITE_AUTH": _NO_RIGHT,
    "SQLITE_NOTADB": f"dit bestand is geen database. {ADDRESS}",
    "SQLITE_CORRUPT": "het bestand is beschadigd. Zet een back-up terug: kopkrakers restore FILE",
    "SQLITE_BUSY": "iets anders houdt hem bezet. Probeer het straks weer.",
    "SQLITE_LOCKED": "iets anders houdt hem bezet. Probeer het straks weer.",
    "SQLITE_IOERR": "de schijf geeft een fout. Kijk haar na.",
}
"""By the name that SQLite gives an error, or by how it begins."""


def database_sentence(error: SQLAlchemyError) -> str:
    """Return a sentence on why the database failed, and what to do."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig
    reason = database_reason(cause)
    # `DatabaseError` itself is what SQLite says of a file that is none of its own
    if isinstance(error, UNREACHABLE) or type(error) is DatabaseError:
        if reason is None:
            return f"De database antwoordt niet ({_code(cause)}). {ADDRESS}"
        return f"De database antwoordt niet: {reason}"
    if reason is None:
        reason = f"iets past niet bij deze versie (code {_code(cause)})."
    return f"De database weigert dit: {reason} Er is niets veranderd. Typ: kopkrakers check"


def database_reason(cause: BaseException) -> str | None:
    """Return why a driver refused, with what to do; None when it is not in the lists."""
    name = str(getattr(cause, "sqlite_errorname", ""))
    if name:
        return BY_SQLITE.get("_".join(name.split("_")[:2]))
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return BY_STATE.get(state)
    if "psycopg" not in type(cause).__module__:
        return None
    said = str(cause).lower()
    return next((reason for words, reason in BY_WORDS if words in said), None)


def _code(cause: BaseException) -> str:
    """Return what can be looked up of an error."""
    for name in ("sqlstate", "sqlite_errorname"):
        if code := getattr(cause, name, None):
            return str(code)
    return type(cause).__name__
