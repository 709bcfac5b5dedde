"""Every error that botocore retries is retried."""

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from aws.json_protocol import RETRYABLE

BOTOCORE = {
    *ThrottledRetryableChecker._THROTTLED_ERROR_CODES,  # noqa: SLF001
    *TransientRetryableChecker._TRANSIENT_ERROR_CODES,  # noqa: SLF001
}


def test_every_code_that_botocore_retries_is_retried() -> None:
    assert BOTOCORE <= RETRYABLE


def codes_of_rules(rules: Any) -> set[str]:
    """Return the codes in the rules of botocore's older retries."""
    if isinstance(rules, dict):
        code = rules.get("service_error_code")
        return {code} if code else set().union(*map(codes_of_rules, rules.values()))
    return set()


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_every_code_of_botocore_s_older_rules_is_retried(service: str) -> None:
    rules = Loader().load_data("_retry")
    codes = codes_of_rules(rules["definitions"]) | codes_of_rules(rules["retry"][service])
    assert "ThrottledException" in codes
    assert codes <= RETRYABLE


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_every_error_that_a_model_calls_retryable_is_retried(service: str) -> None:
    shapes = Loader().load_service_model(service, "service-2")["shapes"]
    assert {name for name, shape in shapes.items() if "retryable" in shape} <= RETRYABLE
