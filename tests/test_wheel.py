"""The wheel, in an empty folder elsewhere: everything it needs is in it."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.support.running import PATIENCE, answer, environment, free_port, run, running, until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel in `lib`."""
    folder = tmp_path_factory.mktemp("elsewhere")
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder / "dist"),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "lib")
    return folder


@pytest.fixture
def env(elsewhere: Path, tmp_path: Path) -> dict[str, str]:
    """An environment in which only the wheel and what it depends on can be imported."""
    path = f"{elsewhere / 'lib'}:{sysconfig.get_path('purelib')}"
    return environment(tmp_path, PYTHONPATH=path, KOPKRAKERS_PORT=str(free_port()))


def test_the_demo_runs_from_the_wheel(env: dict[str, str], tmp_path: Path) -> None:
    with running(
        "demo",
        "--port",
        env["KOPKRAKERS_PORT"],
        "--data",
        str(tmp_path / "d"),
        env=env,
        cwd=tmp_path,
    ):
        until(lambda: (tmp_path / "out").read_text(), "the demo never said where it is")
        said = (tmp_path / "out").read_text()
        url = said.removeprefix("Kopkrakers: ").strip()
        page = answer(f"{url}/inloggen")
        styles = re.findall(r'href="(/static/[^"]+)"', page)
        assert re.fullmatch(r"Kopkrakers: http://localhost:\d+\n", said)
        assert "Anna" in page
        assert styles
        assert all(answer(url + style) for style in styles if style.endswith(".css"))


def test_serve_runs_from_the_wheel(env: dict[str, str], elsewhere: Path, tmp_path: Path) -> None:
    assert run("migrate", env=env, cwd=tmp_path).returncode == 0
    with running("serve", env=env, cwd=tmp_path):
        url = f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}"
        assert "Kopkrakers" in answer(f"{url}/privacy")
        assert '"bussen":true' in answer(f"{url}/klaar")


def test_the_wheel_holds_no_tests_and_no_rubbish(elsewhere: Path) -> None:
    tops = {
        path.name for path in (elsewhere / "lib").iterdir() if not path.name.endswith(".dist-info")
    }
    assert tops == {"kopkrakers", "wsgi.py"}
    assert not list((elsewhere / "lib").rglob("*.db"))
