"""Forms that pages without scripts send: of a bounded size, and never on the disk."""

from collections.abc import AsyncGenerator, AsyncIterator

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from core.errors import Invalid
from core.text import Text

FIELDS = 10
FIELD = 4096  # bytes


class FormTooLarge(Invalid):
    text = Text(
        "This is too large to send: at most {megabytes} MB.",
        "发送的内容太大，最多 {megabytes} MB。",
        "傳送的內容太大，最多 {megabytes} MB。",
    )


class BadForm(Invalid):
    text = Text(
        "This did not arrive whole. Please try again.",
        "内容没有完整送达，请再试一次。",
        "內容沒有完整送達，請再試一次。",
    )


class InMemory(MultiPartParser):
    spool_max_size = 2**40  # bytes, which is never: what people send is stored encrypted only


async def read(request: Request, *, most: int) -> FormData:
    """What was sent, of at most so many bytes. Raises FormTooLarge, BadForm."""
    stream = _bounded(request.stream(), most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            parser = InMemory(
                request.headers, stream, max_files=1, max_fields=FIELDS, max_part_size=FIELD
            )
            return await parser.parse()
        if kind != "application/x-www-form-urlencoded":
            raise BadForm
        fields = FormParser(request.headers, stream, max_fields=FIELDS, max_part_size=FIELD)
        return await fields.parse()
    except (MultiPartException, FormParserError):
        raise BadForm from None


def text(form: FormData, name: str) -> str:
    """In one line, without what nobody can see."""
    value = form.get(name)
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(filter(str.isprintable, line))


async def file(form: FormData, name: str) -> bytes:
    """Empty if none was chosen."""
    value = form.get(name)
    return await value.read() if isinstance(value, UploadFile) else b""


async def _bounded(stream: AsyncIterator[bytes], most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > most:
            raise FormTooLarge(megabytes=most // 1_000_000)
        yield chunk
