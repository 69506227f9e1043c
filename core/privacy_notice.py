"""The privacy notice: what is stored about people here, in words for them."""

# ruff: noqa: E501  # a line is a paragraph
from core.text import Text

VERSION = 2  # one more whenever what the notice says changes

NOTICE = Text(
    """\
What Breakroom stores about you, and who sees it

From HR we have your employee number, name, team, phone, and when and how you were hired.
From you: what you post, comment and react to, your points and prizes, and the devices on which you are signed in (with the day of their last use, not the hour).

Colleagues see what you write under your name. What you write unseen in a support group shows an alias. Other people, HR, supervisors and administrators cannot see who is behind it. Only to help someone in danger can two counsellors find out together, or one at once if it cannot wait and a second reviews it; each such case is recorded with its reason. After 180 days nobody can. Whoever runs the machines and holds their keys could break this technically; they are bound not to. HR can let you set a new password and could misuse that, but not unseen: you are then signed out everywhere, and it is recorded.

Nothing here is used to appraise or discipline you. Figures about groups are shown only for five people or more, about mood for ten or more.

You can fetch a copy of everything that is yours here, and ask HR to correct it. After you leave you cannot sign in any more, and after {days} days at the latest your name, number, phone, pictures and settings, and what you wrote to yourself alone, are erased; if you want, you can ask in the app that this is done sooner. What you wrote to others stays, by "a former colleague", and points stay as sums. Backups are kept a little longer.
""",
    """\
茶水间存了你的哪些信息，谁能看到

来自人事：工号、姓名、班组、手机号，以及入职的时间和渠道。
来自你：你的帖子、评论和回应，积分和奖品，以及登录过的设备（只记最后使用的日期，不记时间）。

署名发布的内容，同事能看到是你。在倾诉小组里匿名发布的内容只显示化名，其他人、人事、主管和管理员都看不到是谁。只有为了帮助处于危险中的人，才能由两位咨询师共同同意后查看；情况紧急时可由一位先查看，再由另一位复核。每一次都要说明理由并留下记录。180 天之后谁也查不到。掌管服务器和密钥的人在技术上有可能做到，但他们有义务不这样做。人事可以发激活码让你重设密码，这有可能被滥用，但瞒不过你：你的所有设备都会退出登录，并且留有记录。

这里的任何内容都不会用于考核或处分。统计数字至少涉及五人才会显示，情绪方面至少十人。

你可以随时下载属于你的全部数据，并向人事要求更正。离职之后将无法再登录；最迟 {days} 天后，你的姓名、工号、手机号、照片和设置，以及只写给自己看的内容都会被删除；你也可以在应用里申请提前删除。写给大家看的内容会保留，署名变为“已离职的同事”，积分只保留总数。备份会再多保留一小段时间。
""",
    """\
茶水間存了你的哪些資訊，誰能看到

來自人事：工號、姓名、班組、手機號碼，以及到職的時間和管道。
來自你：你的貼文、留言和回應，積分和獎品，以及登入過的裝置（只記最後使用的日期，不記時間）。

具名發布的內容，同事能看到是你。在傾訴小組裡匿名發布的內容只顯示化名，其他人、人事、主管和管理員都看不到是誰。只有為了幫助處於危險中的人，才能由兩位諮商師共同同意後查看；情況緊急時可由一位先查看，再由另一位複核。每一次都要說明理由並留下紀錄。180 天之後誰也查不到。掌管伺服器和金鑰的人在技術上有可能做到，但他們有義務不這樣做。人事可以發啟用碼讓你重設密碼，這有可能被濫用，但瞞不過你：你的所有裝置都會登出，並且留有紀錄。

這裡的任何內容都不會用於考核或處分。統計數字至少涉及五人才會顯示，情緒方面至少十人。

你可以隨時下載屬於你的全部資料，並向人事要求更正。離職之後將無法再登入；最遲 {days} 天後，你的姓名、工號、手機號碼、照片和設定，以及只寫給自己看的內容都會被刪除；你也可以在應用程式裡申請提前刪除。寫給大家看的內容會保留，署名改為「已離職的同事」，積分只保留總數。備份會再多保留一小段時間。
""",
)
