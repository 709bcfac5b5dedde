"""`PostgresDsn`, `RedisDsn`, `MongoDsn`, `AmqpDsn` and others."""

from pydantic import (
    AmqpDsn,
    BaseModel,
    KafkaDsn,
    MongoDsn,
    MySQLDsn,
    PostgresDsn,
    RedisDsn,
    field_validator,
)


class Settings(BaseModel):
    pg: PostgresDsn | None = None
    redis: RedisDsn = "redis://localhost:6379/1"
    mongo: MongoDsn | None = None
    amqp: AmqpDsn | None = None
    mysql: MySQLDsn | None = None
    kafka: KafkaDsn | None = None

    @field_validator("pg")
    @classmethod
    def check_db_name(cls, value: PostgresDsn) -> PostgresDsn:
        assert value is None or (value.path and len(value.path) > 1), "database must be provided"
        return value


def example_dsns():
    settings = Settings(
        pg="postgres://user:pass@localhost:5432/foobar", mongo="mongodb://a:1,b:2/db"
    )
    return (
        settings,
        settings.pg.hosts(),
        str(settings.mongo),
        settings.model_dump_json(),
        Settings(pg="postgres://h"),
    )
