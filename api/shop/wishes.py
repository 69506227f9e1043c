"""Wishes: what the viewer saves for."""

from datetime import datetime

from api.shop.rewards import Reward
from api.views import Node, batch, view
from gamify.shop import rewards, wishes


@view(wishes.Wish)
class Wish(Node):
    wished_at: datetime
    reward: Reward = batch(rewards.by_id, key="reward_id")
