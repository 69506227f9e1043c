import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import orjson
import pytest
from pikepdf import Dictionary

from core import clock
from core.audit import AuditEntry
from core.events import Event
from core.identity.sms_codes import SmsCode
from core.media import storage
from referrals import stages
from referrals.candidates import Candidate, Stage
from referrals.claims import ClaimState, Referral
from referrals.links import Link
from referrals.openings import Opening, OpeningState
from referrals.stages import Move
from tests.core.corpus import a_pdf
from tests.core.makers import chosen
from tests.makers import a_person, a_picture, client, node, send
from tests.referrals.makers import CODE, a_code, a_link, a_phone, an_hr, an_opening

PDF = a_pdf("Wang Fang plays the pipa")


@pytest.fixture(autouse=True)
def codes_may_be_sent():
    with chosen(development="true"):
        yield


async def get(place, language="en"):
    async with client() as http:
        return await http.get(place, headers={"accept-language": language})


async def post(place, data=None, files=None):
    async with client() as http:
        return await http.post(place, data=data, files=files)


async def a_ticket(link, phone, **given):
    """The page that asks for the code."""
    answer = await post(link.path, {"phone": phone, "agreed": "yes"} | given)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def apply(link, phone, files=None, **given):
    """The place of somebody's own page."""
    place = await a_ticket(link, phone)
    await a_code(phone)
    said = {"code": CODE, "name": "Wang Fang"} | given
    answer = await post(place, said, files or {"resume": ("", b"")})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def fault(answer):
    [said] = re.findall(r'role="alert"[^>]*>([^<]*)<', answer.text)
    return said


async def test_a_link_shows_the_job_what_is_stored_and_counts_that_it_did():
    link = await a_link(by=await a_person(name="陈小雨"), shows_name=True)
    answer = await get(link.path)

    assert answer.status_code == 200
    assert '<h1 id="job" lang="en">Night shift agent</h1>' in answer.text
    assert "¥5,000–7,000" in answer.text
    assert "小雨 thought of you" in answer.text
    assert "陈小雨" not in answer.text
    assert "erased 180 days after the last news" in answer.text
    assert (await Link.get()).visit_count == 1


async def test_whose_link_it_is_stands_nowhere_unless_they_want_it():
    link = await a_link(by=await a_person(name="陈小雨"))
    text = (await get(link.path)).text
    assert "小雨" not in text
    assert "A friend thought of you" in text


@pytest.mark.parametrize(
    ("asked", "language", "said"),
    [
        ("zh-CN,zh;q=0.9", "zh-CN", "朋友觉得这份工作适合你"),
        ("zh-TW", "zh-TW", "朋友覺得這份工作適合你"),
        ("fr", "en", "A friend thought of you for this job"),
    ],
)
async def test_the_page_speaks_the_language_of_its_reader(asked, language, said):
    answer = await get((await a_link()).path, asked)
    assert f'<html lang="{language}">' in answer.text
    assert said in answer.text


async def test_a_reader_chooses_another_language():
    link = await a_link()
    [place] = re.findall(r'href="([^"]*)" lang="zh-TW"', (await get(link.path)).text)
    assert '<html lang="zh-TW">' in (await get(place)).text


async def test_a_page_is_small_and_lets_nothing_run_and_nothing_in():
    answer = await get((await a_link()).path)
    policy = answer.headers["content-security-policy"]
    assert len(answer.content) < 20_000
    assert "<script" not in answer.text
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert re.search(r"style-src 'sha256-[\w+/=]+';", policy)
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_what_hr_wrote_is_shown_and_never_run():
    link = await a_link(await an_opening(title="<b>Agent</b>", about="a < b\n{{ 7 * 7 }}"))
    text = (await get(link.path)).text
    assert "&lt;b&gt;Agent&lt;/b&gt;" in text
    assert "a &lt; b\n{{ 7 * 7 }}" in text


async def test_a_link_that_leads_nowhere_says_so():
    answer = await get("/r/abcdefghjkmn", "zh-CN")
    assert answer.status_code == 404
    assert "请向朋友再要一次" in answer.text


async def test_without_consent_no_code_is_sent():
    link = await a_link()
    answer = await post(link.path, {"phone": "13800138000"})
    assert answer.status_code == 422
    assert fault(answer) == "Please agree first; without that we store nothing."
    assert 'value="13800138000"' in answer.text
    assert not await SmsCode.exists()


async def test_before_the_phone_is_confirmed_nothing_is_stored_that_could_be_read():
    link = await a_link()
    place = await a_ticket(link, "13800138000")
    assert not await Candidate.exists()
    kept = await SmsCode.get()
    assert {len(kept.phone), len(kept.code)} == {64}
    assert "13800138000" not in place
    page = await get(place)
    assert "+86 **** 8000" in page.text
    assert "13800138000" not in page.text


async def test_a_candidate_applies_with_two_consents_and_has_a_page_of_their_own():
    link, phone = await a_link(), a_phone()
    place = await apply(link, phone, shares_stage="yes")

    candidate = await Candidate.get()
    assert candidate.details == ("Wang Fang", phone, "")
    assert (candidate.shares_stage, candidate.consent_version) == (True, 1)
    assert (await Referral.get()).state is ClaimState.LIVE
    page = await get(place)
    assert page.status_code == 200
    assert "Received" in page.text
    assert f"Wang Fang · +86 **** {phone[-4:]}" in page.text
    assert "Wu Min, 028 5550 1234" in page.text
    assert "Your friend sees roughly how far you are." in page.text


async def test_the_second_consent_is_apart():
    await apply(await a_link(), a_phone())
    assert (await Candidate.get()).shares_stage is False


async def test_a_button_that_is_pressed_twice_has_the_same_answer():
    link, phone = await a_link(), a_phone()
    place = await a_ticket(link, phone)
    await a_code(phone)
    said = {"code": CODE, "name": "Wang Fang"}
    answers = [await post(place, said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await Event.filter(name="candidate.applied").count() == 1
    assert (await post(place, said | {"code": "000000"})).status_code == 401
    other = await a_ticket(link, phone)
    assert (await post(other, said)).status_code == 401


async def test_a_wrong_code_says_so_beside_its_field_and_keeps_what_was_typed():
    link, phone = await a_link(), a_phone()
    place = await a_ticket(link, phone)
    await a_code(phone)
    answer = await post(place, {"code": "654321", "name": "Wang Fang"}, {"resume": ("", b"")})
    assert answer.status_code == 401
    assert fault(answer) == "This code is not right, or no longer good."
    assert 'aria-invalid="true" aria-describedby="fault-code"' in answer.text
    assert 'value="Wang Fang"' in answer.text
    assert not await Candidate.exists()


@pytest.mark.parametrize("change", ["link", "time", "text"])
async def test_a_ticket_is_good_for_its_link_and_half_an_hour(change):
    link, other = await a_link(), await a_link()
    place = await a_ticket(link, a_phone())
    if change == "link":
        place = place.replace(link.code, other.code)
    if change == "text":
        place = place.replace("?t=", "?t=A")
    with clock.set_to(clock.now() + timedelta(minutes=31 if change == "time" else 1)):
        answer = await get(place)
    assert answer.status_code == 409
    assert fault(answer) == "Too much time has passed. Please ask for a new code."


@pytest.mark.parametrize(
    ("name", "content", "suffix"),
    [("cv.pdf", PDF, ".pdf"), ("cv.jpg", a_picture(), ".webp")],
    ids=["pdf", "photo"],
)
async def test_a_resume_is_kept_encrypted(name, content, suffix):
    await apply(await a_link(), a_phone(), {"resume": (name, content)})
    candidate = await Candidate.get()
    kept = await storage.current().get(candidate.resume_name)
    assert candidate.resume_name.endswith(suffix)
    assert not kept.startswith((b"%PDF", b"RIFF"))
    assert PDF[:20] not in kept


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90\x00", "Please choose a PDF, or a photo of your résumé."),
        (b"%PDF-1.7 without an end", "This PDF cannot be read. Please choose another one."),
        (
            a_pdf(change=lambda pdf: setattr(pdf.Root, "AA", Dictionary())),
            "This PDF holds a program, a form or an attached file. Please print it into a new PDF.",
        ),
        (PDF[:8] + b" " * 5_000_000 + PDF[8:], "A PDF may have at most 5 MB."),
        (b" " * 11_000_001, "This is too large to send: at most 11 MB."),
    ],
    ids=["program", "cut", "active", "large", "huge"],
)
async def test_what_is_no_resume_stops_the_application_before_anything_is_kept(content, said):
    link, phone = await a_link(), a_phone()
    place = await a_ticket(link, phone)
    await a_code(phone)
    answer = await post(place, {"code": CODE, "name": "Li"}, {"resume": ("cv", content)})
    assert fault(answer) == said
    assert not await Candidate.exists()


async def test_who_has_applied_comes_back_by_their_phone():
    link, phone = await a_link(), a_phone()
    own = await apply(link, phone)
    back = await a_ticket(link, phone, agreed="", returning="yes")
    assert 'name="name"' not in (await get(back)).text
    await a_code(phone)
    answer = await post(back, {"code": CODE})
    assert answer.headers["location"] == own


async def test_who_comes_back_without_having_applied_may_do_so():
    link, phone = await a_link(), a_phone()
    back = await a_ticket(link, phone, agreed="", returning="yes")
    await a_code(phone)
    answer = await post(back, {"code": CODE})
    assert fault(answer) == "Nobody applied for this job with this phone. You can do it here."


async def test_an_outsider_learns_of_no_phone_whose_it_is():
    """Asking once and asking again is the same for a stranger, a colleague and a candidate."""
    link, colleague = await a_link(), await a_person(phone=a_phone())
    applied, stranger = a_phone(), a_phone()
    await apply(link, applied)
    heard = []
    for phone in (applied, colleague.phone, stranger):
        for again in ("", "yes"):
            place = await a_ticket(link, phone, returning=again)
            text = (await get(place)).text
            heard.append((again, re.sub(r"\d{4}|t=[\w%-]+", "", text)))
    assert len({*heard}) == 2


async def test_a_colleague_who_applies_hears_what_everybody_hears():
    link, colleague = await a_link(), await a_person(phone=a_phone())
    pages = []
    for phone in (colleague.phone, a_phone()):
        own = await apply(link, phone)
        text = (await get(own)).text
        pages.append(text.replace(urlsplit(own).path, "").replace(phone[-4:], ""))
    assert {claim.state for claim in await Referral.all()} == {ClaimState.LIVE, ClaimState.REFUSED}
    assert pages[0] == pages[1]


async def test_codes_to_one_phone_are_few_and_one_address_may_not_ask_for_ever():
    link, phone = await a_link(), a_phone()
    for _ in range(3):
        await a_ticket(link, phone)
    assert await SmsCode.all().count() == 1
    for _ in range(57):
        await post(link.path, {"phone": phone, "agreed": "yes"})
    answer = await post(link.path, {"phone": phone, "agreed": "yes"})
    assert answer.status_code == 503
    assert fault(answer).startswith("Too many tries.")


async def test_from_one_address_so_many_forms_are_read_in_a_minute():
    link, phone = await a_link(), a_phone()
    place = await a_ticket(link, phone)
    for _ in range(30):
        assert (await post(place, {"code": "000000"})).status_code == 422
    answer = await post(place, {"code": "000000"})
    assert (answer.status_code, fault(answer)[:15]) == (503, "Too many tries.")


async def test_a_closed_opening_takes_no_application():
    link, phone = await a_link(), a_phone()
    place = await a_ticket(link, phone)
    await Opening.filter(id=link.opening_id).update(state=OpeningState.CLOSED)
    await a_code(phone)
    assert "Nobody can apply for this job just now." in (await get(link.path)).text
    answer = await post(place, {"code": CODE, "name": "Li"}, {"resume": ("", b"")})
    assert answer.status_code == 409
    assert not await Candidate.exists()


async def test_candidates_decide_whether_their_friend_sees_how_far_they_are():
    own = await apply(await a_link(), a_phone())
    for act, shares in (("share", True), ("share", True), ("stop_sharing", False)):
        answer = await post(own, {"act": act})
        assert answer.headers["location"] == own
        assert (await Candidate.get()).shares_stage is shares
    assert await Event.filter(name="candidate.chose").count() == 2


async def test_candidates_step_back_and_come_again():
    link, phone = await a_link(), a_phone()
    own = await apply(link, phone)
    for _ in range(2):
        await post(own, {"act": "withdraw"})
    assert (await Candidate.get()).stage is Stage.WITHDRAWN
    assert await Event.filter(name="candidate.withdrew").count() == 1
    assert "You stepped back." in (await get(own)).text

    with clock.set_to(clock.now() + timedelta(minutes=2)):
        assert await apply(link, phone) == own
    assert (await Candidate.get()).stage is Stage.APPLIED
    assert await Event.filter(name="candidate.returned").count() == 1


async def test_candidates_erase_what_names_them_at_once_and_that_somebody_applied_stays():
    own = await apply(await a_link(), a_phone(), {"resume": ("cv.pdf", PDF)})
    name = (await Candidate.get()).resume_name
    answer = await post(own, {"act": "erase"})

    assert "Everything is erased" in (await get(answer.headers["location"])).text
    assert (await get(own)).status_code == 404
    candidate = await Candidate.get()
    left = (candidate.sealed, candidate.phone_hash, candidate.secret, candidate.resume_key)
    assert left == (None, None, None, None)
    assert candidate.stage is Stage.WITHDRAWN
    assert not await storage.current().exists(name)
    claim = await Referral.get()
    assert (claim.state, claim.phone_hash) == (ClaimState.ENDED, None)
    assert await Event.filter(name="candidate.erased").count() == 1


async def test_candidates_have_a_copy_of_all_that_is_held():
    phone = a_phone()
    own = await apply(await a_link(), phone, {"resume": ("cv.pdf", PDF)}, former_number="E12")
    id = (await Candidate.get()).id
    await stages.move(id, Move(Stage.DECLINED, "No night shifts"), by=await an_hr())
    parts = urlsplit(own)
    answer = await get(f"{parts.path}/copy?{parts.query}")

    with ZipFile(BytesIO(answer.content)) as copy:
        held = orjson.loads(copy.read("data.json"))
        assert b"plays the pipa" in copy.read("resume.pdf")
    assert held["you"] == {"name": "Wang Fang", "phone": phone, "former_number": "E12"}
    assert held["job"]["title"] == "Night shift agent"
    assert held["application"]["stage"] == "DECLINED"
    assert [(step["stage"], step["reason"]) for step in held["steps"]] == [
        ("DECLINED", "No night shifts")
    ]
    assert held["brought_by_friends"][0]["state"] == "LIVE"
    assert "secret" not in str(held)


async def test_a_resume_is_sent_later_or_again_when_it_was_lost():
    own = await apply(await a_link(), a_phone())
    files = {"resume": ("cv.pdf", PDF)}
    for is_lost in (True, True, False):
        assert "Send my résumé" in (await get(own)).text
        assert (await post(own, {"act": "resume"}, files)).headers["location"] == own
        assert "Send a newer one instead" in (await get(own)).text
        if is_lost:
            await storage.current().delete((await Candidate.get()).resume_name)
            assert (await get(own.replace("?", "/copy?"))).status_code == 200


async def test_what_is_no_resume_leaves_the_one_before_where_it_is():
    own = await apply(await a_link(), a_phone(), {"resume": ("cv.pdf", PDF)})
    before = (await Candidate.get()).resume_name
    for content in (b"MZ", b""):
        answer = await post(own, {"act": "resume"}, {"resume": ("cv", content)})
        assert answer.status_code == 422
        assert fault(answer) == "Please choose a PDF, or a photo of your résumé."
        assert 'aria-invalid="true" aria-describedby="fault-resume resume-hint"' in answer.text
    assert (await Candidate.get()).resume_name == before
    assert await storage.current().exists(before)


@pytest.mark.parametrize("said", ["text/plain", "application/json", ""])
async def test_what_is_no_form_does_nothing(said):
    own = await apply(await a_link(), a_phone())
    async with client() as http:
        answer = await http.post(own, content=b"act=erase", headers={"content-type": said})
    assert answer.status_code == 422
    assert fault(answer) == "This did not arrive whole. Please try again."
    assert (await Candidate.get()).erased_at is None


@pytest.mark.parametrize("code", ["x" * 17, "x" * 5000, "签名"])
async def test_what_is_no_code_leads_nowhere(code):
    for beyond in ("", "/confirm", "/me/x", "/me/x/copy"):
        assert (await get(f"/r/{code}{beyond}")).status_code == 404


async def test_what_nobody_can_see_is_not_kept():
    await apply(await a_link(), a_phone(), name="Wang\x00\u202e  Fang\n", former_number="㍿" * 40)
    assert (await Candidate.get()).details.name == "Wang Fang"


async def test_nobody_without_the_secret_sees_a_candidates_page():
    own = await apply(await a_link(), a_phone())
    other = own.replace("/me/", "/me/A")
    assert (await get(other)).status_code == 404
    assert (await post(other, {"act": "erase"})).status_code == 404
    assert (await Candidate.get()).erased_at is None


async def test_what_is_shown_after_a_redirect_stays_in_the_readers_language():
    link = await a_link()
    answer = await post(f"{link.path}?lang=zh-TW", {"phone": a_phone(), "agreed": "yes"})
    assert parse_qs(urlsplit(answer.headers["location"]).query)["lang"] == ["zh-TW"]


async def test_hr_fetches_a_resume_by_a_link_of_minutes_and_that_is_recorded():
    await apply(await a_link(), a_phone(), {"resume": ("cv.pdf", PDF)})
    id, hr = node("candidate", await Candidate.get()), await an_hr()
    assert (await send("OpenResume", by=await a_person(), candidate=id))["code"] == "NOT_YOURS"
    assert not await AuditEntry.filter(name="resume.read").exists()

    url = (await send("OpenResume", by=hr, candidate=id))["resumeLink"]["url"]

    answer = await get(url)
    assert b"plays the pipa" in answer.content
    assert answer.headers["content-disposition"] == 'attachment; filename="resume.pdf"'
    assert (await AuditEntry.get(name="resume.read")).by_id == hr.id
    with clock.set_to(clock.now() + timedelta(minutes=21)):
        assert (await get(url)).status_code == 403


async def test_where_there_is_no_resume_nothing_is_recorded():
    await apply(await a_link(), a_phone())
    id = node("candidate", await Candidate.get())
    assert (await send("OpenResume", by=await an_hr(), candidate=id))["code"] == "NO_RESUME"
    assert not await AuditEntry.filter(name="resume.read").exists()
