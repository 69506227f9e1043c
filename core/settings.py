"""What an operator decides: read from BREAKROOM_… variables of the environment."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from core.setting_types import (
    LOOPBACK,
    DatabaseUrl,
    Existing,
    Networks,
    RedisUrl,
    WebUrl,
    Words,
    YearDay,
    Zone,
)
from core.text import Language

Engine = Literal["compiled", "usual"]


class BadSettings(Exception):
    """Says of each setting that is wrong what it should be."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BREAKROOM_", frozen=True)

    home: Path = Field(Path("data"), description="folder of the database, the media and the keys")
    public_url: WebUrl = Field("", description="how clients reach us; empty: links are relative")
    trusted_proxies: Networks = Field(
        LOOPBACK, description="addresses whose X-Forwarded-For and -Proto are believed"
    )
    allowed_origins: Words = Field(
        (), description="web pages that may ask us, as https://app.example.com; empty: none"
    )
    database: DatabaseUrl = Field("", description="URL; empty: SQLite in `home`")
    database_connections: PositiveInt = Field(
        10, description="PostgreSQL connections of one process"
    )
    database_wait: PositiveFloat = Field(5, description="seconds to wait for a connection")
    statement_timeout: PositiveFloat = Field(10, description="seconds that a statement may take")
    lock_timeout: PositiveFloat = Field(5, description="seconds to wait for a lock of others")
    idle_timeout: PositiveFloat = Field(30, description="seconds a transaction may do nothing")
    waiting_writes: PositiveInt = Field(200, description="writes under way before more are refused")
    redis: RedisUrl = Field("", description="URL; empty: one process on its own")
    redis_protocol: int = Field(3, description="of Redis: 2 where it is older than version 6")
    keys: str = Field("", description="key file; empty: keys.json in `home`")
    storage: str = Field("", description="of media: a folder or s3://bucket/prefix; empty: `home`")
    storage_endpoint: WebUrl = Field("", description="URL of a store that is not Amazon's")
    storage_region: str = Field("us-east-1", description="of the bucket")
    storage_key: str = Field("", description="access key; empty: as the host provides")
    storage_secret: SecretStr = Field(SecretStr(""), description="secret of the access key")
    password_memory: PositiveInt = Field(
        19_456, description="KiB that argon2id takes for one password"
    )
    password_passes: PositiveInt = Field(2, description="of argon2id over that memory")
    phone_region: str = Field("CN", description="of phones written without a country code")
    sms_url: WebUrl = Field("", description="of the SMS gateway; empty: no codes by SMS")
    sms_headers: dict[str, str] = Field(
        {}, description="JSON: what the gateway knows us by", repr=False
    )
    sms_body: dict[str, Any] = Field(
        {"phone": "{phone}", "text": "{text}"},
        description="JSON for the gateway, with {phone}, {code} and {text} in its strings",
    )
    sms_accepted: str = Field("", description="words that only an answer of success holds")
    sms_private: bool = Field(
        default=False, description="whether the gateway is in our own network"
    )
    supplier_url: WebUrl = Field(
        "", description="web hook of who packs or sends prizes; empty: nobody is told"
    )
    supplier_secret: SecretStr = Field(
        SecretStr(""), description="with which what they are told is signed"
    )
    supplier_private: bool = Field(default=False, description="whether they are in our own network")
    language: Language = Field(
        "zh-CN", description="of what is sent to messengers: en, zh-CN or zh-TW"
    )
    push_contact: str = Field(
        "", description="mailto:… or https://… for those who run push services; empty: no Web Push"
    )
    wecom_corp: str = Field("", description="corpid of WeCom (企业微信); empty: no messages there")
    wecom_agent: int = Field(0, description="agentid of the application there")
    wecom_secret: SecretStr = Field(SecretStr(""), description="its secret")
    wecom_url: WebUrl = Field("https://qyapi.weixin.qq.com", description="where it is")
    dingtalk_key: str = Field("", description="appkey at DingTalk (钉钉); empty: no messages there")
    dingtalk_agent: int = Field(0, description="agent_id of the application there")
    dingtalk_secret: SecretStr = Field(SecretStr(""), description="its appsecret")
    dingtalk_url: WebUrl = Field("https://oapi.dingtalk.com", description="where it is")
    feishu_app: str = Field("", description="app_id at Feishu (飞书); empty: no messages there")
    feishu_secret: SecretStr = Field(SecretStr(""), description="its app_secret")
    feishu_url: WebUrl = Field("https://open.feishu.cn", description="where it is")
    wecom_robot: SecretStr = Field(
        SecretStr(""), description="URL of a group robot in WeCom that announces; empty: none"
    )
    dingtalk_robot: SecretStr = Field(SecretStr(""), description="the same in DingTalk")
    dingtalk_robot_secret: SecretStr = Field(
        SecretStr(""), description="of a robot there that wants signatures (加签)"
    )
    feishu_robot: SecretStr = Field(SecretStr(""), description="the same in Feishu")
    feishu_robot_secret: SecretStr = Field(
        SecretStr(""), description="of a robot there that wants signatures (签名校验)"
    )
    notices_private: bool = Field(
        default=False, description="whether these and push services may be in our own network"
    )
    request_seconds: PositiveFloat = Field(
        15, description="a request may take before it is given up"
    )
    upload_seconds: PositiveFloat = Field(120, description="an upload may take, on a slow phone")
    documents: Existing = Field(
        None, description="registered documents: a folder of *.graphql or a JSON {SHA-256: text}"
    )
    registered_documents_only: bool = Field(
        default=False, description="whether all other documents are refused"
    )
    expert_call_hours: PositiveFloat = Field(
        4, description="hours without an answer, after which a question reaches its tags' experts"
    )
    delivers: bool = Field(
        default=True,
        description="whether this process delivers events and does what is due; some one must",
    )
    engine: Engine = Field(
        "compiled", description="what runs operations: `compiled` plans, or the `usual` executor"
    )
    metrics_from: Networks = Field(
        LOOPBACK, description="addresses that may read /metrics, not through a proxy"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="or who sends this as a bearer token; empty: nobody else"
    )
    hourly_posts: PositiveInt = Field(20, description="posts that one person may write in an hour")
    daily_posts: PositiveInt = Field(60, description="and on one day")
    hourly_comments: PositiveInt = Field(60, description="comments of one person in an hour")
    daily_comments: PositiveInt = Field(300, description="and on one day")
    hourly_reports: PositiveInt = Field(20, description="reports by one person in an hour")
    daily_reports: PositiveInt = Field(60, description="and on one day")
    erase_after_days: PositiveInt = Field(
        180, description="days after leaving, until a person's name and all that is theirs go"
    )
    time_zone: Zone = Field("Asia/Shanghai", description="of business dates")
    hook_secret: SecretStr = Field(
        SecretStr(""),
        description="with which an applicant tracking system signs what it sends to /hooks/stages; "
        "empty: nothing is taken",
    )
    hook_header: str = Field(
        "X-Signature-256", description="with the HMAC-SHA-256 of the body in hex, or behind sha256="
    )
    hook_fields: dict[str, str] = Field(
        {
            "event": "id",
            "candidate": "candidate",
            "reference": "reference",
            "stage": "stage",
            "at": "at",
        },
        description="JSON: where in its JSON these stand, with dots between names",
    )
    hook_stages: dict[str, str] = Field(
        {}, description='JSON: its stages as ours, as {"Phone screen": "SCREENING"}'
    )
    hires_known_since: date = Field(
        date(1950, 1, 1),
        description="since when the staff files hold everybody hired, those included who left: "
        "retention counts from there",
    )
    bonus_limit: PositiveInt = Field(
        500,
        description="points that one of HR may give one person by hand in 30 days; beyond it, a "
        "second one agrees",
    )
    ring_times: PositiveInt = Field(
        4,
        description="so often must each of up to four people have thanked the next, for what that "
        "pays to wait until HR has looked",
    )
    ring_days: PositiveInt = Field(28, description="within so many days")
    burst_times: PositiveInt = Field(
        10, description="thanks by one colleague, after which what they pay waits as well"
    )
    burst_minutes: PositiveInt = Field(10, description="within so many minutes")
    points_expire: YearDay = Field(
        "03-31", description="month and day after which points earned in the year before expire"
    )
    shift_codes: dict[str, str] = Field(
        {}, description='JSON: what codes in rosters mean, as {"夜": "20:00-04:30"}'
    )
    help_region: str = Field("CN", description="whose help lines are shown, unless a team's differ")
    risk_minutes_red: PositiveInt = Field(15, description="until a red risk case is overdue")
    risk_minutes_amber: PositiveInt = Field(120, description="the same of an amber one")
    risk_minutes_green: PositiveInt = Field(1440, description="the same of a green one")
    candidate_days: PositiveInt = Field(
        180, description="after the last news, until what names a candidate is erased"
    )
    ownership_days: PositiveInt = Field(
        180, description="in which a candidate counts as brought by whoever was first"
    )
    figures_secret: SecretStr = Field(
        SecretStr(""),
        description="with which another system signs what it sends to /hooks/figures; empty: off",
    )
    development: bool = Field(default=False, description="introspection and the start page")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite://{self.home.resolve() / 'breakroom.sqlite3'}"


@cache
def current() -> Settings:
    """Raises BadSettings."""
    try:
        return Settings()  # type: ignore[call-arg]  # the environment fills it
    except SettingsError as error:
        raise BadSettings(str(error)) from None
    except ValidationError as error:
        raise BadSettings("\n".join(map(_told, error.errors()))) from None


def _told(error: ErrorDetails) -> str:
    """Without the value, which may be secret."""
    place = ".".join(map(str, error["loc"]))
    return f"BREAKROOM_{place.upper()}: {error['msg'].removeprefix('Value error, ')}"
