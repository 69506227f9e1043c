import re
import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, Permissions

from core.media import pdfs
from core.media.pdfs import ActivePdf, DamagedPdf, LockedPdf
from tests.core.corpus import a_pdf

pytestmark = pytest.mark.once


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


async def test_a_pdf_is_written_anew_and_reads_the_same():
    clean = await pdfs.clean(a_pdf("Wang Fang plays the pipa"))

    assert clean.startswith(b"%PDF-")
    with pikepdf.open(BytesIO(clean)) as pdf:
        assert len(pdf.pages) == 1
        assert b"plays the pipa" in pdf.pages[0].Contents.read_bytes()


def begins_with(pdf: Pdf, action: object) -> None:
    pdf.Root.OpenAction = action


def annotated(pdf: Pdf, **given: object) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **given)])


def named(pdf: Pdf, kind: str) -> None:
    content = pdf.make_stream(b"MZ")
    tree = Dictionary(Names=Array(["a", Dictionary(Type=Name.Filespec, EF=Dictionary(F=content))]))
    pdf.Root.Names = Dictionary({kind: tree})


HARMFUL = {
    "script at the beginning": lambda pdf: begins_with(pdf, script()),
    "script of its own": lambda pdf: begins_with(pdf, pdf.make_indirect(script())),
    "program": lambda pdf: annotated(pdf, A=Dictionary(S=Name.Launch, F="cmd.exe")),
    "script after a link": lambda pdf: annotated(
        pdf, A=Dictionary(S=Name.URI, URI="https://example.org", Next=Array([script()]))
    ),
    "script of a page": lambda pdf: setattr(pdf.pages[0].obj, "AA", Dictionary(O=script())),
    "scripts by name": lambda pdf: named(pdf, "/JavaScript"),
    "files by name": lambda pdf: named(pdf, "/EmbeddedFiles"),
    "attached file": lambda pdf: annotated(pdf, Subtype=Name.FileAttachment),
    "film": lambda pdf: annotated(pdf, Subtype=Name.RichMedia),
    "another file": lambda pdf: begins_with(pdf, Dictionary(S=Name.GoToE, D="x")),
    "a site at the beginning": lambda pdf: begins_with(
        pdf, Dictionary(S=Name.URI, URI="https://example.org")
    ),
    "form": lambda pdf: setattr(pdf.Root, "AcroForm", Dictionary(XFA=pdf.make_stream(b"<x/>"))),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("harm", HARMFUL)
async def test_nothing_that_acts_is_let_in_wherever_it_stands(harm, packed):
    mode = ObjectStreamMode.generate if packed else ObjectStreamMode.disable
    content = a_pdf(change=HARMFUL[harm], object_stream_mode=mode)
    with pytest.raises(ActivePdf):
        await pdfs.clean(content)


async def test_a_name_in_other_letters_is_the_same_name():
    content = a_pdf(change=HARMFUL["script of a page"])
    with pytest.raises(ActivePdf):
        await pdfs.clean(content.replace(b"/AA", b"/#41A").replace(b"/JavaScript", b"/X"))


@pytest.mark.parametrize("begins", ["array", "action"])
async def test_a_page_to_begin_with_is_no_harm(begins):
    def at_a_page(pdf: Pdf) -> None:
        place = Array([pdf.pages[0].obj, Name.Fit])
        begins_with(pdf, place if begins == "array" else Dictionary(S=Name.GoTo, D=place))

    assert await pdfs.clean(a_pdf(change=at_a_page))


async def test_what_was_overwritten_or_follows_is_left_behind():
    old = a_pdf("first")
    content = old + b"9 0 obj << /S /JavaScript >> endobj\n" + b"PK\x03\x04 a zip file"

    clean = await pdfs.clean(content)

    assert not re.search(rb"JavaScript|PK\x03", clean)


async def test_what_is_locked_cannot_be_looked_through():
    locked = Encryption(owner="o", user="u", allow=Permissions())
    with pytest.raises(LockedPdf):
        await pdfs.clean(a_pdf(encryption=locked))


@pytest.mark.parametrize("rest", [b"", b"\n1 0 obj << >> endobj\ntrailer\n%%EOF"])
async def test_what_has_no_page_is_no_pdf(rest):
    with pytest.raises(DamagedPdf):
        await pdfs.clean(b"%PDF-1.7" + rest)


def a_bomb() -> bytes:
    """An object stream of more than there is room for, in a megabyte."""
    packing = zlib.compressobj(1)
    packed = b"".join(packing.compress(bytes(10_000_000)) for _ in range(30)) + packing.flush()
    kind = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    bomb = b"%%PDF-1.5\n2 0 obj << %s /Length %d >> stream\n" % (kind, len(packed)) + packed
    bomb += b"\nendstream endobj\n"
    place = len(bomb).to_bytes(4, "big")
    rows = bytes([0, *bytes(6), 2, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 9, 0, 0, 1]) + place + bytes(2)
    table = b"3 0 obj << /Type /XRef /Size 4 /W [1 4 2] /Root 1 0 R /Length 28 >> stream\n"
    return bomb + table + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(bomb)


async def test_what_grows_without_end_harms_nobody():
    with pytest.raises(DamagedPdf):
        await pdfs.clean(a_bomb())
    assert await pdfs.clean(a_pdf("the next one"))
