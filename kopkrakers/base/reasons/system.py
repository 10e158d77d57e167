"""Why the system refused a file, a folder or an address."""

import errno
import os
import socket

REASONS = {
    errno.EACCES: "je mag daar niet bij. Kies iets anders, of geef de opdracht als wie dat wel mag",
    errno.EROFS: "op die schijf kan niemand schrijven. Kies een andere plek",
    errno.ENOSPC: "de schijf is vol. Maak plaats",
    errno.EFBIG: "het bestand wordt te groot voor deze schijf of deze gebruiker",
    errno.ENOENT: "die map of dat bestand bestaat niet. Kijk de naam na",
    errno.ENOTDIR: "een deel van dat pad is een bestand en geen map. Kijk de naam na",
    errno.EISDIR: "dat is een map. Noem een bestand",
    errno.EEXIST: "die naam is er al. Kies een andere",
    errno.ENAMETOOLONG: "die naam is te lang. Kies een kortere",
    errno.ELOOP: "die verwijzing draait in een kring rond. Kijk de naam na",
    errno.EMFILE: "er staan te veel bestanden open. Verhoog de grens (ulimit -n)",
    errno.EIO: "de schijf geeft een fout. Kijk haar na",
    errno.ETXTBSY: "iets anders gebruikt dat bestand nu. Probeer het straks weer",
    errno.EADDRINUSE: "daar luistert al een ander programma",
    errno.EADDRNOTAVAIL: "dat adres is niet van deze machine",
    errno.EAFNOSUPPORT: "deze machine kent zulke adressen niet",
    errno.ECONNREFUSED: "daar luistert niets",
}
SAME = {
    errno.EPERM: errno.EACCES,
    errno.EDQUOT: errno.ENOSPC,
    errno.ENFILE: errno.EMFILE,
    errno.EBUSY: errno.ETXTBSY,
    errno.ENXIO: errno.ENOENT,
    errno.ENODEV: errno.ENOENT,
}
"""Codes that mean the same to whoever reads of them."""
UNKNOWN_HOST = "die naam is niet te vinden. Kijk hem na"
ANOTHER = "het systeem weigert het (code {code})"


# D-181
def system_reason(error: OSError) -> str:
    """Return why the system refused, as the end of a sentence without its full stop.

    A code that is not in the list stands there by its name, which can be looked up.
    """
    if isinstance(error, socket.gaierror):
        return UNKNOWN_HOST
    code = error.errno or 0
    found = REASONS.get(SAME.get(code, code))
    if found is not None:
        return found
    return ANOTHER.format(code=errno.errorcode.get(code, type(error).__name__))


def sentence_of(error: OSError) -> str:
    """Return a sentence of its own on an error that names a file, or none."""
    name = error.filename
    if name is None:
        return f"Dit is niet gelukt: {system_reason(error)}."
    return f"Bij {os.fsdecode(name)} ging het mis: {system_reason(error)}."
