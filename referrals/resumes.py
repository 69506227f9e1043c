"""Résumés: a PDF or a photo of one, each encrypted under a key of its own."""

from datetime import timedelta
from os import urandom
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core import audit, clock, settings
from core.crypto import sealing, signing
from core.errors import Invalid, NotFound
from core.media import pdfs, pictures, storage
from core.media.pictures import NotAPicture
from core.media.storage import NotStored
from core.people import Person
from core.text import Text
from referrals.candidates import Candidate, CandidateNotFound

MOST = 5_000_000  # bytes of a PDF; a photo may have as many as any
NONCE = 12  # bytes
OPEN_FOR = timedelta(minutes=10)


class Resume(NamedTuple):
    content: bytes
    suffix: str  # .pdf or .webp

    @property
    def media_type(self) -> str:
        return pdfs.MEDIA_TYPE if self.suffix == pdfs.SUFFIX else pictures.MEDIA_TYPE


class ResumeLink(NamedTuple):
    candidate_id: UUID

    @property
    def url(self) -> str:
        """Where it can be fetched within some minutes."""
        place = f"/resumes/{self.candidate_id.hex}"
        signed = signing.sign(place, expires=clock.now() + OPEN_FOR)
        return f"{settings.current().public_url}{place}?{signed}"


class NotAResume(Invalid):
    text = Text(
        "Please choose a PDF, or a photo of your résumé.",
        "请选择 PDF 文件或简历照片。",
        "請選擇 PDF 檔案或履歷照片。",
    )


class ResumeTooLarge(Invalid):
    text = Text(
        f"A PDF may have at most {MOST // 1_000_000} MB.",
        f"PDF 不能超过 {MOST // 1_000_000} MB。",
        f"PDF 不能超過 {MOST // 1_000_000} MB。",
    )


class NoResume(NotFound):
    text = Text("There is no résumé.", "没有简历。", "沒有履歷。")


async def checked(content: bytes) -> Resume:
    """What may be kept: a PDF or a picture, made anew. Raises Invalid or Busy."""
    if content.startswith(pdfs.BEGINS):
        if len(content) > MOST:
            raise ResumeTooLarge
        return Resume(await pdfs.clean(content), pdfs.SUFFIX)
    try:
        clean = await pictures.clean(content, purpose="photo")
    except NotAPicture:
        raise NotAResume from None
    return Resume(clean.full.content, pictures.SUFFIX)


async def keep(candidate: Candidate, resume: Resume) -> None:
    """Encrypt and store it in place of an earlier one."""
    key, nonce = AESGCM.generate_key(256), urandom(NONCE)
    name = storage.new_name(resume.suffix)
    await storage.current().put(name, nonce + AESGCM(key).encrypt(nonce, resume.content, None))
    sealed = sealing.closed("candidate", key, bound_to=candidate.id.bytes)
    standing = Candidate.filter(id=candidate.id, erased_at__isnull=True)
    known = await standing.first()
    if known is None or not await standing.update(resume_name=name, resume_key=sealed):
        await drop(name)
    elif known.resume_name:
        await drop(known.resume_name)


async def is_kept(candidate: Candidate) -> bool:
    """Whether there is one, and its file was not lost."""
    name = candidate.resume_name
    return name is not None and await storage.current().exists(name)


async def opened(candidate: Candidate) -> Resume:
    """Raises NoResume. A colleague gets it by the link that `read` gives."""
    if candidate.resume_name is None or candidate.resume_key is None:
        raise NoResume
    try:
        kept = await storage.current().get(candidate.resume_name)
    except NotStored:
        raise NoResume from None
    key = sealing.opened("candidate", candidate.resume_key, bound_to=candidate.id.bytes)
    content = AESGCM(key).decrypt(kept[:NONCE], kept[NONCE:], None)
    return Resume(content, f".{candidate.resume_name.rpartition('.')[2]}")


async def read(candidate_id: UUID, *, by: Person) -> ResumeLink:
    """For a colleague whose task it is; recorded first. Raises CandidateNotFound, NoResume."""
    candidate = await Candidate.get_or_none(id=candidate_id, erased_at__isnull=True)
    if candidate is None:
        raise CandidateNotFound
    if candidate.resume_name is None:
        raise NoResume
    await audit.record("resume.read", by=by.id, about=candidate.id)
    return ResumeLink(candidate.id)


async def drop(name: str) -> None:
    await storage.current().delete(name)
