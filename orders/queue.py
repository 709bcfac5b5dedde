"""The function behind the queue: it marks the products of each order as processed."""

import os
import time

from aws.dynamodb import DynamoDB
from aws.sqs import SQS
from orders.payload import Cart
from orders.store import NotPlacedError, OrderStore
from pipeline import DeadLetterQueue, PermanentFailure, consume

# Built in the init phase on purpose; see aws/client.py.
STORE = OrderStore(DynamoDB(), os.environ["ORDERS_TABLE"])
DEAD_LETTERS = DeadLetterQueue(SQS(), os.environ["DEAD_LETTER_QUEUE"])


@consume(DEAD_LETTERS)
def update_cart_status(message: Cart, deadline: float) -> None:
    """Mark the products of an order as processed."""
    try:
        STORE.mark_processed(message.order_id, time.time(), deadline)
    except NotPlacedError as error:
        raise PermanentFailure(str(error)) from None
