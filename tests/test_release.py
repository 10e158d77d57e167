"""A release, made anew and installed in an empty environment without an index."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running import PATIENCE, answer, environment, free_port, run, running, until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
UV = ROOT / ".tools" / "bin" / "uv"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def told(*command: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Return the output of a command; it must go well."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release, for the Python that runs this."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    told(".ci/release", folder, env={**os.environ, "PYTHONS": PYTHON})
    return folder


@pytest.fixture(scope="module")
def bundle(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle for a server without internet, unpacked."""
    elsewhere = tmp_path_factory.mktemp("server")
    (packed,) = release.glob("*.tar.gz")
    told("tar", "-xzf", packed, "-C", elsewhere)
    (folder,) = elsewhere.iterdir()
    return folder


@pytest.fixture(scope="module")
def python(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds what the manual has one install, and no more."""
    folder = tmp_path_factory.mktemp("programma")
    python = folder / "bin" / "python"
    told(UV, "venv", "--python", sys.executable, "--clear", folder)
    # compiled, as pip does it: every start below would else compile all of it again
    into = (UV, "pip", "install", "--python", python, "--no-index", "--compile-bytecode")
    packages = ("--find-links", "pakketten", "--require-hashes", "-r", "requirements.txt")
    told(*into, *packages, cwd=bundle)
    told(*into, "--no-deps", next(bundle.glob("*.whl")), cwd=bundle)
    return python


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, KOPKRAKERS_PORT=str(free_port()), PYTHONPATH="")


def test_checksums_name_every_file(release: Path) -> None:
    in_english = os.environ | {"LC_ALL": "C"}
    said = told("sha256sum", "--check", "SHA256SUMS", cwd=release, env=in_english)
    files = {path.name for path in release.iterdir()} - {"SHA256SUMS"}
    assert {line.removesuffix(": OK") for line in said.splitlines()} == files
    assert len(files) == 4


def test_the_list_of_parts_is_that_of_what_was_installed(release: Path, python: Path) -> None:
    (file,) = release.glob("*.cdx.json")
    parts = json.loads(file.read_text())
    listed = {(part["name"], part["version"]) for part in parts["components"]}
    code = (
        "from importlib.metadata import distributions as d;"
        "print(*(f'{x.name}=={x.version}' for x in d()))"
    )
    there = {tuple(found.split("==")) for found in told(python, "-c", code).split()}
    assert parts["bomFormat"] == "CycloneDX"
    root = parts["metadata"]["component"]
    assert listed == there - {(root["name"], root["version"])}
    assert all(part["licenses"] for part in parts["components"])
    # nothing tells on which machine it was made
    assert str(ROOT) not in file.read_text()


def test_a_release_never_mixes_with_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "kopkrakers-0.0.1-py3-none-any.whl").touch()
    refused = subprocess.run([ROOT / ".ci/release", tmp_path], capture_output=True, check=False)
    assert refused.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["kopkrakers-0.0.1-py3-none-any.whl"]


def test_an_altered_package_is_not_installed(bundle: Path, python: Path, tmp_path: Path) -> None:
    altered = tmp_path / "pakketten"
    altered.mkdir()
    for package in (bundle / "pakketten").glob("segno-*.whl"):
        (altered / package.name).write_bytes(package.read_bytes() + b"\0")
    wanted = re.search(r"^segno==.*(?:\\\n.*)+", (bundle / "requirements.txt").read_text(), re.M)
    assert wanted
    (tmp_path / "segno.txt").write_text(wanted[0].rstrip("\\") + "\n")
    options = ["--no-index", "--find-links", str(altered), "--require-hashes", "--reinstall"]
    command = [UV, "pip", "install", "--python", python, *options, "-r", tmp_path / "segno.txt"]
    refused = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0
    assert "hash mismatch" in refused.stderr.casefold()


def test_the_demo_runs_from_it(python: Path, env: dict[str, str], tmp_path: Path) -> None:
    options = ("--port", env["KOPKRAKERS_PORT"], "--data", str(tmp_path / "d"))
    with running("demo", *options, env=env, cwd=tmp_path, python=python):
        until(lambda: "Ctrl-C" in (tmp_path / "out").read_text(), "the demo never said where it is")
        patience, address, begin, phone = (tmp_path / "out").read_text().splitlines()
        url = address.removeprefix("Kopkrakers: ")
        page = answer(f"{url}/inloggen")
        styles = re.findall(r'href="(/static/[^"]+)"', page)
        assert patience.startswith("Even geduld")
        assert re.fullmatch(r"http://localhost:\d+", url)
        assert begin.startswith("Tik op Anna") and "--host 0.0.0.0" in phone
        assert "Anna" in page
        assert styles
        assert all(answer(url + style) for style in styles if style.endswith(".css"))


def test_serve_runs_from_it(python: Path, env: dict[str, str], tmp_path: Path) -> None:
    assert run("migrate", env=env, cwd=tmp_path, python=python).returncode == 0
    with running("serve", env=env, cwd=tmp_path, python=python):
        url = f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}"
        assert "Kopkrakers" in answer(f"{url}/privacy")
        assert '"bussen":true' in answer(f"{url}/klaar")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can close a disk")
def test_it_runs_where_nothing_can_be_written(python: Path, tmp_path: Path) -> None:
    """As in a container: every disk is closed but one in memory."""
    room = tmp_path / "kamer"
    room.mkdir()
    script = (
        f"mount --make-rprivate / && mount -t tmpfs tmpfs {room} && "
        f"mkdir -m 700 {room}/sleutels && "
        f"for disk in $(awk '$2 != \"{room}\" {{print $2}}' /proc/mounts); do "
        'mount -o remount,ro,bind "$disk" 2>/dev/null; done; echo closed; '
        f"if touch {tmp_path}/iets 2>/dev/null; then echo open; fi; "
        f"{python} -m kopkrakers migrate && {python} -m kopkrakers count"
    )
    env = environment(tmp_path, KOPKRAKERS_KEY_DIR=f"{room}/sleutels", PYTHONPATH="")
    env |= {"KOPKRAKERS_DATABASE_URL": f"sqlite:///{room}/db/k.db", "TMPDIR": str(room)}
    command = ["unshare", "--mount", "sh", "-c", script]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("closed"):
        pytest.skip("this machine lets nobody close a disk")
    assert done.stdout == "closed\nDe database is bij.\nGeleegde bussen: 0\n", done.stderr


def test_it_holds_no_tests_and_no_rubbish(python: Path) -> None:
    (library,) = (python.parents[1] / "lib").glob("python*/site-packages")
    files = (library / next(library.glob("kopkrakers-*.dist-info")).name / "RECORD").read_text()
    tops = {line.split("/")[0].split(",")[0] for line in files.splitlines()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "..",
        "kopkrakers",
        "wsgi.py",
    }
    assert not list((library / "kopkrakers").rglob("*.db"))
