"""The function behind the table's stream: it puts each new order on the queue."""

import os

from aws.sqs import SQS
from orders.payload import Cart, Line, StoredOrder
from pipeline import DeadLetterQueue, forward

# Built in the init phase on purpose; see aws/client.py.
QUEUES = SQS()
DEAD_LETTERS = DeadLetterQueue(QUEUES, os.environ["DEAD_LETTER_QUEUE"])


@forward(QUEUES, os.environ["ORDERS_QUEUE"], DEAD_LETTERS)
def process_cart_products(image: StoredOrder) -> Cart:
    """Return the queue message for processing an order's products."""
    lines = [Line(item_id=line.item_id, quantity=line.quantity) for line in image.order_items]
    return Cart(order_id=image.order_id, order_items=lines)
