"""The viewer: what one sees of oneself alone."""

from datetime import date, datetime

import strawberry

from api.badges import progress
from api.badges.awards import Award
from api.badges.progress import BadgeProgress, Streak
from api.carelines import CareLine
from api.connections import Connection
from api.context import Context
from api.experts import Expert
from api.figures import DayFigures
from api.goals import Goal
from api.groups import Group
from api.mutes import MutedThread
from api.notice_settings import NoticeSetting
from api.notices import Notice
from api.people import Person
from api.points import Points
from api.pulses import Pulse
from api.quiet_hours import QuietHours
from api.referrals import Referral
from api.roots import query
from api.sessions import Session
from api.shifts import Shift
from api.shop.redemptions import Redemption
from api.shop.wishes import Wish
from api.teams import LedTeam
from api.views import ROW, batch, itself, view
from community import (
    blocks,
    buddies,
    carelines,
    experts,
    helped,
    listeners,
    mutes,
    pulses,
    teams,
)
from core import erasures, pauses, people, privacy
from core.identity import sessions
from core.messaging import notice_settings, notices, quiet, quiet_hours
from core.people import Grant
from core.rosters import shifts
from gamify import points
from gamify.badges import awards, streaks
from gamify.boards import goals, hidden_names
from gamify.measures import figures
from gamify.shop import redemptions, wishes
from referrals import claims

strawberry.enum(Grant)


@view(people.Person)
class Viewer:
    person: Person = itself()
    buddy: Person | None = batch(buddies.of)
    newcomers: list[Person] = batch(buddies.newcomers)
    led_teams: list[LedTeam] = batch(teams.led, key=ROW)
    expertise: list[Expert] = batch(experts.standing)
    points: Points = batch(points.balances)
    figures: list[DayFigures] = batch(figures.of)
    goals: list[Goal] = batch(goals.of)
    referrals: Connection[Referral] = batch(claims.of)
    is_hidden_on_boards: bool = batch(hidden_names.are_hidden)
    awards: Connection[Award] = batch(awards.own)
    badge_progress: list[BadgeProgress] = batch(progress.of, key=ROW)
    streak: Streak = batch(streaks.of)
    entrusted_redemptions: Connection[Redemption] = batch(redemptions.entrusted)
    redemptions: Connection[Redemption] = batch(redemptions.of)
    wishes: Connection[Wish] = batch(wishes.of)
    pulse: Pulse = batch(pulses.of)
    shifts: list[Shift] = batch(shifts.of)
    quiet_hours: QuietHours = batch(quiet_hours.of)
    quiet_until: datetime | None = batch(quiet.now)
    listens_in: list[Group] = batch(listeners.groups_of, key=ROW)
    helped_count: int = batch(helped.counts, key=ROW)
    paused_until: date | None = batch(pauses.until)
    unread_notice_count: int = batch(notices.unread_counts)
    notices: Connection[Notice] = batch(notices.of)
    notice_settings: list[NoticeSetting] = batch(notice_settings.of)
    care_lines: Connection[CareLine] = batch(carelines.own, key=ROW)
    blocked_people: Connection[Person] = batch(blocks.of)
    muted_threads: Connection[MutedThread] = batch(mutes.threads)
    grants: list[Grant] = batch(people.grants, key=ROW)
    sessions: list[Session] = batch(sessions.of)
    erasure_asked_at: datetime | None = batch(erasures.asked_by_themselves)
    has_accepted_privacy_notice: bool = batch(privacy.accepted)


@query(Viewer | None)
async def viewer(context: Context) -> people.Person | None:
    """Who is asking; null if nobody is signed in."""
    return context.viewer
