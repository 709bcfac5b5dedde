"""`get_item` and `applaud` in plain boto3: the same calls of DynamoDB, and no validation."""

import json
import os

import boto3

SHARDS = 10

dynamodb = boto3.client("dynamodb")


def get_item(event, context):
    """Respond with an item."""
    item_id = event["pathParameters"]["id"]
    response = dynamodb.get_item(
        TableName=os.environ["ITEMS_TABLE"],
        Key={"pk": {"S": item_id}, "sk": {"S": item_id}},
        ConsistentRead=True,
    )
    item = response["Item"]
    return _response(
        {
            "id": item_id,
            "name": item["name"]["S"],
            "price": item["price"]["N"],
            "description": item["description"]["S"],
            "version": int(item["version"]["N"]),
        }
    )


def applaud(event, context):
    """Count claps, and respond with the counts."""
    table = os.environ["CLAPS_TABLE"]
    payload = json.loads(event["body"])
    viewer = f"viewer#{event['requestContext']['identity']['sourceIp']}"
    update = {
        "TableName": table,
        "UpdateExpression": "ADD claps :claps",
        "ExpressionAttributeValues": {":claps": {"N": str(payload["claps"])}},
    }
    dynamodb.transact_write_items(
        TransactItems=[
            {"Update": {**update, "Key": {"pk": {"S": viewer}}}},
            {"Update": {**update, "Key": {"pk": {"S": "shard#0"}}}},
        ]
    )
    names = [viewer, *(f"shard#{number}" for number in range(SHARDS))]
    keys = {"Keys": [{"pk": {"S": name}} for name in names], "ConsistentRead": True}
    response = dynamodb.batch_get_item(RequestItems={table: keys})
    counts = [int(item["claps"]["N"]) for item in response["Responses"][table]]
    return _response({"slug": payload["slug"], "claps": sum(counts)})


def _response(body):
    headers = {"content-type": "application/json", "access-control-allow-origin": "*"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(body)}
