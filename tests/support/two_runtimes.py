"""Runs a function under AWS's runtime client and under runtime_loop, and records what it does."""

import compileall
import py_compile
import re
import runpy
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.runtime_loop import WRAPPER, runtime_loop_files

from dev.lambda_runtime import Lambda, LambdaError
from tests.support.differences import normalize_body, normalize_headers, normalize_text

HANDLERS = Path(__file__).parent / "handlers"
WRAPPER_VARIABLE: dict[str, Any] = {"AWS_LAMBDA_EXEC_WRAPPER": f"/var/task/{WRAPPER}"}
Log = list[tuple[int, str]]  # Types of frames, with their messages.
Act = Callable[[Lambda], object]


class Event(NamedTuple):
    """An event, or the bytes of one, and headers beside the usual ones."""

    event: Any
    headers: Mapping[str, str | None] = {}


@dataclass(frozen=True)
class Request:
    """A request to the Runtime API."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def kind(self) -> str:
        """The last part of the path: "next", "response" or "error"."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Record:
    """What a function did, without what differs from run to run."""

    requests: list[Request]
    log: str
    frames: Log
    exit_status: int | None


class Pair(NamedTuple):
    """What a function did under AWS's runtime client and under runtime_loop."""

    original: Record
    loop: Record


def _do_nothing(_function: Lambda) -> None:
    pass


def make_task(folder: Path) -> Path:
    """Make the folder of a function that has the handlers and runtime_loop, and return it."""
    shutil.copytree(HANDLERS, folder)
    (folder / "broken/syntax.py").write_text("x = = 1\n")  # Here, linters do not see it.
    for path, content in runtime_loop_files("machine").items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / WRAPPER).chmod(0o755)
    # As in a bundle. Files with invalid syntax are left out.
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, invalidation_mode=mode)
    return folder


def load_module(name: str) -> Any:
    """Return a module of runtime_loop that imports no other of its modules."""
    spec = spec_from_file_location(name, RUNTIME / f"runtime_loop/{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_pair(
    task: Path,
    handler: str,
    events: Iterable[Event] = (),
    act: Act = _do_nothing,
    *,
    before: Act = _do_nothing,
    **options: Any,
) -> Pair:
    """Run a function under both, side by side, and send it events.

    `before` does something with the function before it starts, and `act` after the events.
    `options` are those of `Lambda`.
    """
    run = partial(_run, task, handler, list(events), act, before)
    with ThreadPoolExecutor(2) as executor:
        original = executor.submit(run, **options)
        loop = executor.submit(run, **{**WRAPPER_VARIABLE, **options})
        return Pair(original.result(), loop.result())


def cases_of(module: str, table: str = "CASES") -> dict[str, Any]:
    """Return the cases of a module of handlers."""
    cases: dict[str, Any] = runpy.run_path(str(HANDLERS / f"{module}.py"))[table]
    return cases


def run_cases(task: Path, module: str, **options: Any) -> dict[str, Pair]:
    """Run all cases of a module of handlers under both, and return what each did."""
    cases = cases_of(module)
    pair = run_pair(task, f"calls.{module}", map(Event, cases), **options)
    originals, loops = (_split(record, list(cases)) for record in pair)
    return {case: Pair(originals[case], loops[case]) for case in cases}


def _run(
    task: Path, handler: str, events: list[Event], act: Act, before: Act, **options: Any
) -> Record:
    outcomes = []
    function = Lambda(task, handler, **options)
    before(function)
    with function:
        try:
            outcomes.append(function.next_outcome())
            for event in events:
                function.send(*event)
                outcomes.append(function.next_outcome())
        except LambdaError:  # It has exited.
            pass
        act(function)
    return Record(
        [
            Request(each.path, normalize_headers(each.headers), normalize_body(each.body))
            for each in outcomes
        ],
        normalize_text(function.log),
        [(frame.kind, normalize_text(frame.message)) for frame in function.frames],
        function.exit_status,
    )


def _split(record: Record, cases: list[str]) -> dict[str, Record]:
    # Handlers write "--- case" on lines of their own, once or twice in a row.
    marker = re.compile(r"\n--- (.+)\n(?:\n--- \1\n)?")
    names_and_texts = marker.split(record.log)[1:]
    log = dict(zip(names_and_texts[::2], names_and_texts[1::2], strict=True))
    frames: dict[str, Log] = {case: [] for case in cases}
    for kind, message in record.frames:
        if found := marker.fullmatch(message):
            current = found[1]
        else:
            frames[current].append((kind, message))
    requests = dict(zip(cases, record.requests[1:], strict=True))
    return {
        case: Record([requests[case]], log[case], frames[case], record.exit_status)
        for case in cases
    }
