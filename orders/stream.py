"""The function behind the table's stream: it puts each new order on the queue."""

import os

from aws.sqs import SQS
from orders.payload import Cart, Line, StoredOrder
from pipeline import ParkingQueue, forward

# Built in the init phase on purpose: Lambda runs that on a whole core, and calls on 0.3 of one.
QUEUES = SQS()
PARKING = ParkingQueue(QUEUES, os.environ["PARKING_QUEUE"])


@forward(QUEUES, os.environ["ORDERS_QUEUE"], PARKING)
def process_cart_products(image: StoredOrder) -> Cart:
    """Have the products of an order processed."""
    lines = [Line(item_id=line.item_id, quantity=int(line.quantity)) for line in image.order_items]
    return Cart(order_id=image.order_id, order_items=lines)
