"""The privacy notice: what is stored about people here, in words for them."""

# ruff: noqa: E501  # a line is a paragraph
from core.text import Text

VERSION = 1  # one more whenever what the notice says changes

NOTICE = Text(
    """\
What Breakroom stores about you, and who sees it

From HR we have your employee number, name, team, phone, and when and how you were hired.
From you: what you post, comment and react to, your points and prizes, and the devices on which you are signed in (with the day of their last use, not the hour).

Colleagues see what you write under your name. What you write unseen in a support group shows an alias. Other people, HR, supervisors and administrators cannot see who is behind it. Only to help someone in danger can two counsellors find out together, or one at once if it cannot wait and a second reviews it; each such case is recorded with its reason. After 180 days nobody can. Whoever runs the machines and holds their keys could break this technically; they are bound not to. HR can let you set a new password and could misuse that, but not unseen: you are then signed out everywhere, and it is recorded.

Nothing here is used to appraise or discipline you. Figures about groups are shown only for five people or more, about mood for ten or more.

You may ask HR to see, correct or erase what is stored about you. After you leave you cannot sign in any more.
""",
    """\
茶水间存了你的哪些信息，谁能看到

来自人事：工号、姓名、班组、手机号，以及入职的时间和渠道。
来自你：你的帖子、评论和回应，积分和奖品，以及登录过的设备（只记最后使用的日期，不记时间）。

署名发布的内容，同事能看到是你。在倾诉小组里匿名发布的内容只显示化名，其他人、人事、主管和管理员都看不到是谁。只有为了帮助处于危险中的人，才能由两位咨询师共同同意后查看；情况紧急时可由一位先查看，再由另一位复核。每一次都要说明理由并留下记录。180 天之后谁也查不到。掌管服务器和密钥的人在技术上有可能做到，但他们有义务不这样做。人事可以发激活码让你重设密码，这有可能被滥用，但瞒不过你：你的所有设备都会退出登录，并且留有记录。

这里的任何内容都不会用于考核或处分。统计数字至少涉及五人才会显示，情绪方面至少十人。

你可以向人事要求查看、更正或删除关于你的信息。离职之后将无法再登录。
""",
    """\
茶水間存了你的哪些資訊，誰能看到

來自人事：工號、姓名、班組、手機號碼，以及到職的時間和管道。
來自你：你的貼文、留言和回應，積分和獎品，以及登入過的裝置（只記最後使用的日期，不記時間）。

具名發布的內容，同事能看到是你。在傾訴小組裡匿名發布的內容只顯示化名，其他人、人事、主管和管理員都看不到是誰。只有為了幫助處於危險中的人，才能由兩位諮商師共同同意後查看；情況緊急時可由一位先查看，再由另一位複核。每一次都要說明理由並留下紀錄。180 天之後誰也查不到。掌管伺服器和金鑰的人在技術上有可能做到，但他們有義務不這樣做。人事可以發啟用碼讓你重設密碼，這有可能被濫用，但瞞不過你：你的所有裝置都會登出，並且留有紀錄。

這裡的任何內容都不會用於考核或處分。統計數字至少涉及五人才會顯示，情緒方面至少十人。

你可以向人事要求查看、更正或刪除關於你的資訊。離職之後將無法再登入。
""",
)
