"""Phones: one spelling (E.164) for however people write their number."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from core import settings
from core.errors import Invalid
from core.text import Text

# Carriers open new prefixes faster than the library hears of them.
CHINESE_MOBILE = re.compile(r"\+861[3-9]\d{9}", re.ASCII)


class NotAPhone(Invalid):
    text = Text(
        "“{phone}” is no phone number.",
        "“{phone}”不是有效的电话号码。",
        "「{phone}」不是有效的電話號碼。",
    )


def e164(typed: str) -> str:
    """`138 0013 8000` is +8613800138000 where the settings say CN. Raises NotAPhone."""
    try:
        number = phonenumbers.parse(typed, settings.current().phone_region)
    except NumberParseException:
        raise NotAPhone(phone=typed) from None
    spelled = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not _possible(number, spelled):
        raise NotAPhone(phone=typed)
    return spelled


def _possible(number: PhoneNumber, spelled: str) -> bool:
    if number.extension:
        return False
    return bool(CHINESE_MOBILE.fullmatch(spelled)) or phonenumbers.is_valid_number(number)
