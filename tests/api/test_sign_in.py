from uuid import uuid4

import pytest

from core import clock
from core.identity import activation_codes, sms
from core.identity.sessions import Session
from core.people import Grants
from tests.core.makers import PASSWORD, an_account
from tests.makers import a_person, a_token, send

NEW, WRONG = "an even quieter one", "not the one"


async def a_code(gateway, **given) -> str:
    await send("RequestCode", phone="13800138000", **given)
    await sms.drain()
    text: str = gateway.bodies[0]["text"]
    return text.split("code is ")[1][:6]


async def test_a_newcomer_gets_in_and_stays_in():
    newcomer = await a_person(name="Ann", number="E1002003")
    hr = await a_person(grants=Grants.HR)

    issued = await send("IssueActivationCode", by=hr, person=f"person_{newcomer.id.hex}")
    entered = await send(
        "Activate", number="E1002003", code=issued["code"], password=NEW, device="Ann's phone"
    )
    account = await send("Account", token=entered["token"])
    again = await send("SignIn", number="E1002003", password=NEW, device="Ann's tablet")

    assert entered["person"] == {"id": f"person_{newcomer.id.hex}", "name": "Ann"}
    assert account["person"]["number"] == "E1002003"
    assert account["hasAcceptedPrivacyNotice"] is False
    today = clock.business_date().isoformat()
    [session] = account["sessions"]
    assert session.pop("signedInAt")
    assert session == {
        "id": entered["session"]["id"],
        "device": "Ann's phone",
        "lastUsedOn": today,
        "isCurrent": True,
    }
    assert again["session"] | {"id": ""} == {"id": "", "device": "Ann's tablet", "isCurrent": True}
    assert again["person"]["number"] == "E1002003"


async def test_a_forgotten_password_is_replaced_by_a_code_on_the_phone(sms_gateway):
    ann = await an_account(phone="+8613800138000")
    before = await send("SignIn", number=ann.number, password=PASSWORD, device="lost")

    asked = await send("RequestCode", phone="138 0013 8000")
    await sms.drain()
    code = sms_gateway.bodies[0]["text"].split("code is ")[1][:6]
    after = await send("ResetPassword", number=ann.number, code=code, password=NEW, device="new")

    assert asked == {"goodFor": 300, "againAfter": 60}
    assert await send("Account", token=before["token"]) is None
    assert [s["device"] for s in (await send("Account", token=after["token"]))["sessions"]] == [
        "new"
    ]


async def test_the_code_comes_in_the_language_of_the_phone(sms_gateway):
    await a_person(phone="+8613800138000")
    await send("RequestCode", phone="13800138000", language="zh-TW")
    await sms.drain()
    assert sms_gateway.bodies[0]["text"].startswith("【茶水間】驗證碼 ")


async def test_two_who_share_a_phone_are_asked_for_the_number(sms_gateway):
    ann, bob = [await a_person(phone="+8613800138000") for _ in range(2)]
    code = await a_code(sms_gateway)
    given = {"phone": "13800138000", "code": code, "device": "phone"}

    shared = await send("SignInWithCode", **given)
    entered = await send("SignInWithCode", number=bob.number, **given)

    assert (shared["code"], shared["kind"]) == ("PHONE_SHARED", "CONFLICT")
    assert entered["person"]["id"] == f"person_{bob.id.hex}"
    assert await Session.all().count() == 1
    assert ann.id != bob.id


@pytest.mark.parametrize("number", ["known", "unknown"])
async def test_known_and_unknown_people_get_the_same_answers(number, sms_gateway):
    await an_account(number="known", phone="+8613800138000")
    phone = {"known": "13800138000", "unknown": "13800138001"}[number]
    answers = [
        await send("SignIn", number=number, password=WRONG, device="phone"),
        await send("Activate", number=number, code="AAAA-BBBB-CCCC", password=NEW, device="phone"),
        await send("ResetPassword", number=number, code="123456", password=NEW, device="phone"),
        await send("SignInWithCode", phone=phone, code="123456", device="phone"),
        await send("RequestCode", phone=phone),
        await send("RequestCode", phone=phone),
    ]
    codes = [answer.get("code") for answer in answers]
    assert codes == ["WRONG_PASSWORD", *["WRONG_CODE"] * 3, None, "TOO_MANY_TRIES"]
    assert {answer["kind"] for answer in answers[:4]} == {"UNAUTHENTICATED"}
    assert answers[5]["kind"] == "BUSY"
    assert 55 <= answers[5]["retryAfter"] <= 60
    assert str(answers[5]["retryAfter"]) in answers[5]["message"]


async def test_too_many_failures_from_one_place_must_wait():
    for _ in range(6):
        await send("SignIn", number=uuid4().hex, password=WRONG, device="phone")
    ann = await an_account()
    refused = await send("SignIn", number=ann.number, password=PASSWORD, device="phone")
    assert refused["code"] == "TOO_MANY_TRIES"
    assert not await Session.exists()


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "PASSWORD_TOO_SHORT"), ("qwertyuiop", "PASSWORD_TOO_COMMON")],
)
async def test_a_bad_password_is_told_before_the_code_is_used(password, code):
    ann = await a_person()
    [letter] = await activation_codes.issue_all([ann])
    given = {"number": ann.number, "code": letter, "device": "phone"}

    assert (await send("Activate", password=password, **given))["code"] == code
    assert (await send("Activate", password=NEW, **given))["token"]


async def test_without_a_gateway_nobody_waits_for_a_code():
    refused = await send("RequestCode", phone="13800138000")
    assert refused["code"] == "SMS_NOT_OFFERED"


@pytest.mark.parametrize(
    ("grants", "code"), [(Grants.NONE, "NOT_YOURS"), (Grants.SUPERVISOR, "NOT_YOURS")]
)
async def test_only_hr_hands_out_activation_codes(grants, code):
    by, newcomer = await a_person(grants=grants), await a_person()
    refused = await send("IssueActivationCode", by=by, person=f"person_{newcomer.id.hex}")
    assert refused["code"] == code


async def test_refusals_come_in_the_language_of_the_reader():
    given = {"number": "nobody", "password": WRONG, "device": "phone"}
    refused = await send("SignIn", language="zh-TW", **given)
    assert refused["message"] == "工號或密碼不正確。"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RequestCode", 16),
        ("SignIn", 14),
        ("SignInWithCode", 10),
        ("Activate", 18),
        ("ResetPassword", 21),
        ("IssueActivationCode", 20),
    ],
)
async def test_getting_in_costs_so_many_statements(statements, sms_gateway, name, expected):
    ann = await an_account(phone="+8613800138000")
    hr = await a_token(await a_person(grants=Grants.HR))
    code = await a_code(sms_gateway)
    [letter] = await activation_codes.issue_all([ann])
    given = {
        "RequestCode": {"phone": "13800138001"},
        "SignIn": {"number": ann.number, "password": PASSWORD, "device": "phone"},
        "SignInWithCode": {"phone": "13800138000", "code": code, "device": "phone"},
        "Activate": {"number": ann.number, "code": letter, "password": NEW, "device": "phone"},
        "ResetPassword": {"number": ann.number, "code": code, "password": NEW, "device": "phone"},
        "IssueActivationCode": {"person": f"person_{ann.id.hex}", "token": hr},
    }
    statements()
    answer = await send(name, **given[name])
    taken = statements()
    assert "message" not in answer
    assert len(taken) == expected, [sql[:90] for sql in taken]
