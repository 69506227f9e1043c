"""What an operator decides: read from BREAKROOM_… variables of the environment."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BREAKROOM_", frozen=True)

    home: Path = Field(Path("data"), description="folder of the database, the media and the keys")
    database: str = Field("", description="URL; empty: SQLite in `home`")
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
