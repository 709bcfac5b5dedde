"""The function behind the queue: it marks the products of each order as processed."""

import os
import time

from aws.dynamodb import DynamoDB
from aws.sqs import SQS
from orders.payload import Cart
from orders.store import NotPlacedError, OrderStore
from pipeline import Attempts, DeadLetterQueue, PermanentFailure, consume

# Built in the init phase on purpose; see aws/client.py.
DYNAMODB, QUEUES = DynamoDB(), SQS()
STORE = OrderStore(DYNAMODB, os.environ["ORDERS_TABLE"])
ATTEMPTS = Attempts(DYNAMODB, os.environ["ATTEMPTS_TABLE"])
DEAD_LETTERS = DeadLetterQueue(QUEUES, os.environ["DEAD_LETTER_QUEUE"])


@consume(QUEUES, os.environ["ORDERS_QUEUE"], ATTEMPTS, DEAD_LETTERS)
def update_cart_status(message: Cart, deadline: float) -> None:
    """Mark the products of an order as processed."""
    try:
        STORE.mark_processed(message.order_id, time.time(), deadline)
    except NotPlacedError as error:
        raise PermanentFailure(str(error)) from None
