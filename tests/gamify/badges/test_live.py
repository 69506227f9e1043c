"""Badges, live: what one wins is there at once, and after a reconnect once more."""

import pytest

from core.messaging import notices
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import News, Notice
from gamify.badges.awards import Award
from gamify.badges.criteria import Level, Tally
from tests.gamify.badges.makers import a_badge, a_deed, deliver
from tests.makers import a_person, node, operation
from tests.phones import calling
from tests.servers import serving


@pytest.mark.committed
async def test_whoever_wins_a_badge_sees_it_at_once_and_nothing_but_badges():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(1)})
    document, name = operation("BadgeWon")
    beginning = Notice(person_id=ben.id, seq=0).cursor
    async with serving() as server:
        async with calling(server, ben) as phone:
            await phone.ask(document, name, after=beginning)
            await notices.tell(ben.id, News(NoticeKind.POINTS, "", "x", amount=3))
            await a_deed(ben)
            await deliver()
            won = await phone.news()
        assert won["award"]["id"] == node("award", await Award.get())
        assert (won["award"]["badge"]["name"], won["award"]["level"]) == ("Neighbour", "GOLD")
        async with calling(server, ben) as phone:
            await phone.ask(document, name, after=beginning)
            assert await phone.news() == won
