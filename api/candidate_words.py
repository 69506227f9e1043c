"""What the candidate's pages say, in each language."""

# ruff: noqa: E501  # a line is a sentence
from core.text import Language, Text
from referrals.candidates import Stage

WORDS = {
    "house": Text("Breakroom", "茶水间", "茶水間"),
    "languages": Text("Language", "语言", "語言"),
    "error": Text("Not yet", "还差一点", "還差一點"),
    "brought_by": Text(
        "{name} thought of you for this job",
        "{name} 觉得这份工作适合你",
        "{name} 覺得這份工作適合你",
    ),
    "brought": Text(
        "A friend thought of you for this job", "朋友觉得这份工作适合你", "朋友覺得這份工作適合你"
    ),
    "a_month": Text("a month", "每月", "每月"),
    "site": Text("Where", "地点", "地點"),
    "team": Text("Team", "团队", "團隊"),
    "about": Text("The job", "工作内容", "工作內容"),
    "not_open": Text(
        "Nobody can apply for this job just now. If you have applied already, nothing changes for you.",
        "这个职位暂时不接受新的申请。如果你已经申请，不受影响。",
        "這個職缺暫時不接受新的應徵。如果你已經應徵，不受影響。",
    ),
    "apply": Text("Apply in two minutes", "两分钟完成申请", "兩分鐘完成應徵"),
    "privacy": Text("What we store, and for how long", "我们存什么，存多久", "我們存什麼，存多久"),
    "stored": Text(
        "Your name, your phone, your résumé if you send one, and where your application stands. All of it is encrypted.",
        "你的姓名、手机号、简历（如果你上传），以及申请的进度。全部加密保存。",
        "你的姓名、手機號碼、履歷（如果你上傳），以及應徵的進度。全部加密保存。",
    ),
    "seen": Text(
        "Only our recruiters see it, and each look is recorded. Your friend does not, unless you allow it.",
        "只有我们的招聘人员能看到，每次查看都有记录。没有你的同意，朋友看不到。",
        "只有我們的招募人員能看到，每次查看都有紀錄。沒有你的同意，朋友看不到。",
    ),
    "kept": Text(
        "It is erased {days} days after the last news, or at once when you say so on your own page.",
        "最后一次进展之后 {days} 天自动删除；你也可以随时在自己的页面上立即删除。",
        "最後一次進展之後 {days} 天自動刪除；你也可以隨時在自己的頁面上立即刪除。",
    ),
    "agree": Text(
        "I agree that this is stored for my application",
        "我同意为申请保存这些信息",
        "我同意為應徵保存這些資訊",
    ),
    "agree_first": Text(
        "Please agree first; without that we store nothing.",
        "请先勾选同意，否则我们什么都不会保存。",
        "請先勾選同意，否則我們什麼都不會保存。",
    ),
    "phone": Text("Your mobile phone", "手机号", "手機號碼"),
    "phone_hint": Text(
        "We send it a code, to be sure it is yours.",
        "我们会发送验证码，确认是你本人。",
        "我們會傳送驗證碼，確認是你本人。",
    ),
    "send_code": Text("Send me a code", "获取验证码", "取得驗證碼"),
    "applied_already": Text("Applied already?", "已经申请过？", "已經應徵過？"),
    "come_back": Text("See where I stand", "查看我的进度", "查看我的進度"),
    "code_sent": Text(
        "We have sent a code to {phone}. It is good for 5 minutes. If none comes, wait a minute and ask for another.",
        "验证码已发送到 {phone}，5 分钟内有效。如果没有收到，请等一分钟后重新获取。",
        "驗證碼已傳送到 {phone}，5 分鐘內有效。如果沒有收到，請等一分鐘後重新取得。",
    ),
    "almost": Text("Almost there", "还差一步", "還差一步"),
    "code": Text("Code from the message", "短信验证码", "簡訊驗證碼"),
    "name": Text("Your name", "姓名", "姓名"),
    "former": Text(
        "Worked here before? Your employee number then",
        "以前在这里工作过？当时的工号",
        "以前在這裡工作過？當時的工號",
    ),
    "optional": Text("optional", "选填", "選填"),
    "resume": Text("Résumé", "简历", "履歷"),
    "resume_hint": Text(
        "A PDF up to 5 MB, or a photo of it up to 10 MB.",
        "PDF 不超过 5 MB，或照片不超过 10 MB。",
        "PDF 不超過 5 MB，或照片不超過 10 MB。",
    ),
    "resume_here": Text("we have one", "已收到", "已收到"),
    "send_resume": Text("Send my résumé", "上传简历", "上傳履歷"),
    "replace_resume": Text("Send a newer one instead", "换一份新的", "換一份新的"),
    "share": Text(
        "My friend may see roughly how far I am", "允许朋友看到大致进度", "允許朋友看到大致進度"
    ),
    "share_hint": Text(
        "Only “received”, “in progress”, “hired” or “closed”, never a reason. Leave it empty and nothing changes for your chances.",
        "只显示“已收到”“进行中”“已录用”或“已结束”，不显示原因。不勾选也不影响录用。",
        "只顯示「已收到」「進行中」「已錄取」或「已結束」，不顯示原因。不勾選也不影響錄取。",
    ),
    "send": Text("Apply", "提交申请", "送出應徵"),
    "again": Text("Ask for another code", "重新获取验证码", "重新取得驗證碼"),
    "show": Text("Show my page", "打开我的页面", "開啟我的頁面"),
    "expired": Text(
        "Too much time has passed. Please ask for a new code.",
        "时间过得太久了，请重新获取验证码。",
        "時間過得太久了，請重新取得驗證碼。",
    ),
    "not_applied": Text(
        "Nobody applied for this job with this phone. You can do it here.",
        "这个手机号还没有申请过这个职位，你可以在这里申请。",
        "這個手機號碼還沒有應徵過這個職缺，你可以在這裡應徵。",
    ),
    "no_sms": Text(
        "We cannot send codes just now. Please try again later.",
        "暂时无法发送验证码，请稍后再试。",
        "暫時無法傳送驗證碼，請稍後再試。",
    ),
    "your_page": Text("Your application", "我的申请", "我的應徵"),
    "keep": Text(
        "Keep this page: add it to your favourites in WeChat. Or open your friend's link again and confirm your phone.",
        "请收藏本页，方便随时查看。也可以重新打开朋友的链接，验证手机号后进入。",
        "請收藏本頁，方便隨時查看。也可以重新開啟朋友的連結，驗證手機號碼後進入。",
    ),
    "interview": Text("Interview", "面试", "面試"),
    "contact": Text("Who answers you", "联系人", "聯絡人"),
    "since": Text("since {day}", "{day} 起", "{day} 起"),
    "kept_until": Text(
        "Kept until {day}, unless there is news.",
        "保存到 {day}；有新进展则顺延。",
        "保存到 {day}；有新進展則順延。",
    ),
    "shared_now": Text(
        "Your friend sees roughly how far you are.", "朋友能看到大致进度。", "朋友能看到大致進度。"
    ),
    "not_shared": Text(
        "Your friend sees nothing of how far you are.",
        "朋友看不到你的进度。",
        "朋友看不到你的進度。",
    ),
    "share_now": Text("Let my friend see it", "允许朋友查看", "允許朋友查看"),
    "stop_sharing": Text("No longer show it", "不再允许朋友查看", "不再允許朋友查看"),
    "yours": Text("Your data, your say", "你说了算", "由你決定"),
    "download": Text(
        "Download everything you hold about me", "下载我的全部信息", "下載我的全部資訊"
    ),
    "withdraw": Text("Withdraw my application", "撤回申请", "撤回應徵"),
    "withdraw_hint": Text(
        "We stop here. What is stored stays until its date, and you may apply again.",
        "申请到此为止。信息保存到期后删除，你也可以再次申请。",
        "應徵到此為止。資訊保存到期後刪除，你也可以再次應徵。",
    ),
    "withdraw_yes": Text("Yes, withdraw", "确认撤回", "確認撤回"),
    "erase": Text("Erase everything", "删除全部信息", "刪除全部資訊"),
    "erase_hint": Text(
        "Name, phone and résumé go at once, for good, and your application ends.",
        "姓名、手机号和简历立即永久删除，申请同时结束。",
        "姓名、手機號碼和履歷立即永久刪除，應徵同時結束。",
    ),
    "erase_yes": Text("Yes, erase it for good", "确认永久删除", "確認永久刪除"),
    "erased": Text("Everything is erased", "已全部删除", "已全部刪除"),
    "erased_hint": Text(
        "We hold nothing any more that names you. Thank you for your interest, and all the best.",
        "我们不再保存任何能识别你的信息。感谢你的关注，祝一切顺利。",
        "我們不再保存任何能識別你的資訊。感謝你的關注，祝一切順利。",
    ),
    "gone": Text("Nothing is here", "这里什么都没有", "這裡什麼都沒有"),
    "progress": Text("Progress", "进度", "進度"),
    "done": Text("done", "已完成", "已完成"),
    "to_job": Text("Back to the job", "返回职位", "返回職缺"),
}

#: Where an application stands, and what that means.
STAGES = {
    Stage.APPLIED: (
        Text("Received", "已收到", "已收到"),
        Text(
            "Thank you! Somebody will read it soon.",
            "谢谢！我们会尽快查看。",
            "謝謝！我們會儘快查看。",
        ),
    ),
    Stage.SCREENING: (
        Text("Being read", "筛选中", "篩選中"),
        Text(
            "Somebody is reading your application now.",
            "我们正在看你的申请。",
            "我們正在看你的應徵資料。",
        ),
    ),
    Stage.INTERVIEW: (
        Text("Interview", "面试", "面試"),
        Text("We would like to get to know you.", "我们想认识你。", "我們想認識你。"),
    ),
    Stage.OFFER: (
        Text("Offer", "录用意向", "錄取意向"),
        Text(
            "We would like you to join us. The details come from your contact.",
            "我们希望你加入，细节由联系人和你沟通。",
            "我們希望你加入，細節由聯絡人和你溝通。",
        ),
    ),
    Stage.HIRED: (
        Text("Hired", "已录用", "已錄取"),
        Text(
            "Welcome! We look forward to your first day.",
            "欢迎加入！期待你的第一天。",
            "歡迎加入！期待你的第一天。",
        ),
    ),
    Stage.DECLINED: (
        Text("Not this time", "这次没有合适的机会", "這次沒有合適的機會"),
        Text(
            "Thank you for the time you took. We decided for somebody else this time; that says nothing against you, and you are welcome to apply for another job.",
            "谢谢你花的时间。这次我们选择了其他人，这不代表你不够好，欢迎申请其他职位。",
            "謝謝你花的時間。這次我們選擇了其他人，這不代表你不夠好，歡迎應徵其他職缺。",
        ),
    ),
    Stage.WITHDRAWN: (
        Text("Withdrawn", "已撤回", "已撤回"),
        Text(
            "You stepped back. If you change your mind, apply again by your friend's link.",
            "你已撤回申请。如果改变主意，可以通过朋友的链接再次申请。",
            "你已撤回應徵。如果改變主意，可以透過朋友的連結再次應徵。",
        ),
    ),
}


def words(language: Language) -> dict[str, str]:
    return {name: text.to(language) for name, text in WORDS.items()}
