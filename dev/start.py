"""`npm start`: the service on a local cloud, with each change a moment after it is saved."""

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

from dev.cloud import PROXY_SETTING, ROOT, Cloud, CloudError, is_free
from dev.deployment import Deployment, DeploymentError, is_configuration
from dev.service import API_ID, API_KEY, STAGE
from dev.terminal import follow, say
from dev.watching import Watch

KEPT = ROOT / ".cache" / "cloud"  # What the local cloud holds, from one start to the next.
PORTS = range(4566, 4600)  # 4566 is where local clouds are looked for.
LOOK_INTERVAL_S = 0.2  # Between looks at whether the owner and the cloud run.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Besides SystemExit, which is lost where it is raised while an object is finalized.
stopping = threading.Event()


def main() -> None:
    """Run until Ctrl-C."""
    options = read_options()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # It needs nobody's account.
    for number in SIGNALS:
        signal.signal(number, _stop)
    threading.Thread(target=stop_without, args=[options.owner], daemon=True).start()
    try:
        with (
            open_kept(is_fresh=options.fresh) as kept,
            Cloud(choose_port(), kept) as cloud,
            noted_exports(cloud, kept),
        ):
            say(f"The local cloud runs at {cloud.url}")
            threading.Thread(target=follow, args=[cloud.reports], daemon=True).start()
            serve(cloud, Deployment(cloud, kept / "deployment"))
    except CloudError as error:
        sys.exit(str(error))


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="npm start --", description=__doc__.split("\n")[0])
    parser.add_argument("owner", type=int, help=argparse.SUPPRESS)  # The process id of npm.
    parser.add_argument(
        "--fresh", action="store_true", help="forget what the local cloud has kept: items, claps, …"
    )
    return parser.parse_args()


def stop_without(owner: int) -> None:
    """Stop when the owner is no longer there, even where it was killed over our head."""
    while os.getppid() == owner:
        time.sleep(LOOK_INTERVAL_S)
    os.kill(os.getpid(), signal.SIGTERM)


def serve(cloud: Cloud, deployment: Deployment) -> None:
    """Deploy, and then each change, as long as the cloud runs."""
    watch = Watch(ROOT)
    is_deployed = not deployment.is_stale
    if is_deployed:
        say("It has what the last npm start deployed.")
    else:
        say(f"Deploying with `serverless deploy --stage {STAGE}` …")
    is_greeted = False
    changed: set[Path] = set()
    while cloud.is_running and not stopping.is_set():
        if changed or not is_greeted:
            is_whole = deployment.is_stale or any(map(is_configuration, changed))
            try:
                apply(deployment, changed, is_whole=is_whole)
                is_deployed = True
            except DeploymentError as error:
                before = " Until then, the previous version runs." if is_deployed else ""
                say(f"{error}\nFix it and save to try again.{before}")
            if is_deployed and not is_greeted:
                say(greeting(cloud))
                is_greeted = True
            changed.clear()
        while cloud.is_running and not stopping.is_set() and not changed:
            changed = watch.wait(LOOK_INTERVAL_S)
    if not stopping.is_set():
        raise CloudError(f"The local cloud has stopped:\n{cloud.log_tail()}")


def apply(deployment: Deployment, changed: set[Path], *, is_whole: bool) -> None:
    """Deploy the service, or update the functions that a change reaches; say how it went.

    Raises:
        DeploymentError: it went wrong; says why.
    """
    started = time.monotonic()
    # Some editors save by way of another file, which is gone by now.
    present = [path for path in changed if (ROOT / path).exists()]
    told = ", ".join(sorted(map(str, present or changed)))
    if told:
        say(f"Changed: {told}")
    if is_whole:
        deployment.deploy()
    updated = deployment.update()
    seconds = time.monotonic() - started
    if is_whole:
        say(f"Deployed in {seconds:.1f} s")
    elif updated:
        say(f"Updated in {seconds:.1f} s: {', '.join(updated)}")
    elif told:
        say("No function reaches that.")


def greeting(cloud: Cloud) -> str:
    """Return what to type next."""
    base = cloud.api_url(API_ID, STAGE)
    url = f"{base}/lucky_numbers"
    noproxy = " --noproxy '*'" if any(map(PROXY_SETTING.fullmatch, os.environ)) else ""
    return f"""
  POST {url}
  the clap button's page: {base}
  orders take the header x-api-key: {API_KEY}

Try it:

  curl{noproxy} {url} -d '{{"name": "SilentByte", "count": 10}}'

To point serverless and other AWS tools here (with --stage {STAGE}):

  {exports(cloud)}

Sources are watched and deployed again; Ctrl-C stops it all.
"""


def exports(cloud: Cloud) -> str:
    """Return the line that points AWS tools at a cloud."""
    settings = " ".join(f"{key}={value}" for key, value in sorted(cloud.settings().items()))
    return f"export {settings}"


@contextlib.contextmanager
def noted_exports(cloud: Cloud, folder: Path) -> Iterator[None]:
    """Note that line, for its owner's eyes, where plugins/destination.js looks for it."""
    path = folder / "exports"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(exports(cloud) + "\n")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def choose_port() -> int:
    """Return PORT if that is set, else the first free port."""
    if wanted := os.environ.get("PORT"):
        if not wanted.isdecimal() or not 0 < int(wanted) < 2**16:
            raise CloudError(f"PORT={wanted} is not a port: it is a number from 1 to 65535.")
        if not is_free(int(wanted)):
            raise CloudError(f"Port {wanted} is taken. Without PORT, npm start takes a free one.")
        return int(wanted)
    for port in PORTS:
        if is_free(port):
            if port != PORTS[0]:
                say(f"Port {PORTS[0]} is taken (by another npm start?), so this one takes {port}.")
            return port
    raise CloudError(f"No port from {PORTS[0]} to {PORTS[-1]} is free; name one, as in PORT=8000.")


@contextlib.contextmanager
def open_kept(*, is_fresh: bool) -> Iterator[Path]:
    """Open the folder of what is kept, for one npm start at a time; another one's is for itself."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with KEPT.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another npm start of this clone runs, so this one begins empty and keeps nothing.")
            with tempfile.TemporaryDirectory(prefix="lucky-numbers-") as folder:
                yield Path(folder)
            return
        if is_fresh:
            shutil.rmtree(KEPT)
            KEPT.mkdir()
        yield KEPT


def _stop(_number: int, _frame: FrameType | None) -> None:
    if not stopping.is_set():  # Ctrl-C comes from the terminal and again through npm.
        stopping.set()
        say("\nStopping …")
        sys.exit(0)


if __name__ == "__main__":
    main()
