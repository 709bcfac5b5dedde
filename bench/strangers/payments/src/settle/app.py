from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from schemas import SettlementRecord

logger = Logger()
processor = BatchProcessor(
    event_type=EventType.SQS, model=SettlementRecord, raise_on_entire_batch_failure=False
)


def record_handler(record: SettlementRecord):
    settlement = record.body
    logger.info("settled", extra=settlement.model_dump(mode="json", exclude={"lines"}))
    if settlement.total < 0:
        raise ValueError("the fee exceeds the payment")
    return settlement.payment_id


@logger.inject_lambda_context
def lambda_handler(event, context: LambdaContext):
    return process_partial_response(
        event=event, record_handler=record_handler, processor=processor, context=context
    )
