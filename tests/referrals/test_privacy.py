"""Whoever has a copy of the database, of the files or of the logs finds nobody who applied."""

from datetime import timedelta
from pathlib import Path

from tortoise import Tortoise

from core import clock, settings
from core.audit import AuditEntry
from core.identity import sms
from core.media import storage
from referrals import candidates, disputes, erasures
from referrals.candidates import Candidate, Stage
from referrals.claims import Referral
from tests.core.corpus import a_pdf
from tests.makers import a_key, a_person, client
from tests.referrals.makers import a_candidate, a_link, a_phone, an_hr

NAME, NUMBER, WORDS, FILE = (
    "Zhuge Qingfeng",
    "E-4711-K",
    "She plays the pipa",
    a_pdf("pipa"),
)


async def post(place, data, files=None):
    async with client() as http:
        return (await http.post(place, data=data, files=files)).headers["location"]


async def a_life(gateway, phone: str) -> str:
    """Somebody applies by two links, for real; the second colleague says why they are theirs."""
    for n, by in enumerate([await a_person(), ben := await a_person()]):
        link = await a_link(by=by)
        with clock.set_to(clock.now() + timedelta(minutes=2 * n)):
            place = await post(link.path, {"phone": phone, "agreed": "yes"})
            await sms.drain()
            code = gateway.bodies[-1]["text"].split("code is ")[1][:6]
            said = {"code": code, "name": NAME, "former_number": NUMBER}
            own = await post(place, said, {"resume": ("cv.pdf", FILE)})
    claim = await Referral.get(referrer_id=ben.id)
    await disputes.dispute(claim.id, WORDS, by=ben, key=a_key())
    return own


async def dump() -> str:
    """Every row of every table, as whoever steals the database reads it."""
    rows = [
        str([bytes(v) if isinstance(v, memoryview) else v for v in row.values()])
        for model in Tortoise.apps["models"].values()
        for row in await model.all().values()
    ]
    return "\n".join(rows)


def files() -> bytes:
    folder = Path(settings.current().home) / "media"
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def found(phone: str, text: str) -> list[str]:
    return [one for one in (NAME, "Qingfeng", phone, phone[3:], NUMBER, "pipa") if one in text]


async def test_neither_the_database_nor_files_nor_logs_name_a_candidate(sms_gateway, capsys):
    phone = a_phone()
    own = await a_life(sms_gateway, phone)
    secret = own.split("/me/")[1].partition("?")[0]

    rows, printed = await dump(), capsys.readouterr()

    assert "candidate" in rows  # it looks where they are
    assert found(phone, rows) == []
    assert secret not in rows
    assert b"pipa" not in files()
    assert "request" in printed.out
    assert found(phone, printed.out + printed.err) == []
    assert secret not in printed.out


async def test_what_names_a_candidate_is_erased_when_its_time_has_come(sms_gateway):
    phone = a_phone()
    await a_life(sms_gateway, phone)
    names = [row.resume_name for row in await Candidate.all()]
    assert all([await storage.current().exists(name) for name in names])
    with clock.set_to(clock.now() + timedelta(days=179)):
        await erasures.erase_due()
    assert await Candidate.filter(erased_at__isnull=False).count() == 0

    with clock.set_to(clock.now() + timedelta(days=181)):
        for _ in range(2):
            await erasures.erase_due()

    for row in await Candidate.all():
        assert (row.sealed, row.phone_hash, row.secret) == (None, None, None)
        assert (row.resume_name, row.resume_key) == (None, None)
    assert candidates.phone_hash(phone) not in await dump()
    assert [claim.phone_hash for claim in await Referral.all()] == [None, None]
    assert (await disputes.Dispute.get()).words is None
    assert not any([await storage.current().exists(name) for name in names])
    assert await Candidate.all().count() == 2


async def test_who_was_hired_stays_brought_by_somebody_when_they_are_erased():
    candidate = await a_candidate()
    await Candidate.filter(id=candidate.id).update(stage=Stage.HIRED)
    await erasures.erase(candidate)
    claim = await Referral.get()
    assert (claim.state, claim.phone_hash) == ("LIVE", None)
    assert (await Candidate.get()).stage is Stage.HIRED


async def test_each_look_at_who_somebody_is_is_recorded():
    candidate, hr = await a_candidate(), await an_hr()
    [details] = await candidates.read([candidate], by=hr)
    assert details.name == "Wang Fang"
    entry = await AuditEntry.get(name="candidates.read")
    assert (entry.by_id, entry.facts) == (hr.id, {"candidates": candidate.id.hex})
