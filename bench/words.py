"""What people of the benchmark are called, and what they say."""

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 秀英 建国 小红 海燕 志强 雨桐"

SAID = (
    "客户今天第三次来电问退款，系统里还是显示处理中，有人知道要多久吗？",
    "The new knowledge page on refunds is good, the part about partial orders most of all.",
    "先道歉，再复述一遍问题，最后给出明确的时间，这样十有八九就不会升级投诉了。",
    "Night shift tip: the coffee machine on the third floor is the only one that is filled.",
    "有客户坚持要找主管，我按流程登记了回电，半小时内解决了。",
    "I ask for the order number before anything else; it saves a minute on every call.",
    "如果对方一直不说话，可以说：我在听，您慢慢讲。多数人会平静下来。",
    "Does anybody know why the ticket form asks for the postcode twice since Monday?",
    "感谢昨天帮我接线的同事，那通电话我真的撑不住了。",
    "It helps to write the amount down while they speak, then to read it back slowly.",
    "新人同事可以先看一下置顶的退换货流程，里面有常见的例外情况。",
)


def name(number: int) -> str:
    names = GIVEN.split()
    return SURNAMES[number % len(SURNAMES)] + names[number // len(SURNAMES) % len(names)]


def sentences(number: int, count: int) -> str:
    return " ".join(SAID[(number * 3 + n) % len(SAID)] for n in range(count))
