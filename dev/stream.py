"""The stream of a table on the local cloud."""

from typing import Any

from dev.clients import aws_client
from dev.cloud import Cloud


class Stream:
    """The change records of a table, as boto3 returns them.

        iterator = stream.end()
        ...  # Change the table.
        records, iterator = stream.read(iterator)

    An iterator marks a place in the stream.
    """

    def __init__(self, cloud: Cloud, table: str) -> None:
        self._streams = aws_client(cloud, "dynamodbstreams")
        found = aws_client(cloud, "dynamodb").describe_table(TableName=table)
        self._arn = found["Table"]["LatestStreamArn"]

    def end(self) -> str:
        """Return an iterator that starts after the last record."""
        found = self._streams.describe_stream(StreamArn=self._arn)
        (shard,) = found["StreamDescription"]["Shards"]
        iterator: str = self._streams.get_shard_iterator(
            StreamArn=self._arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]
        return iterator

    def read(self, iterator: str) -> tuple[list[Any], str]:
        """Return all records from an iterator on, and the iterator that follows them."""
        records: list[Any] = []
        while True:
            response = self._streams.get_records(ShardIterator=iterator)
            iterator = response["NextShardIterator"]
            if not response["Records"]:
                return records, iterator
            records += response["Records"]
