"""What else is needed: keys, media, pictures, Redis, short messages."""

import asyncio
import stat
import sys
import tempfile
from collections.abc import Collection
from io import BytesIO
from shlex import quote

import httpx
from PIL import Image, features

from cli.checks import Check, Wrong, database
from core import outbound, settings
from core.crypto import keys
from core.crypto.keys import PURPOSES, BadKeyFile
from core.errors import Refused
from core.media import decoder, pictures, storage
from core.media.decoder import Decoder, DecoderDied

PROBE = b"Breakroom was here."
RESP3 = 6  # the first Redis that speaks it


async def key_file() -> str:
    path = keys.path()
    if not path.exists() and await database.holds_nobody():
        return "none yet; breakroom serve makes them at its first start"
    try:
        lacking = set(PURPOSES) - keys.parsed(keys.content(), path).keys()
    except BadKeyFile as bad:
        mend = "copy the file from the other machines, or out of the backup (a zip file)"
        raise Wrong(str(bad).partition(";")[0], mend=mend) from None
    if lacking:
        what = f"{path} lacks those for {', '.join(sorted(lacking))}"
        raise Wrong(
            what, mend="start one breakroom serve, then copy the file to the other machines"
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Wrong(f"others may read {path}", mend=f"chmod 600 {quote(str(path))}")
    return str(path)


async def media() -> str:
    name = storage.new_name(".probe")
    try:
        place = storage.current()
        await place.put(name, PROBE)
        came_back = await place.get(name)
        await place.delete(name)
    except ModuleNotFoundError:
        raise Wrong("obstore is not installed", mend="pip install breakroom[s3]") from None
    except (OSError, Refused) as failure:
        what = f"nothing can be stored: {type(failure).__name__}"
        raise Wrong(what, mend="correct BREAKROOM_STORAGE… (breakroom settings)") from None
    if came_back != PROBE:
        raise Wrong("what is stored comes back changed", mend="correct BREAKROOM_STORAGE…")
    return "stored, read and deleted a file"


async def formats(needed: Collection[str] = ("jpg", "zlib", "webp")) -> str:
    lacking = [name for name in needed if not features.check(name)]
    if lacking:
        mend = "pip install --force-reinstall --only-binary pillow pillow"
        raise Wrong(f"Pillow was built without {', '.join(lacking)}", mend=mend)
    return f"Pillow {features.version('pil')} with {', '.join(needed)}"


async def decoding() -> str:
    return await asyncio.to_thread(_decode)


def _decode() -> str:
    child = Decoder()
    try:
        with tempfile.TemporaryFile() as file:
            file.write(_a_jpeg())
            file.flush()
            about, _ = child.ask(pictures.SHAPES["photo"], file)
    except DecoderDied:
        mend = f"{sys.executable} -I {decoder.CONFINED} {decoder.SCRIPT} </dev/null (says why)"
        raise Wrong("the process that decodes pictures dies", mend=mend) from None
    finally:
        child.stop()
    if "refused" in about:
        raise Wrong(f"a good picture is taken for {about['refused']}", mend="check Pillow")
    return "the process that decodes pictures works"


def _a_jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return file.getvalue()


async def redis() -> str:
    chosen = settings.current()
    if not chosen.redis:
        return "none: one process on its own"
    from redis.asyncio import Redis, RedisError  # noqa: PLC0415  # importing it takes 0.3 s

    try:
        async with Redis.from_url(chosen.redis, protocol=chosen.redis_protocol) as client:
            about = await client.info("server")
    except (RedisError, OSError, ValueError) as failure:
        mend = "start it, or correct BREAKROOM_REDIS (older than 6: BREAKROOM_REDIS_PROTOCOL=2)"
        raise Wrong(f"it does not answer: {type(failure).__name__}", mend=mend) from None
    return (
        f"{about.get('server_name', 'redis')} {about.get('valkey_version', about['redis_version'])}"
    )


async def sms() -> str:
    chosen = settings.current()
    if not chosen.sms_url:
        return "no gateway: people sign in by password, HR hands out activation codes"
    try:
        url = httpx.URL(chosen.sms_url)
        await outbound.resolved(url, private=chosen.sms_private)
    except outbound.PrivateAddress:
        mend = "BREAKROOM_SMS_PRIVATE=true, if that is meant"
        raise Wrong(f"{url.host} is in our own network", mend=mend) from None
    except (httpx.InvalidURL, OSError):
        raise Wrong("its address is not known", mend="correct BREAKROOM_SMS_URL") from None
    if url.scheme != "https" and not chosen.sms_private:
        raise Wrong(f"codes go to {url.host} unencrypted", mend="BREAKROOM_SMS_URL=https://…")
    return f"codes go to {url.host}"


async def messengers() -> str:
    """Whether what notices are sent to is known here; nothing is sent."""
    chosen = settings.current()
    urls = {
        "WeCom": chosen.wecom_corp and chosen.wecom_url,
        "DingTalk": chosen.dingtalk_key and chosen.dingtalk_url,
        "Feishu": chosen.feishu_app and chosen.feishu_url,
    }
    for name, url in urls.items():
        if url:
            await _resolve(name, url, private=chosen.notices_private)
    offered = [*filter(urls.get, urls), *(["Web Push"] if chosen.push_contact else [])]
    return f"notices go to {', '.join(offered)}" if offered else "notices stay in the app"


async def _resolve(name: str, url: str, *, private: bool) -> None:
    try:
        await outbound.resolved(httpx.URL(url), private=private)
    except outbound.PrivateAddress:
        mend = "BREAKROOM_NOTICES_PRIVATE=true, if that is meant"
        raise Wrong(f"{name} is in our own network", mend=mend) from None
    except (httpx.InvalidURL, OSError):
        mend = f"correct BREAKROOM_{name.upper()}_URL"
        raise Wrong(f"the address of {name} is not known", mend=mend) from None


CHECKS: dict[str, Check] = {
    "keys": key_file,
    "media": media,
    "pictures": formats,
    "decoder": decoding,
    "Redis": redis,
    "SMS": sms,
    "messengers": messengers,
}
