"""Ways in which the process ends, and ways in which it does not."""

import atexit
import os
import signal
import sys
import threading
import time

EVENTS = []


class OwnBaseError(BaseException):
    pass


def handler(event, _context):
    """End as the event says."""
    atexit.register(print, "atexit")
    print("before")
    WAYS[event]()
    return "after"


def leave_thread(*, daemon):
    """Start a thread that goes on until the next invocation."""
    go_on = threading.Event()

    def work():
        go_on.wait()
        print("thread ends")

    thread = threading.Thread(target=work, daemon=daemon)
    thread.start()
    EVENTS.append((go_on, thread))


def join_thread():
    """Let the thread end."""
    go_on, thread = EVENTS.pop()
    go_on.set()
    thread.join()


def handle_terminations():
    """Print the signals to terminate, and stay."""
    signal.signal(signal.SIGTERM, lambda number, _frame: print("signal", number, flush=True))


def exit_on_termination():
    """Exit when the signal to terminate comes, as AWS's example of a graceful shutdown does."""

    def exit_gracefully(*_):
        print("graceful")
        sys.exit(0)

    signal.signal(signal.SIGTERM, exit_gracefully)


def fail(error):
    """Raise an error."""
    raise error


def exit_in_thread():
    """Exit in another thread, which ends that thread."""
    thread = threading.Thread(target=sys.exit, args=[3])
    thread.start()
    thread.join()


def fork_and_exit():
    """End a child process, and not this one."""
    child = os.fork()
    if child == 0:
        os._exit(5)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


WAYS = {
    "nothing": lambda: None,
    "sys.exit()": lambda: sys.exit(),
    "sys.exit(0)": lambda: sys.exit(0),
    "sys.exit(3)": lambda: sys.exit(3),
    "sys.exit(text)": lambda: sys.exit("text"),
    "exit()": lambda: exit(),
    "quit(4)": lambda: quit(4),
    "os._exit(0)": lambda: os._exit(0),
    "os._exit(7)": lambda: os._exit(7),
    "os.abort()": lambda: os.abort(),
    "SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "SIGTERM": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "SIGINT": lambda: os.kill(os.getpid(), signal.SIGINT),
    "KeyboardInterrupt": lambda: fail(KeyboardInterrupt("why")),
    "GeneratorExit": lambda: fail(GeneratorExit()),
    "BaseException": lambda: fail(OwnBaseError("own")),
    "exit in a thread": exit_in_thread,
    "exit in a child": fork_and_exit,
    "thread": lambda: leave_thread(daemon=False),
    "daemon thread": lambda: leave_thread(daemon=True),
    "join": join_thread,
    "handle SIGTERM": handle_terminations,
    "exit on SIGTERM": exit_on_termination,
    "sleep": lambda: time.sleep(20),
}
