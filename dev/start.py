"""`npm start`: the service on a local cloud, deployed again whenever a source file changes."""

import contextlib
import json
import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from dev.cloud import PROXY_SETTING, ROOT, Cloud, CloudError, is_free, serverless

STAGE = "local"
API_ID = "77777777"  # As serverless.yml tags the API of this stage.
API_KEY = "a-key-for-the-local-cloud"  # As it names that, too.
PORTS = range(4566, 4600)  # 4566 is where local clouds are looked for.
POLL_S = 0.5
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# What a deploy reads, besides the Python packages that serverless.yml names.
SOURCES = [
    "serverless.yml",
    "requirements.txt",
    "*.py",
    "*/*.py",
    "gateway/*.cjs",
    "web/assets/*",
    "plugins/**/*",
]
IGNORED = {".venv", "__pycache__", "bench", "dev", "node_modules", "tests"}


def main() -> None:
    """Run until Ctrl-C."""
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        with Cloud(choose_port()) as cloud:
            say(f"The local cloud runs at {cloud.url}")
            serve(cloud)
    except CloudError as error:
        sys.exit(str(error))


def serve(cloud: Cloud) -> None:
    """Deploy, and again after each change; show what the functions log meanwhile."""
    log, unfinished = cloud.functions_log.open(), ""
    sources: dict[str, int] = {}
    greeted = False
    parent = os.getppid()
    while os.getppid() == parent:  # Not when npm was killed over our head.
        times = modification_times()
        if times != sources:
            if sources:
                changed = {name for name, _ in times.items() ^ sources.items()}
                say(f"Changed: {', '.join(sorted(changed))}")
            sources = times
            if deploy(cloud) and not greeted:
                say(greeting(cloud))
                greeted = True
        *lines, unfinished = (unfinished + log.read()).split("\n")
        for line in lines:
            say(describe(line))
        if not cloud.is_running:
            raise CloudError(f"The local cloud has stopped:\n{cloud.last_words()}")
        time.sleep(POLL_S)


def deploy(cloud: Cloud) -> bool:
    """Deploy to the local cloud; say how it went, and whether it did."""
    say(f"Deploying with `serverless deploy --stage {STAGE}` …")
    started = time.monotonic()
    result = serverless(cloud, ROOT, "deploy", "--stage", STAGE)
    if result.returncode != 0:
        say(f"{result.stdout}{result.stderr}\nThat failed; mend it, save, and it is tried again.")
        return False
    say(f"Deployed in {time.monotonic() - started:.1f} s")
    return True


def greeting(cloud: Cloud) -> str:
    """Return what to type next."""
    base = cloud.api_url(API_ID, STAGE)
    url = f"{base}/lucky_numbers"
    exports = " ".join(f"{key}={value}" for key, value in sorted(cloud.settings().items()))
    noproxy = " --noproxy '*'" if any(map(PROXY_SETTING.fullmatch, os.environ)) else ""
    return f"""
  POST {url}
  the clap button's page: {base}
  orders take the header x-api-key: {API_KEY}

Try it:

  curl{noproxy} {url} -d '{{"name": "SilentByte", "count": 10}}'

To point serverless and other AWS tools here (with --stage {STAGE}):

  export {exports}

Sources are watched and deployed again; Ctrl-C stops it all.
"""


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


def modification_times() -> dict[str, int]:
    """Return the times, in nanoseconds, at which each file that a deploy reads was last changed."""
    times = {}
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT)
            if path.is_file() and not IGNORED.intersection(name.parts):
                with contextlib.suppress(FileNotFoundError):
                    times[name.as_posix()] = path.stat().st_mtime_ns
    return times


def describe(line: str) -> str:
    """Return a line of a function's log as a person at a terminal wants it."""
    match json.loads(line):
        case {"stackTrace": [*lines]}:
            return "\n".join(lines)
        case {"route": route, "status": status, "duration_ms": duration}:
            return f"{route} → {status} in {duration} ms"
        case {"function": name, "records": count, "duration_ms": duration}:
            return f"{name} went through a batch of {count} in {duration} ms"
        case {"level": "WARNING" | "ERROR", "message": message}:
            return f"  {message}"
        case _:
            return line


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in SIGNALS:  # Ctrl-C comes from the terminal and again through npm.
        signal.signal(number, signal.SIG_IGN)
    say("\nStopping …")
    sys.exit(0)


if __name__ == "__main__":
    main()
