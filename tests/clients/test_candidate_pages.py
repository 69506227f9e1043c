"""The candidate's pages in Chromium, on a small phone that runs no script."""

import pytest

from core import clock
from core.identity import attempts
from referrals.candidates import Candidate, Stage
from tests.clients import chromium, node
from tests.core.makers import chosen
from tests.makers import a_person
from tests.referrals.makers import CODE, a_code, a_link, a_phone, an_opening
from tests.servers import serving

pytestmark = [
    pytest.mark.usefixtures("clients"),
    pytest.mark.only("sqlite"),  # a browser sees no difference
]

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
