from core import privacy_notice
from tests.makers import a_person, ask, operation, send


async def test_everybody_may_read_the_notice_in_their_language():
    document, name = operation("PrivacyNotice")
    for language, opening in (("en", "What Breakroom"), ("zh-CN", "茶水间"), ("zh-TW", "茶水間")):
        answer = await ask(document, name=name, language=language)
        notice = answer["data"]["privacyNotice"]
        assert notice["version"] == privacy_notice.VERSION
        assert notice["text"].startswith(opening)


async def test_accepting_it_is_remembered():
    ann = await a_person()
    accepted = await send("AcceptPrivacyNotice", by=ann, version=privacy_notice.VERSION)
    assert accepted == {"viewer": {"hasAcceptedPrivacyNotice": True}}
    assert (await send("Account", by=ann))["hasAcceptedPrivacyNotice"] is True


async def test_an_old_version_cannot_be_accepted():
    ann = await a_person()
    refused = await send("AcceptPrivacyNotice", by=ann, version=0)
    assert refused["code"] == "OUTDATED_NOTICE"
    assert (await send("Account", by=ann))["hasAcceptedPrivacyNotice"] is False
