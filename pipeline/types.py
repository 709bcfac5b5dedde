"""Types of the pipeline, for type checkers only: nothing imports this at run time."""

from typing import TypedDict


class BatchItemFailure(TypedDict):
    """A record or message that Lambda is to deliver again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """The response that Lambda expects under ReportBatchItemFailures."""

    batchItemFailures: list[BatchItemFailure]
