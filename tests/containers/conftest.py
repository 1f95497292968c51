"""The image of docker/, built on a base this machine has, and PostgreSQL running in it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASE = os.environ.get("PGRETRIEVE_TEST_BASE", "pgretrieve-base:wheel")
IMAGE = "pgretrieve-test:containers"


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def image() -> str:
    """docker/Dockerfile on BASE. Looks the base up first, as Docker would go looking for it on the network."""
    if shutil.which("docker") is None:
        pytest.skip("no docker command")
    if docker("version").returncode != 0:
        pytest.skip("no Docker daemon answers")
    if docker("image", "inspect", BASE).returncode != 0:
        pytest.skip(f"no image {BASE}: build it with docker/offline/build-base.sh, or name one in PGRETRIEVE_TEST_BASE")
    build = docker("build", "--build-arg", f"BASE={BASE}", "--tag", IMAGE, str(ROOT / "docker"))
    assert build.returncode == 0, build.stdout + build.stderr
    return IMAGE


@pytest.fixture(scope="session")
def server(image: str) -> Callable[..., AbstractContextManager[str]]:
    """`with server() as dsn`: a healthy container. `volume` names one to keep the data in; without, they go with it."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")  # its clean-up container would have to be pulled
    from testcontainers.community.postgres import PostgresContainer
    from testcontainers.core.wait_strategies import HealthcheckWaitStrategy

    @contextmanager
    def running(volume: str | None = None) -> Iterator[str]:
        container = PostgresContainer(image, username="app", password="p@ss%word", dbname="search", driver=None)  # noqa: S106
        container.waiting_for(HealthcheckWaitStrategy().with_startup_timeout(90))
        if volume is not None:
            container.with_volume_mapping(volume, "/var/lib/postgresql", "rw")
        with container:
            yield container.get_connection_url()
            wrapped = container.get_wrapped_container()
            wrapped.stop(timeout=30)
            # 137 would be a kill: signals that never reached PostgreSQL, and a recovery at the next start.
            assert wrapped.wait()["StatusCode"] == 0, wrapped.logs().decode()

    return running


@pytest.fixture(scope="session")
def dsn(server: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """One container that all tests share."""
    with server() as dsn:
        yield dsn


@pytest.fixture
def volume(image: str) -> Iterator[str]:
    """The name of an empty volume."""
    name = docker("volume", "create").stdout.strip()
    yield name
    docker("volume", "rm", name)
