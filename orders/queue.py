"""The function behind the queue: it marks the products of each order as processed."""

import os
import time

from aws.dynamodb import DynamoDB
from aws.sqs import SQS
from orders.payload import Cart
from orders.store import NotPlacedError, OrderStore
from pipeline import ParkingQueue, Unprocessable, consume

# Built in the init phase on purpose: Lambda runs that on a whole core, and calls on 0.3 of one.
STORE = OrderStore(DynamoDB(), os.environ["ORDERS_TABLE"])
PARKING = ParkingQueue(SQS(), os.environ["PARKING_QUEUE"])


@consume(PARKING)
def update_cart_status(message: Cart, deadline: float) -> None:
    """Mark the products of an order as processed, once however often the message comes."""
    try:
        STORE.process(message.order_id, time.time(), deadline)
    except NotPlacedError as error:
        raise Unprocessable(str(error)) from None
