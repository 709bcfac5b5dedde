"""A process that has only an artifact, without pydantic. It plays operations with its modules."""

import importlib
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from against_pydantic.plain import plain
from against_pydantic.play import call, play

# Both processes print sets in the same order.
HASH_SEED = {"PYTHONHASHSEED": "0"}
# What the environment has when functions run. The corpus reads it.
RUN = {"CORPUS_STAGE": "run"}
TESTS = Path(__file__).parents[1]


class Player:
    """A running process, and how to ask it."""

    def __init__(self, folder: Path) -> None:
        code = (
            "import sys; sys.path[:0] = sys.argv[1:]; "
            "import against_pydantic.player as player; player.serve()"
        )
        pipe = subprocess.PIPE
        # Without the libraries of this interpreter: the artifact must have all that it needs.
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-P", "-c", code, str(folder), str(TESTS)],
            stdin=pipe,
            stdout=pipe,
            env={**os.environ, **HASH_SEED, **RUN, "PYTHONPATH": ""},
        )

    def ask(self, *question: Any) -> Any:
        """Return the answer to a question.

        Questions are `("load", module)`, `("play", target, pickled)`, `("call", function)` and
        `("constant", name)`.
        """
        self.send(*question)
        return self.receive()

    def send(self, *question: Any) -> None:
        """Send a question, whose answer is to be received."""
        assert self.process.stdin
        write(self.process.stdin, question)

    def receive(self) -> Any:
        """Return the answer to the last question."""
        assert self.process.stdout
        answer: tuple[Any] | None = read(self.process.stdout)
        if answer is None:
            raise RuntimeError("the process without pydantic has ended")
        return answer[0]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def serve() -> None:
    """Answer questions until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What modules print is no answer.
    while question := read(sys.stdin.buffer):
        write(answers, (_answer(question),))


def _answer(question: tuple[Any, ...]) -> Any:
    try:
        match question:
            case ("play", target, pickled):
                return play(target, pickled)
            case ("call", function):
                return call(function)
            case ("constant", constant):
                return [("constant", plain(constant.resolve()))]
    except Exception as error:
        return [("missing", f"{type(error).__name__}: {error}")]
    return _load(question[1])


def _load(module: str) -> str | None:
    """Import a module. Return why it cannot be, or None."""
    try:
        importlib.import_module(module)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def write(stream: IO[bytes], value: Any) -> None:
    """Write a value with its size in bytes before it."""
    pickled = pickle.dumps(value)
    stream.write(struct.pack(">I", len(pickled)) + pickled)
    stream.flush()


def read(stream: IO[bytes]) -> Any:
    """Return the next value, or None at the end."""
    size = stream.read(4)
    return pickle.loads(stream.read(struct.unpack(">I", size)[0])) if size else None
