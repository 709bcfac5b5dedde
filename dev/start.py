"""`npm start`: runs the service on a local cloud, and deploys each change when it is saved."""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from dev.cloud import Cloud, CloudError
from dev.deployment import Deployment, DeploymentError, is_configuration
from dev.greeting import export_line_in_file, greeting
from dev.ports import is_free
from dev.service import ROOT, SERVICE, STAGE
from dev.terminal import follow, say
from dev.watching import Watch

STATE = ROOT / ".cache" / "cloud"  # What the local cloud keeps from one start to the next.
PORTS = range(4566, 4600)  # 4566 is the usual port of local clouds.
PORT_MAX = 2**16 - 1
POLL_INTERVAL_S = 0.2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# The signals that have come. They also raise SystemExit, but Python ignores that in a finalizer. An
# Event would not do: it locks, and the second signal may come while the first one is being noted.
stopping: set[int] = set()


def main() -> None:
    """Run until Ctrl-C."""
    options = read_options()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # Nothing here may reach a real AWS account.
    for number in SIGNALS:
        signal.signal(number, _stop)
    threading.Thread(target=stop_with_owner, args=[options.owner], daemon=True).start()
    try:
        with (
            open_state_folder(is_fresh=options.fresh) as folder,
            Cloud(choose_port(), folder) as cloud,
            export_line_in_file(cloud, folder),
        ):
            say(f"The local cloud runs at {cloud.url}")
            threading.Thread(target=follow, args=[cloud.reports], daemon=True).start()
            serve(cloud, Deployment(cloud, folder / "deployment"))
    except CloudError as error:
        sys.exit(str(error))


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="npm start --", description=__doc__.split("\n")[0])
    parser.add_argument("owner", type=int, help=argparse.SUPPRESS)  # The process id of npm.
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="delete the data of earlier starts first",
    )
    return parser.parse_args()


def stop_with_owner(owner: int) -> None:
    """Stop when the owner has ended, even if it was killed."""
    while os.getppid() == owner:
        time.sleep(POLL_INTERVAL_S)
    os.kill(os.getpid(), signal.SIGTERM)


def serve(cloud: Cloud, deployment: Deployment) -> None:
    """Deploy the service, and then each change.

    Raises:
        CloudError: the cloud has stopped by itself.
    """
    is_deployed = not deployment.is_stale
    if is_deployed:
        say("Reusing what the last npm start deployed.")
    else:
        say(f"Deploying with `serverless deploy --stage {STAGE}` …")
    is_greeted = False
    for changed in changes(cloud, Watch(ROOT)):
        try:
            deploy(deployment, changed)
            is_deployed = True
        except DeploymentError as error:
            before = " Until then, the previous version runs." if is_deployed else ""
            say(f"{error}\nFix it and save to try again.{before}")
        if is_deployed and not is_greeted:
            say(greeting(cloud))
            is_greeted = True
    if not stopping:
        raise CloudError(f"The local cloud has stopped:\n{cloud.log_tail()}")


def changes(cloud: Cloud, watch: Watch) -> Iterator[set[Path]]:
    """Yield an empty set, and then each set of changed files, while the cloud runs."""
    is_first = True
    changed: set[Path] = set()
    while cloud.is_running and not stopping:
        if changed or is_first:
            yield changed
        is_first = False
        changed = watch.wait(POLL_INTERVAL_S)


def deploy(deployment: Deployment, changed: set[Path]) -> None:
    """Deploy the service, or update the functions that use changed files; print what was done.

    Raises:
        DeploymentError: the deploy or the update failed.
    """
    started = time.monotonic()
    is_whole = deployment.is_stale or any(map(is_configuration, changed))
    # Some editors save by way of a temporary file, which has been deleted since.
    present = [path for path in changed if (ROOT / path).exists()]
    names = ", ".join(sorted(map(str, present or changed)))
    if names:
        say(f"Changed: {names}")
    if is_whole:
        deployment.deploy()
    updated = deployment.update()
    seconds = time.monotonic() - started
    if is_whole:
        say(f"Deployed in {seconds:.1f} s")
    elif updated:
        say(f"Updated in {seconds:.1f} s: {', '.join(updated)}")
    elif names:
        say("Nothing to update: the deployed functions are the same.")


def choose_port() -> int:
    """Return the port that PORT names, or else the first free one of PORTS.

    Raises:
        CloudError: PORT is invalid or taken, or no port is free.
    """
    if wanted := os.environ.get("PORT"):
        if not wanted.isdecimal() or not 0 < int(wanted) <= PORT_MAX:
            raise CloudError(f"PORT={wanted} is invalid: use a number from 1 to {PORT_MAX}.")
        if not is_free(int(wanted)):
            raise CloudError(f"Port {wanted} is taken. Without PORT, npm start takes a free one.")
        return int(wanted)
    for port in PORTS:
        if is_free(port):
            if port != PORTS[0]:
                say(f"Port {PORTS[0]} is taken (by another npm start?), so this one takes {port}.")
            return port
    raise CloudError(f"Ports {PORTS[0]} to {PORTS[-1]} are taken. Name another, as in PORT=8000.")


@contextlib.contextmanager
def open_state_folder(*, is_fresh: bool) -> Iterator[Path]:
    """Lock and return STATE, or a temporary folder if another npm start has locked STATE."""
    STATE.mkdir(parents=True, exist_ok=True)
    with STATE.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another npm start of this clone is running.")
            say("This one starts empty and saves nothing.")
            with tempfile.TemporaryDirectory(prefix=f"{SERVICE}-") as folder:
                yield Path(folder)
            return
        if is_fresh:
            shutil.rmtree(STATE)
            STATE.mkdir()
        yield STATE


def _stop(number: int, _frame: FrameType | None) -> None:
    if not stopping:  # Ctrl-C arrives twice: from the terminal, and from npm.
        stopping.add(number)
        say("\nStopping …")
        sys.exit(0)


if __name__ == "__main__":
    main()
