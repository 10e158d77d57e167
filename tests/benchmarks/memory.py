"""What the whole product needs of memory: its pages, the counter, and what keeps them running."""

import subprocess
import urllib.request

from kopkrakers.operations.running.keeping import own_command
from tests.benchmarks.processes import megabytes
from tests.benchmarks.stage import Stage, await_answer

PORT = 8766
VISITORS = 200
"""People who open card and archive before the memory is read: a server that just began has none
of the cards, templates and connections yet that it keeps.
"""


def memory(environ: dict[str, str], stage: Stage) -> list[tuple[str, str, str]]:
    """Return the row of the table: `kopkrakers serve` with two processes of pages, after visits."""
    own = environ | {"KOPKRAKERS_PORT": str(PORT)}
    server = subprocess.Popen(own_command("serve"), env=own, start_new_session=True)
    base = f"http://127.0.0.1:{PORT}"
    try:
        await_answer(server, f"{base}/klaar")
        for cookie, _token in stage.tickets[:VISITORS]:
            for path in (stage.card, "/archief"):
                asked = urllib.request.Request(base + path, headers={"Cookie": cookie})
                with urllib.request.urlopen(asked, timeout=60) as answer:
                    answer.read()
        used = megabytes(server.pid)
    finally:
        server.terminate()
        server.wait(30)
    return [("whole product, MB of memory (PSS)", f"{used:.0f}", "≤ 260")]
