"""What handlers see of their process."""

import builtins
import gc
import importlib
import importlib.metadata
import inspect
import json
import locale
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
import warnings


class Picklable:
    def __init__(self, value):
        self.value = value


def send(connection, value):
    connection.send([value, os.environ["_HANDLER"]])


def call_in_process(method):
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    process = context.Process(target=send, args=(theirs, 1))
    process.start()
    process.join()
    return [process.exitcode, ours.poll() and ours.recv()]


def run_python(*arguments):
    command = [sys.executable, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return [run.returncode, run.stdout, run.stderr]


def use_metadata(_):
    return importlib.metadata.version("simplejson").count(".") > 0


def read_own_source(_):
    here = os.path.dirname(__file__)
    with open(__file__) as file, open(f"{here}/echo.py") as other:
        return [file.readline(), other.readline(), inspect.getsource(read_own_source)]


def builtin_names(_):
    return {name: repr(getattr(builtins, name, None))[:30] for name in BUILTINS}


BUILTINS = ("exit", "quit", "help", "_")
SHOW_PATH = "import sys; print(sys.path[1:], sys.flags.isolated, sys.flags.no_site)"
CASES = {
    "environment": lambda _: dict(sorted(os.environ.items())),
    "path": lambda _: sys.path,
    "arguments": lambda _: sys.argv,
    "executable": lambda _: sys.executable,
    "main module": lambda _: [sys.modules["__main__"].__file__, __name__, __file__],
    "working directory": lambda _: os.getcwd(),
    "builtins": builtin_names,
    "encodings": lambda _: [
        sys.flags.utf8_mode,
        sys.getfilesystemencoding(),
        sys.getfilesystemencodeerrors(),
        locale.getlocale(),
        locale.getencoding(),
    ],
    "signals": lambda _: {
        each.name: repr(signal.getsignal(each))
        for each in signal.valid_signals()
        if isinstance(each, signal.Signals)
    },
    "interpreter": lambda _: [
        sys.getrecursionlimit(),
        sys.dont_write_bytecode,
        sys.getswitchinterval(),
        gc.get_threshold(),
        gc.isenabled(),
        sys.flags.optimize,
        sys.flags.dev_mode,
        sys.flags.hash_randomization,
        sys.warnoptions,
        sys.excepthook is sys.__excepthook__,
        time.tzname,
        os.umask(0o22),
        sys.gettrace(),
    ],
    "warning filters": lambda _: repr(warnings.filters),
    "packages of Lambda": use_metadata,
    "own source": read_own_source,
    "pickle": lambda _: pickle.loads(pickle.dumps(Picklable(3))).value,
    "subprocess": lambda _: run_python("-c", SHOW_PATH),
    "subprocess with own modules": lambda _: run_python("echo.py"),
    "forked process": lambda _: call_in_process("fork"),
    "spawned process": lambda _: call_in_process("spawn"),
    "json": lambda _: json.dumps({"a": 1}),
}
