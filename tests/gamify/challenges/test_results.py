from core import events
from core.messaging.announcements import Announcement
from tests.community.test_announcements import delivered
from tests.core.makers import chosen
from tests.gamify.challenges.makers import a_challenge


async def test_robots_say_once_that_a_challenge_is_over_and_nobodys_name():
    with chosen(wecom_robot="https://robots.example.com/hook?key=k"):
        challenge = await a_challenge(title="A kind week")
        for _ in range(2):
            await events.record("challenge.closed", challenge=challenge.id)
        await delivered()
    [said] = await Announcement.all().values_list("words", flat=True)
    assert said == "挑战赛“A kind week”结束了，打开茶水间看看结果吧。"
