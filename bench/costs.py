"""What a million requests to each route cost on AWS, by the prices and units that are listed here.

Nothing of this is measured: the prices are AWS's for us-east-1, without a free tier, and the
durations are assumptions.
"""

from dataclasses import dataclass

# US dollars: https://aws.amazon.com/api-gateway/pricing/, …/lambda/pricing/, …/dynamodb/pricing/,
# …/sqs/pricing/ and …/cloudwatch/pricing/, in November 2026.
REST_REQUEST = 3.50e-6
INVOCATION, GB_SECOND = 0.20e-6, 0.0000133334  # On arm64.
READ_UNIT, WRITE_UNIT = 0.125e-6, 0.625e-6  # On demand.
SQS_REQUEST = 0.40e-6
LOGGED_GB = 0.50

MEMORY_GB = 0.5
PYTHON_MS, CALL_MS, TRANSACTION_MS = 2, 5, 15  # Of a function by itself, and of calls to DynamoDB.
# The function's line, Lambda's two and API Gateway's, each with 26 bytes that CloudWatch adds.
LOG_BYTES, ACCESS_LOG_BYTES = 900, 400
MILLION = 1_000_000


@dataclass(frozen=True)
class Work:
    """What one request causes. Units of a transaction count twice, of eventual reads half.

    Items are up to 1 KB, as most are: a read unit is for 4 KB, a write unit for 1 KB.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
    """

    route: str
    reads: float = 0
    writes: float = 0
    calls_ms: float = 0  # Of the function's calls to AWS.
    invocations: float = 1
    requests: float = 1  # To API Gateway.
    sqs: float = 0


WORK = [
    Work("`GET /hello`, `POST /lucky_numbers`, `GET /`"),
    # The viewer and ten shards.
    Work("`GET /claps`", reads=11 * 0.5, calls_ms=CALL_MS),
    # The viewer, a shard and the key in a transaction; a consistent read; the counts for the key.
    Work(
        "`POST /claps`",
        reads=11,
        writes=3 * 2 + 1,
        calls_ms=TRANSACTION_MS + 2 * CALL_MS,
    ),
    Work("`GET /items/{id}`", reads=1, calls_ms=CALL_MS),
    # 25 items of 300 bytes, and one more.
    Work("`GET /items`", reads=2 * 0.5, calls_ms=CALL_MS),
    # The item and the key in a transaction.
    Work("`POST /items`, with a key", writes=2 * 2, calls_ms=TRANSACTION_MS),
    # A transaction, too, so that a retry can tell whether it was done.
    Work("`PUT` and `DELETE /items/{id}`, of one version", writes=2, calls_ms=TRANSACTION_MS),
    # The order of the key, two items, the order, and its entry in the index.
    Work("`POST /orders`, two lines", reads=3, writes=2, calls_ms=3 * CALL_MS),
    # At worst, each order is a batch of its own: a message is sent, received and deleted.
    Work(
        "… and its way through the pipeline",
        writes=1,
        calls_ms=2 * CALL_MS,
        invocations=2,
        requests=0,
        sqs=3,
    ),
    Work("`GET /orders/{order_id}`", reads=1, calls_ms=CALL_MS),
]


def table() -> str:
    """Return the costs of each route as a Markdown table."""
    rows = [
        "| a million times | API Gateway | Lambda | DynamoDB | SQS | logs | total |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for work in WORK:
        costs = [cost * MILLION for cost in _costs(work)]
        cells = " | ".join(f"${cost:.2f}" for cost in [*costs, sum(costs)])
        rows.append(f"| {work.route} | {cells} |")
    return "\n".join(rows)


def _costs(work: Work) -> list[float]:
    """Return what one request costs: API Gateway, Lambda, DynamoDB, SQS, logs."""
    seconds = (work.invocations * PYTHON_MS + work.calls_ms) / 1000
    logged = work.invocations * LOG_BYTES + work.requests * ACCESS_LOG_BYTES
    return [
        work.requests * REST_REQUEST,
        work.invocations * INVOCATION + seconds * MEMORY_GB * GB_SECOND,
        work.reads * READ_UNIT + work.writes * WRITE_UNIT,
        work.sqs * SQS_REQUEST,
        logged / 1e9 * LOGGED_GB,
    ]
