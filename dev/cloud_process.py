"""The process of a `dev.cloud.Cloud`: ministack, which ends when its standard input ends."""

import argparse
import atexit
import os
import resource
import shutil
import signal
import sys
import threading
from pathlib import Path

from ministack import app

from dev.call_log import log_calls
from dev.function_worker import run_functions
from dev.guard import Guard
from dev.patches import apply_patches
from dev.repeated_headers import keep_repeated_headers
from dev.reports import Reports, report_gateway
from dev.state import save_often, take_over


def main() -> None:
    """Serve until standard input ends. Its first line is the secret."""
    options = read_options()
    secret = sys.stdin.readline().strip()
    if app.PERSIST_STATE:
        take_over(Path(os.environ["STATE_DIR"]), os.environ["GATEWAY_PORT"])
    apply_patches(secret)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # Functions that time out are aborted.
    reports = Reports(options.folder / "reports.jsonl")
    run_functions(reports)
    report_gateway(reports)
    if options.log_calls:
        log_calls(options.log_calls)
    app.app = Guard(save_often(keep_repeated_headers(app.app)), secret)
    threading.Thread(target=stop_with_owner, args=[options.folder], daemon=True).start()
    app.main()


def read_options() -> argparse.Namespace:
    """Return the options of the command line, and hide them from ministack, which reads it too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder for logs; deleted at the end")
    parser.add_argument("--log-calls", type=Path, metavar="FILE", help="log functions' AWS calls")
    options = parser.parse_args()
    del sys.argv[1:]
    return options


def stop_with_owner(folder: Path) -> None:
    """Wait for the end of standard input, then end this process and delete its folder."""
    sys.stdin.read()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
