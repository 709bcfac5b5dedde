import os
from pathlib import Path
from string import Template

from pydantic import BaseModel, Field, ValidationError

from shipping.models import LabelRequest, Quote
from shipping.responses import bad_request, ok

TEMPLATE = Template((Path(__file__).parent / "label.txt").read_text())


class Label(BaseModel):
    tracking: str
    text: str
    quote: Quote
    lines: int = Field(default=0, exclude=True)

    def model_post_init(self, context):
        self.lines = self.text.count("\n")


def make_label(event, context):
    try:
        request = LabelRequest.model_validate_json(event["body"] or "{}")
    except ValidationError as error:
        return bad_request(error)
    tracking = f"{os.environ['WAREHOUSE']}{request.reference}"
    text = TEMPLATE.substitute(tracking=tracking, **request.recipient.model_dump())
    label = Label(tracking=tracking, text=text, quote=Quote.for_request(request))
    print(f"label {label.tracking}: {label.lines} lines, {request!r}")
    return ok(label, 201)
