"""The console as a channel: for development, where no push service is set up."""

from core.messaging.channels import Message, Target


class Console:
    async def send(self, target: Target, message: Message) -> None:
        print(f"Push: {message.text}", flush=True)  # noqa: T201  # its purpose
