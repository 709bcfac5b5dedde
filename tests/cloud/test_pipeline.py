"""The functions behind the stream and the queue: what is done, reported, parked, and why."""

import json
import logging
from typing import Any

import pytest

from orders.payload import StoredOrder
from orders.store import OrderStore
from pipeline import ParkingQueue, Unprocessable, consume, forward
from tests.support.orders import ITEM_ID, RUBBISH, SPOILED, cart, image_of, new_order
from tests.support.pipeline import Context, Pipeline, failures, in_json, reason_of
from tests.support.wire import FAULTS, Wire, later


@pytest.fixture
def store(pipeline: Pipeline) -> OrderStore:
    """Return the orders' store."""
    found: OrderStore = pipeline.update_module.STORE
    return found


@pytest.fixture(autouse=True)
def _empty(pipeline: Pipeline, wire: Wire) -> None:
    wire.meet([])
    pipeline.empty()


def record(number: int, **spoiled: Any) -> dict[str, Any]:
    """Return a record of the stream, with that sequence number."""
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_800_000_000,
            "NewImage": image_of(new_order(), **spoiled),
            "SequenceNumber": f"{number:021}",
        },
    }


def message(body: str, attempts: int = 1, message_id: str = "m") -> dict[str, Any]:
    """Return a message in an event of the queue."""
    attributes = {"ApproximateReceiveCount": str(attempts), "SentTimestamp": "1800000000000"}
    return {"messageId": message_id, "body": body, "attributes": attributes}


def ids_of(records: list[Any]) -> list[str]:
    """Return the ids of the orders that records are about."""
    return [each["dynamodb"]["NewImage"]["order_id"]["S"] for each in records]


def ids_on_queue(pipeline: Pipeline) -> list[str]:
    """Return the ids of the orders that were on the queue: each at least once, here once."""
    return [json.loads(each["body"])["order_id"] for each in pipeline.take(pipeline.queue)]


def test_new_orders_go_on_the_queue(pipeline: Pipeline) -> None:
    records = [record(number) for number in range(25)]
    assert failures(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of(records))
    assert pipeline.take(pipeline.failures) == []


def test_a_message_tells_the_products_of_its_order(pipeline: Pipeline) -> None:
    pipeline.process({"Records": [record(1)]}, Context())
    (sent,) = pipeline.take(pipeline.queue)
    assert json.loads(sent["body"])["order_items"] == [{"item_id": ITEM_ID, "quantity": 2}]


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
def test_a_record_that_is_no_order_is_parked_and_holds_up_no_other(
    pipeline: Pipeline, spoiled: dict[str, Any]
) -> None:
    records = [record(1), in_json(record(2, **spoiled)), record(3)]
    assert failures(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of([records[0], records[2]]))
    (parked,) = pipeline.take(pipeline.failures)
    assert json.loads(parked["body"]) == records[1]
    assert reason_of(parked).startswith(f"/{next(iter(spoiled))}")
    assert parked["messageAttributes"]["attempts"]["StringValue"] == "1"
    assert parked["messageAttributes"]["first_seen"]["StringValue"] == "2027-01-15T08:00:00.000Z"


@pytest.mark.parametrize(
    "rubbish", [{}, {"dynamodb": {}}, {"dynamodb": {"NewImage": {"order_id": {}}}}]
)
def test_a_record_that_is_none_is_parked_too(pipeline: Pipeline, rubbish: Any) -> None:
    records = [rubbish, record(1)]
    assert failures(pipeline.process({"Records": records}, Context())) == []
    (parked,) = pipeline.take(pipeline.failures)
    assert json.loads(parked["body"]) == rubbish
    assert ids_on_queue(pipeline) == ids_of(records[1:])


def test_a_record_too_large_for_a_queue_is_parked_by_its_keys(pipeline: Pipeline) -> None:
    # 400 KB in the table; as JSON six times as much.
    large = record(1, order_date={"S": "\x01" * 390_000})
    assert failures(pipeline.process({"Records": [large]}, Context())) == []
    (parked,) = pipeline.take(pipeline.failures)
    assert json.loads(parked["body"])["dynamodb"] == large["dynamodb"] | {"NewImage": None}
    assert "too large" in reason_of(parked)


def test_large_records_are_parked_in_batches_that_a_queue_takes(pipeline: Pipeline) -> None:
    records = [record(number, order_date={"S": "x" * 390_000}) for number in range(5)]
    assert failures(pipeline.process({"Records": records}, Context())) == []
    parked = [json.loads(each["body"]) for each in pipeline.take(pipeline.failures)]
    assert sorted(parked, key=records.index) == records


@pytest.mark.parametrize("fault", ["throttled", "failure", "lost", "cut", "partial"])
def test_what_the_queue_does_not_take_at_once_is_sent_again(
    pipeline: Pipeline, wire: Wire, fault: str
) -> None:
    records = [record(number) for number in range(10)]
    wire.meet([fault, fault])
    assert failures(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of(records))
    assert pipeline.take(pipeline.failures) == []


def test_what_the_queue_refuses_is_parked_alone(pipeline: Pipeline, wire: Wire) -> None:
    records = [record(number) for number in range(10)]
    wire.meet(["refused"])
    assert failures(pipeline.process({"Records": records}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of(records[:5]))
    parked = pipeline.take(pipeline.failures)
    assert sorted((json.loads(each["body"]) for each in parked), key=records.index) == records[5:]
    assert {reason_of(each) for each in parked} == {"InternalError"}


def test_what_the_queue_never_takes_is_parked_with_its_attempts(pipeline: Pipeline) -> None:
    sqs = pipeline.process_module.QUEUES
    handler = forward(sqs, pipeline.queue + "-not", ParkingQueue(sqs, pipeline.failures))(convert)
    records = [record(number) for number in range(3)]
    assert failures(handler({"Records": records}, Context())) == []
    parked = pipeline.take(pipeline.failures)
    assert sorted((json.loads(each["body"]) for each in parked), key=records.index) == records
    assert all("does not exist" in reason_of(each) for each in parked)


def convert(image: StoredOrder) -> StoredOrder:
    """Forward an order as it is, or not at all."""
    if image.user_id == "nobody":
        raise Unprocessable("Nobody is no user.")
    if image.user_id == "bug":
        raise ZeroDivisionError
    return image


@pytest.mark.parametrize(
    ("user", "reason"), [("nobody", "Nobody is no user."), ("bug", "ZeroDivisionError")]
)
def test_what_the_function_cannot_convert_is_parked_with_its_reason(
    pipeline: Pipeline, user: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    sqs = pipeline.process_module.QUEUES
    handler = forward(sqs, pipeline.queue, ParkingQueue(sqs, pipeline.failures))(convert)
    records = [record(1, user_id={"S": user}), record(2)]
    assert failures(handler({"Records": records}, Context())) == []
    (parked,) = pipeline.take(pipeline.failures)
    assert reason_of(parked) == reason
    assert ids_on_queue(pipeline) == ids_of(records[1:])
    assert any(each.exc_info for each in caplog.records) == (user == "bug")


def test_what_cannot_even_be_parked_comes_again_from_the_lowest_on(
    pipeline: Pipeline, wire: Wire
) -> None:
    records = [record(1), record(2, order_id={"S": ""}), record(3, order_id={"S": ""}), record(4)]
    wire.meet([None, *["throttled"] * 100])
    numbers = failures(pipeline.process({"Records": records}, Context(300 + 2000 + 1600)))
    assert numbers == [records[1]["dynamodb"]["SequenceNumber"]]
    wire.meet([])
    assert failures(pipeline.process({"Records": records[1:]}, Context())) == []
    assert sorted(ids_on_queue(pipeline)) == sorted(ids_of([records[0], records[3]]))
    assert len(pipeline.take(pipeline.failures)) == 2


def test_an_order_is_processed_once_however_often_its_message_comes(
    pipeline: Pipeline, store: OrderStore
) -> None:
    order = store.place(new_order(), later())
    before = pipeline.end_of_stream()
    for number in range(3):
        event = {"Records": [message(cart(order.order_id), number + 1)] * 2}
        assert failures(pipeline.update(event, Context())) == []
    ((change,), _) = pipeline.records(before)
    assert change["dynamodb"]["NewImage"]["cart_product_status"] == {"S": "PROCESSED"}
    found = store.find(order.order_id, later())
    assert found == order.model_copy(update={"cart_product_status": "PROCESSED"})
    assert pipeline.take(pipeline.dead_letters) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_an_order_is_processed_once_whatever_the_wire_does(
    pipeline: Pipeline, store: OrderStore, wire: Wire, fault: str
) -> None:
    order = store.place(new_order(), later())
    before = pipeline.end_of_stream()
    wire.meet([fault, fault])
    assert failures(pipeline.update({"Records": [message(cart(order.order_id))]}, Context())) == []
    assert len(pipeline.records(before)[0]) == 1


@pytest.mark.parametrize("body", RUBBISH)
def test_a_message_that_does_not_parse_is_parked_as_it_came(pipeline: Pipeline, body: str) -> None:
    assert failures(pipeline.update({"Records": [message(body)]}, Context())) == []
    (parked,) = pipeline.take(pipeline.dead_letters)
    assert parked["body"] == body
    assert reason_of(parked).isprintable()
    assert parked["messageAttributes"]["first_seen"]["StringValue"] == "2027-01-15T08:00:00.000Z"


def test_a_message_about_no_order_is_parked(pipeline: Pipeline, store: OrderStore) -> None:
    draft = pipeline.put(order_status={"S": "DRAFT"})
    placed, absent = store.place(new_order(), later()).order_id, new_order().order_id
    messages = [message(cart(each), message_id=each) for each in (absent, placed, draft)]
    assert failures(pipeline.update({"Records": messages}, Context())) == []
    parked = {each["body"]: reason_of(each) for each in pipeline.take(pipeline.dead_letters)}
    assert parked == {
        messages[0]["body"]: "There is no such order.",
        messages[2]["body"]: "The order has not been placed.",
    }


def test_one_bad_message_is_retried_alone_and_parked_after_three_attempts(
    pipeline: Pipeline, store: OrderStore, wire: Wire
) -> None:
    orders = [store.place(new_order(), later()) for _ in range(3)]
    bad = orders[2].order_id
    for attempts in (1, 2, 3):
        messages = [message(cart(each.order_id), attempts, each.order_id) for each in orders]
        wire.meet([None, None, *["throttled"] * 100], service="DynamoDB")
        response = pipeline.update({"Records": messages}, Context(300 + 2000 + 2500))
        assert failures(response) == ([bad] if attempts < 3 else [])
    (parked,) = pipeline.take(pipeline.dead_letters)
    assert parked["body"] == cart(bad)
    assert reason_of(parked) == "Unavailable: dynamodb: ThrottlingException"
    assert parked["messageAttributes"]["attempts"]["StringValue"] == "3"


def test_a_slow_message_leaves_the_others_their_turn(
    pipeline: Pipeline, store: OrderStore, wire: Wire
) -> None:
    orders = [store.place(new_order(), later()) for _ in range(5)]
    messages = [message(cart(each.order_id), message_id=each.order_id) for each in orders]
    wire.meet(["slow"])
    # Of 8 s for the work the first one may take 1.6, of which the call without an answer takes one.
    response = pipeline.update({"Records": messages}, Context(300 + 2000 + 8000))
    assert failures(response) == [orders[0].order_id]
    for order in orders:
        found = store.find(order.order_id, later())
        assert found
        assert found.cart_product_status == "PROCESSED"


def test_what_ended_its_function_three_times_is_parked_untried(
    pipeline: Pipeline, store: OrderStore
) -> None:
    order = store.place(new_order(), later())
    event = {"Records": [message(cart(order.order_id), 4)]}
    assert failures(pipeline.update(event, Context())) == []
    (parked,) = pipeline.take(pipeline.dead_letters)
    assert "3 times" in reason_of(parked)
    assert store.find(order.order_id, later()) == order  # Which waits all the same.


def test_names_that_are_not_ours_are_not_told(
    pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(json.loads(cart(new_order().order_id)) | {"hunter2": 1})
    assert failures(pipeline.update({"Records": [message(body)]}, Context())) == []
    (parked,) = pipeline.take(pipeline.dead_letters)
    assert reason_of(parked) == "all of it: Extra inputs are not permitted"
    assert "hunter2" not in caplog.text


def test_each_batch_is_tried_before_any_is_tried_again(pipeline: Pipeline, wire: Wire) -> None:
    records = [record(number) for number in range(30)]
    wire.meet(["throttled"])
    assert failures(pipeline.process({"Records": records}, Context())) == []
    ids = ids_of(records)
    assert ids_on_queue(pipeline) == ids[10:] + ids[:10]


def test_all_that_fail_are_reported(pipeline: Pipeline, store: OrderStore) -> None:
    orders = [store.place(new_order(), later()) for _ in range(5)]
    messages = [message(cart(each.order_id), message_id=each.order_id) for each in orders]
    response = pipeline.update({"Records": messages}, Context(300 + 2000))  # No time for a call.
    assert failures(response) == [each.order_id for each in orders]


def test_what_was_parked_before_keeps_when_it_was_first_seen(pipeline: Pipeline) -> None:
    kept = {"first_seen": {"stringValue": "2026-01-01T00:00:00.000Z", "dataType": "String"}}
    again = message("rubbish") | {"messageAttributes": kept}
    assert failures(pipeline.update({"Records": [again]}, Context())) == []
    (parked,) = pipeline.take(pipeline.dead_letters)
    first_seen = parked["messageAttributes"]["first_seen"]["StringValue"]
    assert first_seen == "2026-01-01T00:00:00.000Z"


def test_a_message_that_a_person_typed_needs_no_attributes(pipeline: Pipeline) -> None:
    typed = {"messageId": "m", "body": "rubbish"}
    assert failures(pipeline.update({"Records": [typed]}, Context())) == []
    (parked,) = pipeline.take(pipeline.dead_letters)
    assert reason_of(parked)


def test_a_message_that_cannot_be_parked_comes_again(pipeline: Pipeline, wire: Wire) -> None:
    wire.meet(["throttled"] * 100)
    event = {"Records": [message("{}", 3)]}
    assert failures(pipeline.update(event, Context(300 + 2000))) == ["m"]
    wire.meet([])
    assert pipeline.take(pipeline.dead_letters) == []


def test_an_unforeseen_failure_is_logged_and_comes_again(
    pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    parking = ParkingQueue(pipeline.process_module.QUEUES, pipeline.dead_letters)

    @consume(parking)
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
    assert failures(fail({"Records": [message(body)]}, Context())) == ["m"]
    (line,) = (each for each in caplog.records if each.exc_info)
    assert line.levelno == logging.ERROR
    assert failures(fail({"Records": [message(body, 3)]}, Context())) == []
    (parked,) = pipeline.take(pipeline.dead_letters)
    assert reason_of(parked) == "ZeroDivisionError"


def test_a_batch_is_one_line_in_the_log_and_no_body(
    pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    pipeline.update({"Records": [message("hunter2"), message("{}", 3)]}, Context())
    (line,) = (vars(each) for each in caplog.records if each.msg == "batch")
    assert (line["function"], line["records"], line["again"]) == ("update_cart_status", 2, 0)
    assert line["duration_ms"] > 0
    assert "hunter2" not in str([vars(each) for each in caplog.records])


@pytest.mark.parametrize("event", [{}, None, [], {"Records": None}, {"body": "{}"}])
def test_an_event_of_another_kind_is_told_so(pipeline: Pipeline, event: Any) -> None:
    for function in (pipeline.process, pipeline.update):
        with pytest.raises(TypeError, match="list of Records"):
            function(event, Context())


def test_a_function_without_its_model_fails_when_it_is_defined(pipeline: Pipeline) -> None:
    parking = ParkingQueue(pipeline.process_module.QUEUES, pipeline.failures)

    def untyped(message: "Unknown") -> None:  # type: ignore[name-defined]  # noqa: F821
        pass

    for wrap in (consume(parking), forward(pipeline.process_module.QUEUES, "", parking)):
        with pytest.raises(TypeError, match="model's class"):
            wrap(untyped)


def test_without_a_context_there_is_time_for_a_call(pipeline: Pipeline, store: OrderStore) -> None:
    order = store.place(new_order(), later())
    assert failures(pipeline.update({"Records": [message(cart(order.order_id))]}, None)) == []
    assert pipeline.take(pipeline.dead_letters) == []
