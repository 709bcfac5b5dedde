"""Messages are sent and deleted in batches, and failures are reported."""

import pytest

from aws.errors import ServiceError, Unavailable
from aws.sqs import BYTES_MAX, SQS, Message
from tests.support.dynamodb_calls import ONE_ATTEMPT_S
from tests.support.fake_service import FakeService, Reply, respond
from tests.support.faulty_proxy import later

QUEUE = "http://queue.example/1/q"


def send(count: int, seconds: float = 30) -> dict[int, tuple[str, int]]:
    """Send messages; return why some could not be sent, and after how many attempts."""
    messages = {number: Message(f"message {number}") for number in range(count)}
    unsent = SQS(bytes).send(QUEUE, messages, later(seconds))
    return {number: (each.reason, each.attempts) for number, each in unsent.items()}


def sent(*ids: int, throttled: tuple[int, ...] = (), invalid: tuple[int, ...] = ()) -> Reply:
    """Return the reply to a batch."""
    failed = [{"Id": str(each), "Code": "Throttled", "SenderFault": False} for each in throttled]
    failed += [{"Id": str(each), "Code": "Invalid", "SenderFault": True} for each in invalid]
    return respond({"Successful": [{"Id": str(each)} for each in ids], "Failed": failed})


def bodies(service: FakeService) -> list[list[str]]:
    """Return the bodies of each batch that a service received."""
    batches = [each.document["Entries"] for each in service.requests]
    return [[entry["MessageBody"] for entry in entries] for entries in batches]


def test_messages_that_failed_are_retried_alone_unless_they_are_invalid(
    service: FakeService,
) -> None:
    service.replies = [sent(0, throttled=(1,), invalid=(2,)), sent(0)]
    assert send(3) == {2: ("Invalid", 1)}
    assert bodies(service)[1:] == [["message 1"]]
    assert service.operations() == ["SendMessageBatch"] * 2
    assert {each.document["QueueUrl"] for each in service.requests} == {QUEUE}


def test_a_batch_without_a_response_is_sent_again(service: FakeService) -> None:
    service.replies = [Reply(then="reset"), sent(0, 1)]
    assert send(2) == {}
    assert len(service.requests) == 2


def test_a_batch_that_is_refused_is_not_sent_again(service: FakeService) -> None:
    service.replies = [respond({"__type": "com.amazonaws.sqs#QueueDoesNotExist"}, 400)]
    assert send(1) == {0: ("QueueDoesNotExist: ", 1)}


def test_a_throttled_batch_is_retried_until_the_deadline(service: FakeService) -> None:
    service.default = respond({"__type": "com.amazonaws.sqs#RequestThrottled"}, 403)
    ((reason, attempts),) = send(1, ONE_ATTEMPT_S).values()
    assert reason == "RequestThrottled"
    assert attempts == len(service.requests) > 0


def test_no_batch_is_greater_than_sqs_accepts(service: FakeService) -> None:
    half = Message("x" * (BYTES_MAX // 2 - 100), {"reason": "ß" * 20})
    service.replies = [sent(0, 1), sent(0)]
    assert SQS(bytes).send(QUEUE, dict.fromkeys(range(3), half), later()) == {}
    assert [len(each) for each in bodies(service)] == [2, 1]


@pytest.mark.parametrize("older", ["AWS.SimpleQueueService.RequestThrottled;Sender", "x"])
def test_the_code_of_an_error_is_that_of_the_json_protocol(
    service: FakeService, older: str
) -> None:
    # botocore asks for, and takes, the codes of the query protocol, which came before it.
    kind = "com.amazonaws.sqs#OverLimit"
    service.replies = [respond({"__type": kind}, 400, x_amzn_query_error=older)]
    assert send(1) == {0: ("OverLimit: ", 1)}
    assert "x-amzn-query-mode" not in service.requests[0].headers


def handles(service: FakeService) -> list[list[str]]:
    """Return the receipt handles of each batch that a service was to delete."""
    batches = [each.document["Entries"] for each in service.requests]
    return [[entry["ReceiptHandle"] for entry in entries] for entries in batches]


def test_messages_are_deleted_in_batches(service: FakeService) -> None:
    wanted = [f"handle {number}" for number in range(11)]
    SQS(bytes).delete(QUEUE, wanted, later())
    assert handles(service) == [wanted[:10], wanted[10:]]
    assert service.operations() == ["DeleteMessageBatch"] * 2


def test_only_messages_that_could_not_be_deleted_are_deleted_again(service: FakeService) -> None:
    service.replies = [sent(0, throttled=(1,), invalid=(2,)), Reply(then="reset"), sent(1)]
    SQS(bytes).delete(QUEUE, ["a", "b", "c"], later())
    assert handles(service) == [["a", "b", "c"], ["b"], ["b"]]


def test_messages_that_could_not_be_deleted_in_time_are_an_error(service: FakeService) -> None:
    service.default = sent(throttled=(0,))
    with pytest.raises(Unavailable, match="sqs: Throttled"):
        SQS(bytes).delete(QUEUE, ["a"], later(ONE_ATTEMPT_S))


def test_a_refused_delete_is_an_error_at_once(service: FakeService) -> None:
    service.default = respond({"__type": "com.amazonaws.sqs#AccessDeniedException"}, 403)
    with pytest.raises(ServiceError, match="AccessDeniedException"):
        SQS(bytes).delete(QUEUE, ["a"], later())
    assert len(service.requests) == 1
