"""The files in deploy/ agree with the program and with each other, are closed by default, and hold no secret."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit import config

from sen2dash.config import QUERIES, Settings
from sen2dash.web.server import HEADERS

ROOT = QUERIES.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and "secrets" not in path.parts)
SCRIPTS = sorted(DEPLOY.glob("*.sh"))
PROXIES = ("Caddyfile", "nginx.conf")


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def services() -> dict[str, dict[str, Any]]:
    """Every service of both compose files."""
    return {
        **yaml.safe_load(read("compose.yaml"))["services"],
        **yaml.safe_load(read("server.yaml"))["services"],
    }


def unit(name: str) -> list[tuple[str, str]]:
    """The directives of a unit of systemd. One may be there several times."""
    lines = [line for line in read(name).splitlines() if line and not line.startswith(("#", "["))]
    return [(key, value) for key, _, value in (line.partition("=") for line in lines)]


def copied() -> list[str]:
    """What the container file copies from the project, besides the lists of packages."""
    found = [line.split()[1:-1] for line in read("Containerfile").splitlines() if re.match(r"COPY (?!--from)", line)]
    return [source for sources in found for source in sources if not source.startswith("requirements")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ours = {f"SEN2DASH_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"SEN2DASH_[A-Z_]*[A-Z]", text)) <= ours
    of_streamlit = {option.env_var for option in config.get_config_options().values()}
    assert set(re.findall(r"STREAMLIT_[A-Z_]*[A-Z]", text)) <= of_streamlit


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_holds_a_secret(path: Path) -> None:
    """No key, and no password but one that is asked for or read from a file."""
    text = re.sub(r"@sha256:[0-9a-f]{64}", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"[0-9a-fA-F]{32}|[A-Za-z0-9+]{40}|-----BEGIN", text)
    assert not re.search(r"://[^/\s:@]+:[^/\s@]+@", text)
    assert not re.search(r"(?im)^\s*\w*(?:password|passphrase)\w*:\s*['\"]?[A-Za-z0-9]{6}", text)
    assert not re.search(r"(?i)(?:password|secret|passphrase)\w*[ \t]*=[ \t]*['\"]?[A-Za-z0-9]{6}", text)


def test_secrets_and_the_names_of_an_authority_stay_out_of_the_history() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/deploy/secrets/", "/deploy/[0-9]*.env", "/deploy/sites/*.caddy"} <= set(ignored)
    for name in ("compose.yaml", "server.yaml"):
        for secret in yaml.safe_load(read(name))["secrets"].values():
            assert list(secret) == ["file"]
            assert secret["file"].startswith("./secrets/")


def test_the_container_gets_what_the_program_needs_and_nothing_else() -> None:
    assert set(copied()) == {"LICENSE", "app.py", ".streamlit/config.toml", "queries", "sen2dash", "pages"}
    listed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    lines = [line for line in listed if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == {
        *copied(),
        "requirements.txt",
        "requirements-server.txt",
    }


@pytest.mark.slow
def test_the_program_runs_from_what_the_container_gets(tmp_path: Path) -> None:
    """The server is put together, and a return is checked, with nothing else of the project at hand."""
    for source in copied():
        target = tmp_path / "app" / source
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, target)
    program = (
        "import app, sys\n"
        "from sen2dash.cli import main\n"
        "main(['sample', '../r.xml', '--persons', '20', '--seed', '1'])\n"
        "sys.exit(main(['check', '../r.xml']))"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SEN2DASH_NOW": "2027-02-01T12:00:00"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "app",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1), done.stderr


def test_packages_are_pinned_with_their_hashes() -> None:
    text = read("Containerfile")
    (install,) = re.findall(r"pip --python .*?install(?:.|\\\n)*?(?=\n\n)", text)
    assert "--require-hashes" in install
    assert set(re.findall(r"-r /build/(\S+)", install)) == {"requirements.txt", "requirements-server.txt"}
    pins = [
        dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-server.txt")
    ]
    assert "psycopg" in pins[1]
    both = set(pins[0]) & set(pins[1])
    assert {name: pins[0][name] for name in both} == {name: pins[1][name] for name in both}


def test_images_are_pinned_and_python_is_one_that_is_tested() -> None:
    (version,) = re.findall(
        r"^ARG PYTHON=\S+/python:(\d+\.\d+)\.\d+-slim-\w+@sha256:[0-9a-f]{64}$", read("Containerfile"), re.M
    )
    workflow = yaml.safe_load((ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8"))
    assert version in workflow["jobs"]["linux"]["strategy"]["matrix"]["python"]
    assert set(re.findall(r"^FROM (\S+)", read("Containerfile"), re.M)) == {"${PYTHON}"}
    others = [service["image"] for service in services().values() if service["image"] != "sen2dash:local"]
    assert all(re.search(r":\d+\.\d+[\w.-]*$", image) for image in others), others


def test_the_container_is_checked_by_python_as_an_account_of_its_own() -> None:
    text = read("Containerfile")
    assert "/_stcore/health" in text
    assert "curl" not in text
    assert re.findall(r"^USER (\S+)", text, re.M) == ["10001:10001"]
    assert text.index("USER 10001") < text.index("\nCMD")
    assert "server=10001 database=999 " in read("make_secrets.sh")
    assert services()["database"]["user"] == "999:999"


@pytest.mark.parametrize("name", services())
def test_every_container_is_closed(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert "privileged" not in service


def test_only_the_proxy_can_be_reached_and_only_servers_reach_the_database() -> None:
    found = services()
    assert [name for name, service in found.items() if "ports" in service] == ["proxy"]
    assert {name for name, service in found.items() if "back" in service["networks"]} == {"prepare", "database", "app"}
    networks = yaml.safe_load(read("compose.yaml"))["networks"]
    assert networks["back"]["internal"] is True
    for name, network in yaml.safe_load(read("server.yaml"))["networks"].items():
        assert network == {"name": networks[name]["name"], "external": True}
    address = found["proxy"]["networks"]["front"]["ipv4_address"]
    assert found["app"]["environment"]["FORWARDED_ALLOW_IPS"] == address


def test_a_server_signs_in_to_the_database_as_the_role_of_its_authority() -> None:
    """The owner of the tables is known only to the job that prepares them."""
    found = services()
    assert "://sen2dash_${AUTHORITY:" in found["app"]["environment"]["SEN2DASH_ARCHIVE"]
    assert [name for name, service in found.items() if "owner.pgpass" in service.get("secrets", [])] == ["prepare"]
    assert "memswap_limit" in found["app"]
    assert found["app"]["mem_limit"] == found["app"]["memswap_limit"]


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_takes_the_largest_return_and_doubles_no_header(name: str) -> None:
    text = read(name)
    (size,) = re.findall(r"(?:max_size|client_max_body_size) (\d+)(?:MB|m)\b", text)
    assert Settings().upload_limit_mb < int(size) <= Settings().upload_limit_mb + 20
    for header, _ in HEADERS:
        assert header.decode() not in text.lower()
    assert "Strict-Transport-Security" in text
    assert "/_stcore/metrics" in text
    for seconds in re.findall(r"proxy_read_timeout (\d+)s", text):
        assert int(seconds) >= Settings().idle_minutes * 60


def test_the_service_writes_nowhere_and_gains_no_right() -> None:
    found = dict(unit("sen2dash.service"))
    expected = {
        "User": "sen2dash",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "MemorySwapMax": "0",
        "LimitCORE": "0",
    }
    assert {key: found[key] for key in expected} == expected
    assert "MemoryMax" in found
    assert not {"ReadWritePaths", "StateDirectory"} & set(found)
    for name, secret in (("sen2dash-archive.conf", "archive.key"), ("sen2dash-sign-in.conf", "sign_in.toml")):
        given = [value for key, value in unit(name) if key == "LoadCredential"]
        assert given == [f"{secret}:/etc/sen2dash/{secret}"]
        assert any(value.endswith(f"=%d/{secret}") for key, value in unit(name) if key == "Environment")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_read_by_the_shell(path: Path) -> None:
    if shutil.which("sh"):
        subprocess.run(["sh", "-n", path], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("openssl"), reason="needs root")
def test_secrets_are_made_once_and_for_one_account(tmp_path: Path) -> None:
    script = tmp_path / "make_secrets.sh"
    shutil.copy(DEPLOY / "make_secrets.sh", script)
    subprocess.run(["sh", script, "333"], check=True)
    made = {str(path.relative_to(tmp_path)): path for path in tmp_path.glob("secrets/**/*") if path.is_file()}
    before = {name: path.read_bytes() for name, path in made.items()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.values()} == {0o400}
    subprocess.run(["sh", script, "333"], check=True)
    assert {name: path.read_bytes() for name, path in made.items()} == before
    named = {
        path
        for service in ("compose.yaml", "server.yaml")
        for path in re.findall(r"\./(secrets/[\w./]+)", read(service).replace("${AUTHORITY}", "333"))
    }
    given_by_people = ("*/tls_*.pem", "*/sign_in.toml")
    assert {name for name in named if not any(fnmatch(name, each) for each in given_by_people)} <= set(made)
    assert len(bytes.fromhex(made["secrets/333/archive.key"].read_text())) == 32
