"""The candidate's pages in Chromium, on a small phone that runs no script."""

from contextlib import suppress
from urllib.parse import urlencode

import pytest

from core import clock
from core.identity import attempts
from core.identity.attempts import TooManyTries
from referrals import candidates, tickets
from referrals.candidates import Candidate, Stage
from referrals.links import Link
from referrals.openings import Opening, OpeningState
from referrals.tickets import Ticket
from tests.clients import chromium, node
from tests.core.makers import chosen
from tests.makers import a_person
from tests.referrals.makers import CODE, a_candidate, a_code, a_link, a_phone, an_opening
from tests.servers import serving

pytestmark = [
    pytest.mark.usefixtures("clients"),
    pytest.mark.only("sqlite"),  # a browser sees no difference
]

LARGEST = 50_000  # bytes of a page with all that it needs

SAID = {
    "zh-CN": ("夜班客服专员", "还差一步", "已收到", "面试", "已全部删除"),
    "en": ("夜班客服专员", "Almost there", "Received", "Interview", "Everything is erased"),
}


@pytest.fixture(autouse=True)
def codes_may_be_sent():
    with chosen(development="true"):
        yield


def ask(page: str, language: str, phone: str) -> dict:
    sent = {"type": {"#phone": phone}, "check": ["[name=agreed]"], "send": "form button"}
    return {"page": page, "language": language} | sent


def say(page: str, code: str) -> dict:
    typed = {"#code": code, "#name": "王芳"}
    sent = {"type": typed, "check": ["[name=shares_stage]"], "send": "form button"}
    return {"page": page, "language": "fr"} | sent  # by now the address says which


def erase(page: str) -> dict:
    last = "details:last-of-type"
    return {"page": page, "language": "fr", "check": [f"{last} summary"], "send": f"{last} button"}


def after(visits: list[dict]) -> list[str]:
    return [one["after"]["address"] for one in visits]


async def visit(*visits: dict) -> list[dict]:
    """Each page before and after its form was sent; all of them are fit for everybody."""
    program, environment = await chromium.found()
    told = await node.run("pages.js", program, given=visits, environment=environment)
    for page in (page for one in told for page in one.values()):
        assert page["violations"] == []
        assert page["small"] == []
        assert page["width"] == 360
        assert page["bytes"] <= LARGEST
    return told


async def test_candidates_apply_look_and_erase_on_a_small_phone_without_scripts():
    opening = await an_opening(title="夜班客服专员", language="zh-CN")
    link = await a_link(opening, by=await a_person(name="陈小雨"), shows_name=True)
    phones = {language: a_phone() for language in SAID}
    for phone in phones.values():
        await attempts.count("applicant", phone)  # so that no other code is sent than this
        await a_code(phone)
    async with serving() as address:
        page = f"http://{address}{link.path}"
        asked = await visit(*(ask(page, language, phones[language]) for language in SAID))
        wrong = await visit(*(say(page, "000000") for page in after(asked)))
        said = await visit(*(say(page, CODE) for page in after(wrong)))
        kept = await Candidate.all()
        interview = {"interview_at": clock.now(), "interview_place": "8 楼"}
        await Candidate.all().update(stage=Stage.INTERVIEW, **interview)
        ended = await visit(*(erase(page) for page in after(said)))

    for n, language in enumerate(SAID):
        shown = [asked[n]["before"], *(one[n]["after"] for one in (asked, said))]
        shown += [ended[n]["before"], ended[n]["after"]]
        begins = zip(shown, SAID[language], strict=True)
        assert [page["heading"][: len(begin)] for page, begin in begins] == [*SAID[language]]
        assert {page["language"] for page in shown} == {language}
        assert wrong[n]["after"]["heading"] == asked[n]["after"]["heading"]
    assert {(one.details.name, one.shares_stage) for one in kept} == {("王芳", True)}
    assert [one.sealed for one in await Candidate.all()] == [None, None]


LONG = "夜班客服专员（跨境电商与物流、双语、可转正）Night Shift Customer Service Specialist"


async def own_pages(link: Link) -> list[str]:
    """Of candidates at each stage."""
    pages = []
    for stage in Stage:
        candidate = await a_candidate(link, name="王芳" * 20)
        at = {"interview_at": clock.now(), "interview_place": "高新区天府大道 1 号" * 8}
        await Candidate.filter(id=candidate.id).update(stage=stage, **at)
        pages.append(f"{link.path}/me/{candidates.secret(candidate)}")
    return pages


@pytest.mark.parametrize("language", SAID)
async def test_every_page_in_every_state_is_fit_for_a_small_phone(language, tmp_path):
    ann = await a_person(name="Maximiliana-Konstantinopolitana Wolfeschlegelsteinhausen")
    link = await a_link(await an_opening(title=LONG, about="退款" * 1900), by=ann, shows_name=True)
    closed = await a_link(await an_opening())
    own, phone = await own_pages(link), a_phone()
    await Opening.filter(id=closed.opening_id).update(state=OpeningState.CLOSED)
    (tmp_path / "cv.txt").write_text("no résumé")
    places = [link.path, closed.path, "/r/unknown", f"{link.path}/erased", f"{link.path}/me/x"]
    back = f"{link.path}/confirm?" + urlencode(
        {"t": tickets.issue(Ticket(phone, returning=True), code=link.code)}
    )
    await a_code(phone)
    async with serving() as address:
        site = f"http://{address}"
        shown = [{"page": site + place, "language": language} for place in [*places, back, *own]]
        late = {"page": f"{site}{link.path}/confirm?t=old", "language": language}
        unread = {"choose": {"#resume": str(tmp_path / "cv.txt")}, "send": "[value=resume]"}
        refused = [
            ask(site + link.path, language, "123"),
            {"page": site + own[0], "language": language} | unread,
            {"page": site + back, "language": language, "type": {"#code": CODE}, "send": "button"},
        ]
        told = await visit(*shown, late, *refused)
        for _ in range(60):
            with suppress(TooManyTries):
                await attempts.count("applying", "127.0.0.1")
        flooded = await visit(ask(site + link.path, language, a_phone()))

    first = [200, 200, 404, 200, 404, 200, *[200] * len(own), 409]
    assert [one["before"]["status"] for one in told] == [*first, 200, 200, 200]
    assert [one["after"]["status"] for one in told[-3:]] == [422, 422, 404]
    assert flooded[0]["after"]["status"] == 503
    assert {one["before"]["language"] for one in told} == {language}
