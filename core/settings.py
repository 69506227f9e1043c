"""What an operator decides: read from BREAKROOM_… variables of the environment."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BREAKROOM_", frozen=True)

    home: Path = Field(Path("data"), description="folder of the database, the media and the keys")
    database: str = Field("", description="URL; empty: SQLite in `home`")
    database_connections: int = Field(10, description="PostgreSQL connections of one process")
    database_wait: float = Field(5, description="seconds to wait for a connection")
    statement_timeout: float = Field(10, description="seconds that a statement may take")
    lock_timeout: float = Field(5, description="seconds to wait for a lock of others")
    idle_timeout: float = Field(30, description="seconds a transaction may do nothing")
    waiting_writes: int = Field(200, description="writes under way before more are refused")
    redis: str = Field("", description="URL; empty: one process on its own")
    keys: str = Field("", description="key file; empty: keys.json in `home`")
    time_zone: str = Field("Asia/Shanghai", description="of business dates")
    development: bool = Field(default=False, description="introspection and the start page")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite://{self.home.resolve() / 'breakroom.sqlite3'}"


@cache
def current() -> Settings:
    return Settings()  # type: ignore[call-arg]  # the environment fills it
