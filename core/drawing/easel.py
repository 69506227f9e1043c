"""The easel: pictures are drawn one at a time, beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec

P = ParamSpec("P")


async def drawn(draw: Callable[P, bytes], *args: P.args, **kwargs: P.kwargs) -> bytes:
    """What `draw` makes, as soon as it is its turn."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_one_at_a_time, partial(draw, *args, **kwargs))


_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
