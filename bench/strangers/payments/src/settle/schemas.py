from datetime import datetime
from decimal import Decimal
from typing import List, Optional

from aws_lambda_powertools.utilities.parser import BaseModel
from aws_lambda_powertools.utilities.parser.models import SqsRecordModel
from pydantic import Field, Json, computed_field


class Line(BaseModel):
    sku: str
    quantity: int = Field(ge=1)
    unit_price: Decimal


class Settlement(BaseModel):
    payment_id: str = Field(min_length=12, max_length=12)
    settled_at: datetime
    lines: List[Line]
    fee: Optional[Decimal] = None

    @computed_field
    def total(self) -> Decimal:
        return sum((line.quantity * line.unit_price for line in self.lines), Decimal(0)) - (
            self.fee or Decimal(0)
        )


class SettlementRecord(SqsRecordModel):
    body: Json[Settlement]
