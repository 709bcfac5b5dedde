"""How functions call AWS: DynamoDB and SQS, without an SDK."""
