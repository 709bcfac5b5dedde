"""What the event functions handle, what they retry, and what becomes a dead letter."""

import json
import uuid
from collections import Counter
from typing import Any

import pytest

from orders.payload import StoredOrder
from orders.store import OrderStore
from pipeline import DeadLetterQueue, PermanentFailure, consume, forward
from tests.support.faulty_proxy import FAULTS, FaultyProxy, later
from tests.support.log import errors_in, log_everything, read_log
from tests.support.orders import INVALID, INVALID_BODIES, ITEM_ID, cart, image_of, new_order
from tests.support.pipeline import Context, Crash, Pipeline, as_event, reason_of, retried

# Enough for the dead letters, and for one message that fails.
LITTLE_MS = 300 + 2000 + 6200


@pytest.fixture
def store(pipeline: Pipeline) -> OrderStore:
    """Return the store of the orders."""
    found: OrderStore = pipeline.update_module.STORE
    return found


@pytest.fixture(autouse=True)
def _empty(pipeline: Pipeline, faulty_proxy: FaultyProxy) -> None:
    faulty_proxy.inject([])
    pipeline.empty()


def record(number: int, **invalid: Any) -> dict[str, Any]:
    """Return a stream record with a sequence number."""
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_800_000_000,
            "NewImage": image_of(new_order(), **invalid),
            "SequenceNumber": f"{number:021}",
        },
    }


def message(body: str, receive: int = 1, message_id: str | None = None) -> dict[str, Any]:
    """Return a message in an event of the queue, by default with an id of its own."""
    attributes = {"ApproximateReceiveCount": str(receive), "SentTimestamp": "1800000000000"}
    return {
        "messageId": message_id or str(uuid.uuid4()),
        "receiptHandle": "of no queue",
        "body": body,
        "attributes": attributes,
    }


def ids_of(records: list[Any]) -> list[str]:
    """Return the order ids of records."""
    return [each["dynamodb"]["NewImage"]["order_id"]["S"] for each in records]


def ids_on_queue(pipeline: Pipeline) -> list[str]:
    """Return the order ids of the queue's messages, each once."""
    return [json.loads(each["body"])["order_id"] for each in pipeline.take(pipeline.queue)]


def test_new_orders_go_on_the_queue(pipeline: Pipeline) -> None:
    records = [record(number) for number in range(25)]
    assert retried(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of(records))
    assert pipeline.take(pipeline.stream_dead_letters) == []


def test_a_message_has_the_products_of_its_order(pipeline: Pipeline) -> None:
    pipeline.process({"Records": [record(1)]}, Context())
    (sent,) = pipeline.take(pipeline.queue)
    assert json.loads(sent["body"])["order_items"] == [{"item_id": ITEM_ID, "quantity": 2}]


@pytest.mark.parametrize("invalid", INVALID.values(), ids=INVALID)
def test_a_record_that_is_not_an_order_becomes_a_dead_letter_and_holds_up_no_other(
    pipeline: Pipeline, invalid: dict[str, Any]
) -> None:
    records = [record(1), as_event(record(2, **invalid)), record(3)]
    assert retried(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of([records[0], records[2]]))
    (dead_letter,) = pipeline.take(pipeline.stream_dead_letters)
    assert json.loads(dead_letter["body"]) == records[1]
    assert reason_of(dead_letter).startswith(f"/{next(iter(invalid))}")
    assert dead_letter["messageAttributes"]["attempts"]["StringValue"] == "1"
    assert (
        dead_letter["messageAttributes"]["first_seen"]["StringValue"] == "2027-01-15T08:00:00.000Z"
    )


@pytest.mark.parametrize(
    "malformed", [{}, {"dynamodb": {}}, {"dynamodb": {"NewImage": {"order_id": {}}}}]
)
def test_a_malformed_record_becomes_a_dead_letter(pipeline: Pipeline, malformed: Any) -> None:
    records = [malformed, record(1)]
    assert retried(pipeline.process({"Records": records}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.stream_dead_letters)
    assert json.loads(dead_letter["body"]) == malformed
    assert ids_on_queue(pipeline) == ids_of(records[1:])


def test_the_dead_letter_of_a_record_too_large_for_a_queue_has_its_keys(pipeline: Pipeline) -> None:
    # 400 KB in the table; as JSON six times as much.
    large = record(1, order_date={"S": "\x01" * 390_000})
    assert retried(pipeline.process({"Records": [large]}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.stream_dead_letters)
    assert json.loads(dead_letter["body"])["dynamodb"] == large["dynamodb"] | {"NewImage": None}
    assert "too large" in reason_of(dead_letter)


def test_dead_letters_of_large_records_are_sent_in_batches_that_sqs_accepts(
    pipeline: Pipeline,
) -> None:
    records = [record(number, order_date={"S": "x" * 390_000}) for number in range(5)]
    assert retried(pipeline.process({"Records": records}, Context())) == []
    dead_letters = [
        json.loads(each["body"]) for each in pipeline.take(pipeline.stream_dead_letters)
    ]
    assert sorted(dead_letters, key=records.index) == records


@pytest.mark.parametrize("fault", ["throttled", "failure", "lost", "cut", "partial"])
def test_messages_that_the_queue_did_not_accept_are_retried(
    pipeline: Pipeline, faulty_proxy: FaultyProxy, fault: str
) -> None:
    records = [record(number) for number in range(10)]
    faulty_proxy.inject([fault, fault])
    assert retried(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of(records))
    assert pipeline.take(pipeline.stream_dead_letters) == []


def test_only_the_messages_that_the_queue_refuses_become_dead_letters(
    pipeline: Pipeline, faulty_proxy: FaultyProxy
) -> None:
    records = [record(number) for number in range(10)]
    faulty_proxy.inject(["refused"])
    assert retried(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of(records[:5]))
    dead_letters = pipeline.take(pipeline.stream_dead_letters)
    assert (
        sorted((json.loads(each["body"]) for each in dead_letters), key=records.index)
        == records[5:]
    )
    assert {reason_of(each) for each in dead_letters} == {"InternalError"}


def test_a_message_that_the_queue_never_accepts_becomes_a_dead_letter(pipeline: Pipeline) -> None:
    sqs = pipeline.process_module.QUEUES
    handler = forward(
        sqs, pipeline.queue + "-not", DeadLetterQueue(sqs, pipeline.stream_dead_letters)
    )(convert)
    records = [record(number) for number in range(3)]
    assert retried(handler({"Records": records}, Context())) == []
    dead_letters = pipeline.take(pipeline.stream_dead_letters)
    assert sorted((json.loads(each["body"]) for each in dead_letters), key=records.index) == records
    assert all("does not exist" in reason_of(each) for each in dead_letters)


def convert(image: StoredOrder) -> StoredOrder:
    """Return the order, or raise for some users."""
    if image.user_id == "nobody":
        raise PermanentFailure("Unknown user.")
    if image.user_id == "bug":
        raise ZeroDivisionError
    return image


@pytest.mark.parametrize(
    ("user", "reason"), [("nobody", "Unknown user."), ("bug", "ZeroDivisionError")]
)
def test_a_record_for_which_the_function_raises_becomes_a_dead_letter_with_the_reason(
    pipeline: Pipeline, user: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    sqs = pipeline.process_module.QUEUES
    handler = forward(sqs, pipeline.queue, DeadLetterQueue(sqs, pipeline.stream_dead_letters))(
        convert
    )
    records = [record(1, user_id={"S": user}), record(2)]
    assert retried(handler({"Records": records}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.stream_dead_letters)
    assert reason_of(dead_letter) == reason
    assert ids_on_queue(pipeline) == ids_of(records[1:])
    assert bool(errors_in(read_log(capfd))) == (user == "bug")


def test_halving_a_batch_leaves_only_the_record_that_crashes_the_function(
    pipeline: Pipeline,
) -> None:
    """Lambda does that: bisectBatchOnFunctionError."""
    sqs = pipeline.process_module.QUEUES

    @forward(sqs, pipeline.queue, DeadLetterQueue(sqs, pipeline.stream_dead_letters))
    def crash(image: StoredOrder) -> StoredOrder:
        if image.user_id == "crasher":
            raise Crash
        return image

    records = [record(number) for number in range(20)]
    records[7] = record(7, user_id={"S": "crasher"})
    batches, left = [records], []
    while batches:
        batch = batches.pop()
        try:
            assert retried(crash({"Records": batch}, Context())) == []
        except Crash:
            half = len(batch) // 2
            if half:
                batches += [batch[half:], batch[:half]]
            else:
                left += batch
    assert left == [records[7]]
    others = [each for each in records if each not in left]
    assert ids_on_queue(pipeline) == ids_of(others)


def test_records_whose_dead_letters_cannot_be_sent_are_delivered_again_from_the_first_on(
    pipeline: Pipeline, faulty_proxy: FaultyProxy
) -> None:
    records = [record(1), record(2, order_id={"S": ""}), record(3, order_id={"S": ""}), record(4)]
    faulty_proxy.inject([None, *["throttled"] * 100])
    numbers = retried(pipeline.process({"Records": records}, Context(300 + 2000 + 1600)))
    assert numbers == [records[1]["dynamodb"]["SequenceNumber"]]
    faulty_proxy.inject([])
    assert retried(pipeline.process({"Records": records[1:]}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of([records[0], records[3]]))
    assert len(pipeline.take(pipeline.stream_dead_letters)) == 2


def test_an_order_is_processed_once_however_often_its_message_is_delivered(
    pipeline: Pipeline, store: OrderStore
) -> None:
    order = store.create(new_order(), later())
    before = pipeline.end_of_stream()
    for number in range(3):
        event = {"Records": [message(cart(order.order_id), number + 1)] * 2}
        assert retried(pipeline.update(event, Context())) == []
    ((change,), _) = pipeline.records(before)
    assert change["dynamodb"]["NewImage"]["cart_product_status"] == {"S": "PROCESSED"}
    found = store.get(order.order_id, later())
    assert found == order.model_copy(update={"cart_product_status": "PROCESSED"})
    assert pipeline.take(pipeline.dead_letters) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_an_order_is_processed_once_despite_faults(
    pipeline: Pipeline, store: OrderStore, faulty_proxy: FaultyProxy, fault: str
) -> None:
    order = store.create(new_order(), later())
    before = pipeline.end_of_stream()
    faulty_proxy.inject([fault, fault])
    assert retried(pipeline.update({"Records": [message(cart(order.order_id))]}, Context())) == []
    assert len(pipeline.records(before)[0]) == 1


@pytest.mark.parametrize("body", INVALID_BODIES)
def test_a_message_that_does_not_parse_becomes_a_dead_letter_unchanged(
    pipeline: Pipeline, body: str
) -> None:
    assert retried(pipeline.update({"Records": [message(body)]}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.dead_letters)
    assert dead_letter["body"] == body
    assert reason_of(dead_letter).isprintable()
    assert (
        dead_letter["messageAttributes"]["first_seen"]["StringValue"] == "2027-01-15T08:00:00.000Z"
    )


def test_a_message_without_an_order_becomes_a_dead_letter(
    pipeline: Pipeline, store: OrderStore
) -> None:
    draft = pipeline.put(order_status={"S": "DRAFT"})
    placed, absent = store.create(new_order(), later()).order_id, new_order().order_id
    messages = [message(cart(each), message_id=each) for each in (absent, placed, draft)]
    assert retried(pipeline.update({"Records": messages}, Context())) == []
    reasons = {each["body"]: reason_of(each) for each in pipeline.take(pipeline.dead_letters)}
    assert reasons == {
        messages[0]["body"]: "There is no such order.",
        messages[2]["body"]: "The order has not been placed.",
    }


def test_one_bad_message_is_retried_alone_and_becomes_a_dead_letter_after_three_attempts(
    pipeline: Pipeline, store: OrderStore, faulty_proxy: FaultyProxy
) -> None:
    orders = [store.create(new_order(), later()) for _ in range(3)]
    bad = orders[2].order_id
    for receive in (1, 2, 3):
        messages = [message(cart(each.order_id), receive, each.order_id) for each in orders]
        faulty_proxy.inject(["throttled"] * 100, service="DynamoDB", text=f"ORDER#{bad}")
        response = pipeline.update({"Records": messages}, Context(LITTLE_MS))
        assert retried(response) == ([bad] if receive < 3 else [])
    (dead_letter,) = pipeline.take(pipeline.dead_letters)
    assert dead_letter["body"] == cart(bad)
    assert reason_of(dead_letter) == "Unavailable: dynamodb: ThrottlingException"
    assert dead_letter["messageAttributes"]["attempts"]["StringValue"] == "3"


def test_a_slow_message_leaves_time_for_the_others(
    pipeline: Pipeline, store: OrderStore, faulty_proxy: FaultyProxy
) -> None:
    orders = [store.create(new_order(), later()) for _ in range(5)]
    messages = [message(cart(each.order_id), message_id=each.order_id) for each in orders]
    faulty_proxy.inject(["slow"] * 100, text=f"ORDER#{orders[0].order_id}")
    # Each of the five messages has 6.1 s, of which the first uses up all that a call may take.
    response = pipeline.update({"Records": messages}, Context(300 + 2000 + 5 * 6100))
    assert retried(response) == [orders[0].order_id]
    faulty_proxy.inject([])
    for order in orders:
        found = store.get(order.order_id, later())
        assert found
        assert found.cart_product_status == "PROCESSED"


def test_a_sender_s_own_field_names_are_neither_logged_nor_in_the_reason(
    pipeline: Pipeline, capfd: pytest.CaptureFixture[str]
) -> None:
    body = json.dumps(json.loads(cart(new_order().order_id)) | {"hunter2": 1})
    assert retried(pipeline.update({"Records": [message(body)]}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.dead_letters)
    assert reason_of(dead_letter) == "(root): Extra inputs are not permitted"
    assert "hunter2" not in str(read_log(capfd))


def test_each_batch_is_attempted_before_any_is_retried(
    pipeline: Pipeline, faulty_proxy: FaultyProxy
) -> None:
    records = [record(number) for number in range(30)]
    faulty_proxy.inject(["throttled"])
    assert retried(pipeline.process({"Records": records}, Context())) == []
    ids = ids_of(records)
    assert ids_on_queue(pipeline) == ids[10:] + ids[:10]


def test_messages_without_time_for_an_attempt_are_all_retried(
    pipeline: Pipeline, store: OrderStore
) -> None:
    orders = [store.create(new_order(), later()) for _ in range(5)]
    messages = [message(cart(each.order_id), message_id=each.order_id) for each in orders]
    response = pipeline.update({"Records": messages}, Context(300 + 2000))
    assert retried(response) == [each.order_id for each in orders]


def test_a_dead_letter_that_fails_again_keeps_when_it_was_first_seen(pipeline: Pipeline) -> None:
    kept = {"first_seen": {"stringValue": "2026-01-01T00:00:00.000Z", "dataType": "String"}}
    retried_message = message("invalid") | {"messageAttributes": kept}
    assert retried(pipeline.update({"Records": [retried_message]}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.dead_letters)
    first_seen = dead_letter["messageAttributes"]["first_seen"]["StringValue"]
    assert first_seen == "2026-01-01T00:00:00.000Z"


def test_an_event_typed_by_hand_needs_no_attributes(pipeline: Pipeline) -> None:
    typed = {"messageId": "m", "body": "invalid"}
    assert retried(pipeline.update({"Records": [typed]}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.dead_letters)
    assert reason_of(dead_letter)


def test_a_message_whose_dead_letter_cannot_be_sent_is_retried(
    pipeline: Pipeline, faulty_proxy: FaultyProxy
) -> None:
    faulty_proxy.inject(["throttled"] * 100)
    event = {"Records": [message("{}", message_id="m")]}
    assert retried(pipeline.update(event, Context(LITTLE_MS))) == ["m"]
    faulty_proxy.inject([])
    assert pipeline.take(pipeline.dead_letters) == []


def test_an_unexpected_error_is_logged_and_the_message_is_retried(
    pipeline: Pipeline, capfd: pytest.CaptureFixture[str]
) -> None:
    update = pipeline.update_module

    @consume(update.QUEUES, pipeline.queue, update.ATTEMPTS, update.DEAD_LETTERS)
    def fail(message: StoredOrder, deadline: float) -> None:
        raise ZeroDivisionError(message, deadline)

    body = json.dumps(
        {
            "order_id": new_order().order_id,
            "user_id": "u",
            "order_status": "ORDERED",
            "cart_product_status": "PENDING",
            "order_items": [
                {
                    "item_id": ITEM_ID,
                    "name": "a",
                    "price": 1,
                    "quantity": 1,
                }
            ],
            "order_total": 1,
            "order_date": "2026-11-21T00:00:00.000Z",
        }
    )
    for receive in (1, 2):
        event = {"Records": [message(body, receive, "unexpected")]}
        assert retried(fail(event, Context())) == ["unexpected"]
        (line,) = errors_in(read_log(capfd))
        assert line["errorType"] == "ZeroDivisionError"
    assert retried(fail({"Records": [message(body, 3, "unexpected")]}, Context())) == []
    (dead_letter,) = pipeline.take(pipeline.dead_letters)
    assert reason_of(dead_letter) == "ZeroDivisionError"


def test_each_batch_is_one_line_in_the_log_without_bodies(
    pipeline: Pipeline, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log_everything(monkeypatch)
    pipeline.update({"Records": [message("hunter2"), message("{}", 2)]}, Context())
    lines = read_log(capfd)
    (line,) = (each for each in lines if each["message"] == "batch")
    assert (line["function"], line["records"], line["failures"]) == ("update_cart_status", 2, 0)
    assert line["duration_ms"] > 0
    assert line["requestId"] == Context.aws_request_id
    assert "hunter2" not in str(lines)


def test_records_failures_and_dead_letters_are_counted(
    pipeline: Pipeline, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log_everything(monkeypatch)
    monkeypatch.setenv("METRICS_NAMESPACE", "shop")
    pipeline.update({"Records": [message("{}")]}, Context())
    pipeline.take(pipeline.dead_letters)
    counts: Counter[str] = Counter()
    for line in read_log(capfd):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            counts.update({each["Name"]: line[each["Name"]] for each in directive["Metrics"]})
    assert counts == {"records": 1, "failures": 0, "dead_letters": 1}


def test_an_event_function_keeps_its_name_and_docstring(pipeline: Pipeline) -> None:
    assert pipeline.update.__name__ == "update_cart_status"
    assert pipeline.update.__module__ == "orders.queue"
    assert pipeline.update.__doc__ == "Mark the products of an order as processed."


@pytest.mark.parametrize("event", [{}, None, [], {"Records": None}, {"body": "{}"}])
def test_another_kind_of_event_is_an_error_that_says_so(pipeline: Pipeline, event: Any) -> None:
    for function in (pipeline.process, pipeline.update):
        with pytest.raises(TypeError, match="list of Records"):
            function(event, Context())


def test_a_function_without_its_model_fails_when_it_is_defined(pipeline: Pipeline) -> None:
    dead_letters = DeadLetterQueue(pipeline.process_module.QUEUES, pipeline.stream_dead_letters)

    def untyped(message: "Unknown") -> None:  # type: ignore[name-defined]  # noqa: F821
        pass

    queues, attempts = pipeline.update_module.QUEUES, pipeline.update_module.ATTEMPTS
    for wrap in (
        consume(queues, "", attempts, dead_letters),
        forward(pipeline.process_module.QUEUES, "", dead_letters),
    ):
        with pytest.raises(TypeError, match="model class"):
            wrap(untyped)


def test_without_a_context_there_is_time_for_a_call(pipeline: Pipeline, store: OrderStore) -> None:
    order = store.create(new_order(), later())
    assert retried(pipeline.update({"Records": [message(cart(order.order_id))]}, None)) == []
    assert pipeline.take(pipeline.dead_letters) == []
