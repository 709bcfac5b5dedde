import json
import logging

from pydantic import BaseModel, TypeAdapter, ValidationError

from shipping.models import Delivered, Exceptional, Updates

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


class SnsNotification(BaseModel):
    MessageId: str
    Message: str
    Subject: str | None = None


class SnsRecord(BaseModel):
    Sns: SnsNotification


records = TypeAdapter(list[SnsRecord])


def track(event, context):
    delivered, problems, invalid = [], {}, 0
    for record in records.validate_python(event["Records"]):
        try:
            updates = Updates.model_validate_json(record.Sns.Message)
        except ValidationError as error:
            logger.error("%s: %s", record.Sns.MessageId, json.loads(error.json(include_url=False)))
            invalid += 1
            continue
        for update in updates:
            match update:
                case Delivered(tracking=tracking):
                    delivered.append(tracking)
                case Exceptional(tracking=tracking, reason=reason):
                    problems[tracking] = reason
                case _:
                    logger.info("%s", update)
    return {"delivered": delivered, "problems": problems, "invalid": invalid}
