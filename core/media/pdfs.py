"""PDFs that strangers send, written anew without anything that acts when they are opened."""

import asyncio
import atexit
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile

from core import files, settings
from core.errors import Busy, Invalid, Refused
from core.media.decoder import Decoder, DecoderDied
from core.text import Text

MEDIA_TYPE = "application/pdf"
SUFFIX = ".pdf"
BEGINS = b"%PDF-"

PATIENCE = 60  # seconds until it is one's turn and done


class DamagedPdf(Invalid):
    text = Text(
        "This PDF cannot be read. Please choose another one.",
        "这个 PDF 无法读取，请换一个。",
        "這個 PDF 無法讀取，請換一個。",
    )


class LockedPdf(Invalid):
    text = Text(
        "This PDF is locked by a password. Please save it without one.",
        "这个 PDF 有密码保护，请去掉密码后再上传。",
        "這個 PDF 有密碼保護，請移除密碼後再上傳。",
    )


class ActivePdf(Invalid):
    text = Text(
        "This PDF holds a program, a form or an attached file. Please print it into a new PDF.",
        "这个 PDF 含有脚本、表单或附件，请重新打印成一个新的 PDF。",
        "這個 PDF 含有指令碼、表單或附件，請重新列印成一個新的 PDF。",
    )


class PdfsBusy(Busy):
    text = Text(
        "Many files are arriving just now. Please try again in a minute.",
        "文件处理繁忙，请稍后再试。",
        "檔案處理繁忙，請稍後再試。",
    )


REFUSALS: dict[str, type[Refused]] = {
    refusal.__name__: refusal for refusal in (ActivePdf, DamagedPdf, LockedPdf)
}


async def clean(content: bytes) -> bytes:
    """Raises ActivePdf, DamagedPdf, LockedPdf or PdfsBusy."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            return await loop.run_in_executor(_one_at_a_time, _clean, content)
    except TimeoutError:
        raise PdfsBusy from None


def _clean(content: bytes) -> bytes:
    files.make_folder(settings.current().home)
    with TemporaryFile(dir=settings.current().home) as file:  # nameless: no crash leaves it behind
        file.write(content)
        file.flush()
        try:
            answer, contents = decoder.ask({}, file)
        except DecoderDied:
            raise DamagedPdf from None
    if "refused" in answer:
        raise REFUSALS[answer["refused"]]
    return contents[0]


_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdfs")
decoder = Decoder(Path(__file__).with_name("pdf_decoding.py"))
atexit.register(decoder.stop)
