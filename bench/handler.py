"""The time of one call of a handler, outside of Lambda's runtime."""

import json
import statistics
import subprocess
from dataclasses import dataclass

from bench.candidates import Candidate, measure_in_turn
from bench.events import EVENT
from dev.lambda_python import RUNTIME_CLIENT, base_python, package_folder

CALLS = 1000
# Runs on the base interpreter, in the candidate's folder. It logs in Lambda's format: to memory by
# `logging`, and nowhere by this service, which writes to standard error.
PROGRAM = """
import importlib, io, json, logging, os, statistics, sys, time
from awslambdaric.lambda_runtime_log_utils import JsonFormatter
sys.path.insert(0, os.getcwd())
log = logging.StreamHandler(io.StringIO())
log.setFormatter(JsonFormatter())
logging.basicConfig(level=logging.INFO, handlers=[log])
module, _, name = sys.argv[1].rpartition(".")
handler = getattr(importlib.import_module(module), name)
event = json.loads(sys.stdin.read())
class Context:
    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
    function_name = invoked_function_arn = log_group_name = log_stream_name = "f"
    memory_limit_in_mb = 512
    get_remaining_time_in_millis = staticmethod(lambda: 3000)
def call():
    text = json.dumps(event)
    fresh = json.loads(text)
    before = time.perf_counter()
    response = handler(fresh, Context)
    elapsed = time.perf_counter() - before
    assert response["statusCode"] == 200, response
    return elapsed
call()
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
times = [call() for _ in range(int(sys.argv[2]))]
print(statistics.median(times) * 1e6)
"""


@dataclass(frozen=True)
class Result:
    """A candidate's median time of a call, and the median ratio to the first candidate's."""

    candidate: Candidate
    call_us: float
    ratio: float


def measure(candidates: list[Candidate], rounds: int) -> list[Result]:
    """Measure the candidates. A ratio compares two calls of the same round."""
    calls = measure_in_turn(candidates, rounds, _call)
    first = calls[candidates[0]]
    return [
        Result(
            candidate=candidate,
            call_us=statistics.median(calls[candidate]),
            ratio=statistics.median(
                own / base for own, base in zip(calls[candidate], first, strict=True)
            ),
        )
        for candidate in candidates
    ]


def _call(candidate: Candidate) -> float:
    run = subprocess.run(
        [base_python(), "-c", PROGRAM, candidate.handler, str(CALLS)],
        cwd=candidate.folder,
        env={
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
            "PYTHONPATH": str(package_folder(RUNTIME_CLIENT)),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        input=json.dumps(EVENT),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)
