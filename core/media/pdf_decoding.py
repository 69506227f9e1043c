"""From an untrusted PDF to one written anew, of what was looked at, in which nothing acts.

`core.media.confined` runs it. Names are compared as the library reads them, however they were
spelled, in whatever stream they stood; what no page leads to is left behind.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream, StreamDecodeLevel

OBJECTS = 100_000  # looked at

KEYS = {"AA", "EF", "EmbeddedFiles", "JS", "JavaScript", "Launch", "RichMediaContent", "XFA"}
ACTIONS = {"GoToE", "GoToR", "Hide", "ImportData", "JavaScript", "Launch", "Movie", "Rendition"}
ACTIONS |= {"ResetForm", "RichMediaExecute", "SetOCGState", "Sound", "SubmitForm"}
THINGS = {"3D", "EmbeddedFile", "FileAttachment", "Movie", "RichMedia", "Screen", "Sound"}


class Active(Exception):
    pass


def answer(_: dict[str, Any], file: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    try:
        content = cleaned(file)
    except Active:
        return {"refused": "ActivePdf", "sizes": []}, []
    except pikepdf.PasswordError:
        return {"refused": "LockedPdf", "sizes": []}, []
    except Exception:  # noqa: BLE001  # whatever the library stumbles over, the file did it
        return {"refused": "DamagedPdf", "sizes": []}, []
    return {"sizes": [len(content)]}, [content]


def cleaned(file: BinaryIO) -> bytes:
    anew = BytesIO()
    with pikepdf.open(file) as pdf:
        if not len(pdf.pages):
            raise ValueError
        for n, one in enumerate(within([pdf.trailer, *pdf.objects])):
            if n > OBJECTS:
                raise ValueError
            if isinstance(one, Dictionary | Stream) and acts(one):
                raise Active
        pdf.save(anew, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
    return anew.getvalue()


def within(objects: list[Object]) -> Iterator[Object]:
    """Each of them and what stands in it; what it points to is one of them itself."""
    waiting = objects
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, Array):
            waiting += [each for each in one if direct(each)]
        elif isinstance(one, Dictionary | Stream):
            waiting += [each for _, each in one.items() if direct(each)]


def direct(one: Any) -> bool:
    return isinstance(one, Array | Dictionary) and not one.is_indirect


def acts(one: Object) -> bool:
    """By what it has, is or does; a page to begin with, as most programs name, is no harm."""
    if "/OpenAction" in one and not is_page(one.OpenAction):
        return True
    keys = {key.removeprefix("/") for key, _ in one.items()}
    is_one = THINGS & {name(one, "/Type"), name(one, "/Subtype")}
    return bool(KEYS & keys or is_one or name(one, "/S") in ACTIONS)


def is_page(begins: Any) -> bool:
    return not isinstance(begins, Dictionary) or name(begins, "/S") == "GoTo"


def name(one: Object, key: str) -> str:
    return str(one.get(key, "")).removeprefix("/")
